import type { Evidence, Tier } from "../../links/link.ts";
import type { Database } from "../database.ts";
import type { SessionRef } from "./refs.ts";

/** A session that a commit is linked with. */
export interface SessionOfCommit extends SessionRef {
  tier: Tier;
  /** From 0 to 1. */
  confidence: number;
  /** The share of the commit's lines that the session wrote, from 0 to 1; null where no lines tell. */
  share: number | null;
  evidence: Evidence[];
}

interface LinkRow extends SessionRef {
  commit_id: number;
  tier: Tier;
  confidence: number;
  share: number | null;
  evidence: string;
}

/** Reads the sessions of several commits at once, by the commits' row ids; the surest come first. */
export function linksOfCommits(db: Database, ids: number[]): Map<number, SessionOfCommit[]> {
  const byCommit = new Map<number, SessionOfCommit[]>();
  if (ids.length === 0) return byCommit;
  const rows = db.all<LinkRow>(
    `SELECT l.commit_id, s.session_id AS sessionId, coalesce(s.title, s.first_message) AS title,
      l.tier, l.confidence, l.share, l.evidence
    FROM json_each(?) AS wanted
    JOIN session_commits l ON l.commit_id = wanted.value
    JOIN sessions s ON s.id = l.session_id
    ORDER BY l.confidence DESC, l.session_id`,
    JSON.stringify(ids),
  );
  for (const { commit_id, evidence, ...link } of rows) {
    const sessions = byCommit.get(commit_id) ?? [];
    sessions.push({ ...link, evidence: JSON.parse(evidence) });
    byCommit.set(commit_id, sessions);
  }
  return byCommit;
}
