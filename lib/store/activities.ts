import type { Activity } from "../transcripts/activities.ts";
import type { Database } from "./database.ts";

/** A session's activities, earliest first. */
export function loadActivities(db: Database, session: number): Activity[] {
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
export function saveActivities(
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
