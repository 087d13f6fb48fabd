import type { SessionId } from "../../domain/ids.ts";
import type { Activity, FoldedSession } from "../../domain/session_events.ts";
import type { Database } from "../database.ts";
import { plainName } from "./distinct_names.ts";

/** A session's activities, earliest first. */
function loadActivities(db: Database, session: number): Activity[] {
  return db.all(
    "SELECT started_at AS startedAt, ended_at AS endedAt FROM activities WHERE session_id = ? ORDER BY started_at",
    session,
  );
}

/**
 * Makes a session's activities those given.
 *
 * @returns Whether anything changed.
 */
function saveActivities(
  db: Database,
  session: number,
  activities: readonly Activity[],
): boolean {
  const known = new Map(loadActivities(db, session).map((a) => [a.startedAt, a.endedAt]));
  let changed = false;
  for (const { startedAt, endedAt } of activities) {
    const same = known.get(startedAt) === endedAt;
    known.delete(startedAt);
    if (same) continue;
    changed = true;
    db.run(
      "INSERT OR REPLACE INTO activities (session_id, started_at, ended_at) VALUES (?, ?, ?)",
      session,
      startedAt,
      endedAt,
    );
  }
  for (const startedAt of known.keys()) {
    changed = true;
    db.run("DELETE FROM activities WHERE session_id = ? AND started_at = ?", session, startedAt);
  }
  return changed;
}

/** The number of the project at a folder, which is made known if it was not. */
function projectNumber(db: Database, path: string): number {
  const known = db.get<{ id: number }>("SELECT id FROM projects WHERE path = ?", path);
  return known?.id ??
    db.run("INSERT INTO projects (path, name) VALUES (?, ?)", path, plainName(path)).lastId;
}

/** The number of a session, which is made known if it was not. */
export function sessionNumber(db: Database, agent: string, session: SessionId): number {
  const known = db.get<{ id: number }>(
    "SELECT id FROM sessions WHERE agent = ? AND session_id = ?",
    agent,
    session,
  );
  return known?.id ??
    db.run("INSERT INTO sessions (agent, session_id) VALUES (?, ?)", agent, session).lastId;
}

/** Remembers that a session's parts or events changed, until it is folded again. */
export function markStale(db: Database, session: number): void {
  db.run("UPDATE sessions SET stale = 1 WHERE id = ?", session);
}

/** The numbers of the sessions that are to be folded again. */
export function staleSessions(db: Database): number[] {
  return db.all<{ id: number }>("SELECT id FROM sessions WHERE stale = 1 ORDER BY id")
    .map(({ id }) => id);
}

/** How many sessions are known. */
export function countSessions(db: Database): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM sessions")!.count;
}

interface SessionColumns {
  project_id: number | null;
  title: string | null;
  first_message: string | null;
  last_message: string | null;
  started_at: number | null;
  ended_at: number | null;
  branch: string | null;
  models: string;
  cwds: string;
  tools: string;
  forked_from: string | null;
  external_ids: string;
  worktrees: string;
  message_count: number;
  prompt_count: number;
  edit_count: number;
  commit_count: number;
}

/**
 * Keeps a session as its parts tell it, and settles it.
 *
 * @param at.changed Its parts or events are known to have changed.
 * @param at.counts How many events of each kind it owns.
 * @returns Whether its facts changed; their version is raised then.
 */
export function saveSession(
  db: Database,
  at: { session: number; changed: boolean; counts: Record<string, number> },
  folded: FoldedSession,
): boolean {
  const { session, counts } = at;
  const next: SessionColumns = {
    project_id: folded.project === null ? null : projectNumber(db, folded.project),
    title: folded.title,
    first_message: folded.firstMessage,
    last_message: folded.lastMessage,
    started_at: folded.startedAt,
    ended_at: folded.endedAt,
    branch: folded.branch,
    models: JSON.stringify(folded.models),
    cwds: JSON.stringify(folded.cwds),
    tools: JSON.stringify(folded.tools),
    forked_from: folded.forkedFrom,
    external_ids: JSON.stringify(folded.externalIds),
    worktrees: JSON.stringify(folded.worktrees),
    message_count: folded.messageCount,
    prompt_count: counts.prompt ?? 0,
    edit_count: counts.edit ?? 0,
    commit_count: counts.commit ?? 0,
  };
  const columns = Object.keys(next) as (keyof SessionColumns)[];
  const before = db.get<SessionColumns & { stale: number }>(
    `SELECT ${columns.join(", ")}, stale FROM sessions WHERE id = ?`,
    session,
  );
  const sameRow = columns.every((column) => before?.[column] === next[column]);
  const sameActivities = !saveActivities(db, session, folded.activities);
  if (sameRow && sameActivities && !at.changed) return false;
  db.run(
    `UPDATE sessions SET ${columns.map((column) => `${column} = ?`).join(", ")},
       stale = 0, facts_version = facts_version + 1 WHERE id = ?`,
    ...columns.map((column) => next[column]),
    session,
  );
  return true;
}
