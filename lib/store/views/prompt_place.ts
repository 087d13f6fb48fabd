import type { Database } from "../database.ts";

/** How many prompts of its session come before a prompt; null where the session has no such prompt. */
export function promptsBefore(db: Database, sessionId: string, prompt: number): number | null {
  const row = db.get<{ session_id: number; at: number }>(
    `SELECT e.session_id, e.at FROM session_events e JOIN sessions s ON s.id = e.session_id
    WHERE e.id = ? AND s.session_id = ? AND e.kind = 'prompt'`,
    prompt,
    sessionId,
  );
  if (row === undefined) return null;
  return db.get<{ n: number }>(
    `SELECT count(*) AS n FROM session_events
    WHERE session_id = ? AND kind = 'prompt' AND (at, id) < (?, ?)`,
    row.session_id,
    row.at,
    prompt,
  )!.n;
}

/** When the prompt was sent that this many come before, Unix milliseconds; null where there is none. */
export function promptTime(db: Database, sessionId: string, before: number): number | null {
  return db.get<{ at: number }>(
    `SELECT e.at FROM session_events e JOIN sessions s ON s.id = e.session_id
    WHERE s.session_id = ? AND e.kind = 'prompt' ORDER BY e.at, e.id LIMIT 1 OFFSET ?`,
    sessionId,
    before,
  )?.at ?? null;
}
