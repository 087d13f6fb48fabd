import type { CommitHash, RepositoryId, SessionId } from "../../ids.ts";
import type { Tier } from "../../links/link.ts";
import type { Database } from "../database.ts";
import type { SessionRef } from "./refs.ts";

/** The session that a commit is most surely linked with. */
export interface BestSession extends SessionRef {
  tier: Tier;
  /** From 0 to 1. */
  confidence: number;
}

interface Row extends BestSession {
  hash: CommitHash;
  sessionId: SessionId;
}

/** Finds the surest session of each of these commits that has any. */
export function sessionsOfHashes(
  db: Database,
  repositoryId: RepositoryId,
  hashes: readonly string[],
): Map<string, BestSession> {
  const best = new Map<string, BestSession>();
  const rows = db.all<Row>(
    `SELECT c.hash, s.session_id AS sessionId, coalesce(s.title, s.first_message) AS title,
      l.tier, l.confidence
    FROM json_each(?) AS wanted
    JOIN commits c ON c.hash = wanted.value AND c.repository_id = ?
    JOIN session_commits l ON l.commit_id = c.id
    JOIN sessions s ON s.id = l.session_id
    ORDER BY l.confidence, l.session_id DESC`,
    JSON.stringify(hashes),
    repositoryId,
  );
  for (const { hash, ...session } of rows) best.set(hash, session);
  return best;
}
