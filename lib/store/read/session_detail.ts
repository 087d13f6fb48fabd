import type { SessionId } from "../../domain/ids.ts";
import type { Evidence, Tier } from "../../domain/links.ts";
import type { Database } from "../database.ts";
import {
  COMMIT_COLUMNS,
  COMMIT_TABLES,
  type CommitRow,
  commitSummaries,
  type CommitSummary,
} from "./commit_list.ts";
import { type FileLocation, locationOf } from "./file_location.ts";
import { iso } from "./page.ts";
import {
  SESSION_COLUMNS,
  SESSION_TABLES,
  type SessionRow,
  type SessionSummary,
  sessionSummary,
} from "./session_list.ts";
import { promptsOf, type SessionPrompt, type WorkCounts } from "./session_prompts.ts";
import { countSurvivingLines, type LineCounts } from "./surviving_counts.ts";

/** A stretch of a session, ISO 8601 in UTC. */
export interface ActivityRange {
  startedAt: string;
  endedAt: string;
}

/** A commit that a session is linked with, and why. */
export interface CommitOfSession extends CommitSummary {
  linkTier: Tier;
  /** From 0 to 1. */
  confidence: number;
  /** The share of the commit's lines that the session wrote, from 0 to 1; null where no lines tell. */
  share: number | null;
  evidence: Evidence[];
}

/** One file of a session's transcript. */
export interface TranscriptFile {
  path: string;
  bytes: number;
  lines: number;
  /** Lines that were not used, by reason. */
  skipped: Record<string, number>;
  failure: string | null;
  /** When the file was found deleted, ISO 8601; null while it is there. */
  goneAt: string | null;
}

/** A session with everything its page shows. Times are ISO 8601 in UTC. */
export interface SessionDetail extends SessionSummary {
  lastMessage: string | null;
  cwds: string[];
  /** How often each tool was used. */
  tools: Record<string, number>;
  forkedFrom: SessionId | null;
  activities: ActivityRange[];
  /** What was done before the first prompt, or without any. */
  workBefore: WorkCounts;
  prompts: SessionPrompt[];
  /** How many prompts to skip for the next ones; null where these are the last. */
  nextPrompts: number | null;
  /** Lines that it wrote, as far as commits hold them. */
  lines: LineCounts;
  /** Linked commits by author time. */
  commits: CommitOfSession[];
  transcripts: TranscriptFile[];
  /** Lines of all its transcript files that were not used. */
  skippedLines: number;
  /** Sessions that were at work in the same project while this one was. */
  openAtTheTime: SessionSummary[];
}

interface DetailRow extends SessionRow {
  id: number;
  last_message: string | null;
  cwds: string;
  tools: string;
  forked_from: SessionId | null;
}

const OPEN_SESSIONS = 20;

/**
 * Reads a session by its id; undefined where there is none.
 *
 * @param options.skipPrompts How many prompts to leave out, as `nextPrompts` said. @default {0}
 */
export function getSession(
  db: Database,
  sessionId: string,
  { skipPrompts = 0 }: { skipPrompts?: number } = {},
): SessionDetail | undefined {
  const row = db.get<DetailRow>(
    `SELECT s.id, s.last_message, s.cwds, s.tools, s.forked_from, ${SESSION_COLUMNS}
    FROM ${SESSION_TABLES} WHERE s.session_id = ?`,
    sessionId,
  );
  if (row === undefined) return undefined;
  const transcripts = transcriptsOf(db, row.id);
  return {
    ...sessionSummary(row),
    lastMessage: row.last_message,
    cwds: JSON.parse(row.cwds),
    tools: JSON.parse(row.tools),
    forkedFrom: row.forked_from,
    activities: activitiesOf(db, row.id),
    ...promptsOf(db, row.id, skipPrompts),
    lines: countSurvivingLines(db, { sessionId: sessionId as SessionId }),
    commits: commitsOf(db, row.id),
    transcripts,
    skippedLines: transcripts.reduce(
      (sum, { skipped }) => sum + Object.values(skipped).reduce((a, b) => a + b, 0),
      0,
    ),
    openAtTheTime: openAtTheTime(db, row),
  };
}

function activitiesOf(db: Database, id: number): ActivityRange[] {
  return db.all<{ started_at: number; ended_at: number }>(
    "SELECT started_at, ended_at FROM activities WHERE session_id = ? ORDER BY started_at",
    id,
  ).map((row) => ({ startedAt: iso(row.started_at), endedAt: iso(row.ended_at) }));
}

function commitsOf(db: Database, id: number): CommitOfSession[] {
  type Row = CommitRow & {
    link_tier: Tier;
    confidence: number;
    share: number | null;
    evidence: string;
  };
  const rows = db.all<Row>(
    `SELECT ${COMMIT_COLUMNS}, l.tier AS link_tier, l.confidence, l.share, l.evidence
    FROM session_commits l JOIN ${COMMIT_TABLES}
    WHERE l.session_id = ? AND c.id = l.commit_id ORDER BY c.author_at, c.id`,
    id,
  );
  return commitSummaries(db, rows).map((commit, i) => ({
    ...commit,
    linkTier: rows[i].link_tier,
    confidence: rows[i].confidence,
    share: rows[i].share,
    evidence: JSON.parse(rows[i].evidence),
  }));
}

function transcriptsOf(db: Database, id: number): TranscriptFile[] {
  interface Row {
    path: string;
    bytes: number;
    records: number;
    skipped: string;
    failure: string | null;
    gone_at: number | null;
  }
  return db.all<Row>(
    `SELECT f.path, f.bytes, f.records, f.skipped, f.failure, f.gone_at
    FROM session_parts sp JOIN sources f ON f.id = sp.source_id
    WHERE sp.session_id = ? ORDER BY f.path`,
    id,
  ).map((row) => ({
    path: row.path,
    bytes: row.bytes,
    lines: row.records,
    skipped: JSON.parse(row.skipped),
    failure: row.failure,
    goneAt: iso(row.gone_at),
  }));
}

/** Others of the same project with an activity that overlaps one of this session's. */
function openAtTheTime(db: Database, row: DetailRow): SessionSummary[] {
  if (row.started_at === null || row.ended_at === null || row.project_id === null) return [];
  return db.all<SessionRow>(
    `SELECT ${SESSION_COLUMNS} FROM ${SESSION_TABLES}
    WHERE s.project_id = ?1 AND s.ended_at >= ?2 AND s.started_at <= ?3 AND s.id <> ?4
      AND EXISTS (
        SELECT 1 FROM activities mine JOIN activities theirs ON theirs.session_id = s.id
        WHERE mine.session_id = ?4
          AND theirs.started_at <= mine.ended_at AND theirs.ended_at >= mine.started_at
      )
    ORDER BY s.ended_at, s.id LIMIT ${OPEN_SESSIONS}`,
    row.project_id,
    row.started_at,
    row.ended_at,
    row.id,
  ).map(sessionSummary);
}

/** A file that a session edited. */
export interface SessionFile {
  /** As the transcript spells it. */
  path: string;
  edits: number;
  /** Edits of which at least one line is in a linked commit. */
  landed: number;
  /** The first edit, Unix milliseconds. */
  firstAt: number;
  lastAt: number;
  /** Where it is in a repository; null where none is known that holds it. */
  place: FileLocation | null;
}

/** How many files of a session are read. */
const MOST_FILES = 200;

/** The files that a session edited, the most edited first. Edits copied from another session don't count. */
export function filesOfSession(
  db: Database,
  sessionId: string,
): { files: SessionFile[]; total: number } {
  const rows = db.all<Omit<SessionFile, "place"> & { total: number }>(
    `SELECT e.data ->> '$.path' AS path, count(*) AS edits,
      sum(e.id IN (
        SELECT l.event_id FROM sessions ls JOIN line_ranges l ON l.session_id = ls.id
        WHERE ls.session_id = ?1 AND l.event_id IS NOT NULL
      )) AS landed,
      min(e.at) AS firstAt, max(e.at) AS lastAt, count(*) OVER () AS total
    FROM sessions s JOIN session_events e ON e.session_id = s.id
    WHERE s.session_id = ?1 AND e.kind = 'edit' AND e.owned = 1
    GROUP BY path HAVING path IS NOT NULL ORDER BY edits DESC, path LIMIT ${MOST_FILES}`,
    sessionId,
  );
  return {
    total: rows[0]?.total ?? 0,
    files: rows.map(({ total: _, ...file }) => ({ ...file, place: locationOf(db, file.path) })),
  };
}
