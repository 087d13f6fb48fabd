import type { AgentId, SessionId } from "../../domain/ids.ts";
import type { Tier } from "../../domain/links.ts";
import type { Database } from "../database.ts";
import type {
  CommitOfSession,
  SessionDetail,
  SessionFile,
  SessionSource,
  SessionSummary,
} from "../shapes.ts";
import { COMMIT_COLUMNS, COMMIT_TABLES, type CommitRow, commitSummaries } from "./commit_list.ts";
import { locationOf } from "./file_location.ts";
import { iso } from "./page.ts";
import { sessionKey } from "./refs.ts";
import {
  SESSION_COLUMNS,
  SESSION_TABLES,
  type SessionRow,
  sessionSummary,
} from "./session_list.ts";
import { promptsOf } from "./session_prompts.ts";
import { countSurvivingLines } from "./surviving_counts.ts";

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
    FROM ${SESSION_TABLES} WHERE s.id = ?`,
    sessionKey(db, sessionId) ?? -1,
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
    lines: countSurvivingLines(db, { session: row.id }),
    commits: commitsOf(db, row.id),
    transcripts,
    skippedLines: transcripts.reduce(
      (sum, { skipped }) => sum + Object.values(skipped).reduce((a, b) => a + b, 0),
      0,
    ),
    openAtTheTime: openAtTheTime(db, row),
  };
}

function activitiesOf(db: Database, id: number): SessionDetail["activities"] {
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

function transcriptsOf(db: Database, id: number): SessionSource[] {
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
        SELECT event_id FROM line_ranges WHERE session_id = ?1 AND event_id IS NOT NULL
      )) AS landed,
      count(*) OVER () AS total
    FROM session_events e WHERE e.session_id = ?1 AND e.kind = 'edit' AND e.owned = 1
    GROUP BY path HAVING path IS NOT NULL ORDER BY edits DESC, path LIMIT ${MOST_FILES}`,
    sessionKey(db, sessionId) ?? -1,
  );
  return {
    total: rows[0]?.total ?? 0,
    files: rows.map(({ total: _, ...file }) => ({ ...file, place: locationOf(db, file.path) })),
  };
}

/** Which agents sessions are of, by the sessions' ids; those that are not stored are left out. */
export function agentsOf(db: Database, ids: readonly SessionId[]): Map<SessionId, AgentId> {
  const agents = new Map<SessionId, AgentId>();
  for (const id of new Set(ids)) {
    const key = sessionKey(db, id);
    const row = key && db.get<{ agent: AgentId }>("SELECT agent FROM sessions WHERE id = ?", key);
    if (row) agents.set(id, row.agent);
  }
  return agents;
}
