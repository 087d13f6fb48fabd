import { sleep } from "../../async/yield.ts";
import type { Database } from "../database.ts";

/** How many rows go in at once, so that a transaction is over within milliseconds. */
const BATCH = 2_000;

/**
 * Takes new commits, prompts and edited files into the full-text indexes. A sync calls it once it has stored all
 * else; with nothing new it reads two numbers.
 *
 * @param options.pause Awaited between batches, so that others get their turn. @default a turn of the event loop
 */
export async function refreshSearch(
  db: Database,
  options: { signal?: AbortSignal; pause?: () => Promise<void> } = {},
): Promise<void> {
  const { signal, pause = sleep } = options;
  for (const step of [indexCommits, indexEvents]) {
    while (!signal?.aborted && db.transaction(() => step(db))) await pause();
  }
}

/** Indexes one batch of commits; false when there was none. */
function indexCommits(db: Database): boolean {
  const range = nextRange(db, "commits", "SELECT max(id) AS last_id FROM commits");
  if (range === null) return false;
  db.run(
    `INSERT OR REPLACE INTO commit_search (rowid, subject, author)
    SELECT id, subject, author_name || ' ' || author_email FROM commits WHERE id > ? AND id <= ?`,
    ...range,
  );
  return true;
}

/** Indexes one batch of prompts and edited files; false when there was none. */
function indexEvents(db: Database): boolean {
  const range = nextRange(db, "events", "SELECT max(id) AS last_id FROM session_events");
  if (range === null) return false;
  db.run(
    `INSERT OR REPLACE INTO prompt_search (rowid, text)
    SELECT id, data ->> '$.text' FROM session_events
    WHERE id > ? AND id <= ? AND kind = 'prompt' AND owned = 1`,
    ...range,
  );
  db.run(
    `INSERT INTO edited_files (path, event_id)
    SELECT path, id FROM (
      SELECT data ->> '$.path' AS path, id, max(at) FROM session_events
      WHERE id > ? AND id <= ? AND kind = 'edit' AND owned = 1 AND data ->> '$.path' IS NOT NULL
      GROUP BY 1
    ) WHERE true
    ON CONFLICT (path) DO UPDATE SET event_id = excluded.event_id
    WHERE coalesce((SELECT at FROM session_events WHERE id = event_id), 0)
      <= (SELECT at FROM session_events WHERE id = excluded.event_id)`,
    ...range,
  );
  return true;
}

/** Moves a mark on by a batch: the ids after the first and up to the second are to be indexed. */
function nextRange(db: Database, name: string, newest: string): [number, number] | null {
  const mark = markOf(db, name);
  const last = db.get<{ last_id: number | null }>(newest)?.last_id ?? 0;
  if (last <= mark) return null;
  const next = Math.min(last, mark + BATCH);
  db.run("UPDATE search_marks SET last_id = ? WHERE name = ?", next, name);
  return [mark, next];
}

/** The id up to which rows are indexed. */
export function markOf(db: Database, name: string): number {
  return db.get<{ last_id: number }>("SELECT last_id FROM search_marks WHERE name = ?", name)!
    .last_id;
}
