import type { TokenUse } from "../../domain/session_events.ts";
import type { Database } from "../database.ts";

const INSERT = `INSERT INTO token_uses
    (session_id, key, source_id, message, at, model, input, cache_read, cache_write, output)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (session_id, key) DO UPDATE SET source_id = excluded.source_id, message = excluded.message,
    at = excluded.at, model = excluded.model, input = excluded.input, cache_read = excluded.cache_read,
    cache_write = excluded.cache_write, output = excluded.output
  WHERE excluded.input + excluded.cache_read + excluded.cache_write + excluded.output >
    token_uses.input + token_uses.cache_read + token_uses.cache_write + token_uses.output`;

/**
 * Keeps tokens that a source holds of a session: of several records of one answer the largest.
 *
 * @param options.mode `replace` forgets what the source was known to hold.
 * @returns Whether anything changed.
 */
export function saveTokens(
  db: Database,
  at: { source: number; session: number },
  tokens: readonly TokenUse[],
  { mode }: { mode: "append" | "replace" },
): boolean {
  const before = db.changes;
  if (mode === "replace") {
    const kept = JSON.stringify(tokens.map(({ key }) => key));
    db.run(
      `DELETE FROM token_uses WHERE session_id = ? AND source_id = ?
         AND key NOT IN (SELECT value FROM json_each(?))`,
      at.session,
      at.source,
      kept,
    );
  }
  for (const { key, message, at: when, model, input, cacheRead, cacheWrite, output } of tokens) {
    db.run(
      INSERT,
      at.session,
      key,
      at.source,
      message,
      when,
      model,
      input,
      cacheRead,
      cacheWrite,
      output,
    );
  }
  return db.changes !== before;
}
