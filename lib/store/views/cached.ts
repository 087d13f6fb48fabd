import type { Database } from "../database.ts";

/** How many results are kept for one database. */
const CAPACITY = 200;

interface Results {
  version: string;
  values: Map<string, unknown>;
}

const results = new WeakMap<Database, Results>();

/**
 * Keeps what `compute` gives until anything in the database changes, whoever changes it: totals over a hundred
 * thousand rows are counted once a change and not once a request.
 *
 * @param key Names the result with everything it depends on.
 */
export function cached<Value>(db: Database, key: string, compute: () => Value): Value {
  const version = dataVersion(db);
  let kept = results.get(db);
  if (kept === undefined || kept.version !== version) {
    kept = { version, values: new Map() };
    results.set(db, kept);
  }
  if (kept.values.has(key)) return kept.values.get(key) as Value;
  const value = compute();
  if (kept.values.size >= CAPACITY) kept.values.delete(kept.values.keys().next().value!);
  kept.values.set(key, value);
  return value;
}

/** Changes whenever the database does: by another connection or by this one. */
export function dataVersion(db: Database): string {
  const { data_version } = db.get<{ data_version: number }>("PRAGMA data_version")!;
  const { changes } = db.get<{ changes: number }>("SELECT total_changes() AS changes")!;
  return `${data_version}.${changes}`;
}
