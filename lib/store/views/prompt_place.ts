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

/** When the prompt after this one was sent, Unix milliseconds; null where there is none. */
export function nextPromptTime(db: Database, prompt: number): number | null {
  return db.get<{ at: number }>(
    `SELECT e.at FROM session_events this JOIN session_events e ON e.session_id = this.session_id
    WHERE this.id = ? AND e.kind = 'prompt' AND (e.at, e.id) > (this.at, this.id)
    ORDER BY e.at, e.id LIMIT 1`,
    prompt,
  )?.at ?? null;
}
