import type { Database } from "../database.ts";

/** How many results are kept for one database. */
const CAPACITY = 4_000;

interface Kept {
  version: string;
  value: unknown;
}

const keptOf = new WeakMap<Database, Map<string, Kept>>();

/**
 * Keeps what `count` gives for as long as `version` stays: what is counted of one repository is not counted again because
 * another one changed.
 *
 * @param key Names the result with everything it depends on, its version apart.
 */
export function countedOnce<Value>(
  db: Database,
  { key, version }: { key: string; version: string },
  count: () => Value,
): Value {
  let kept = keptOf.get(db);
  if (kept === undefined) keptOf.set(db, kept = new Map());
  const known = kept.get(key);
  if (known?.version === version) return known.value as Value;
  const value = count();
  kept.delete(key);
  if (kept.size >= CAPACITY) kept.delete(kept.keys().next().value!);
  kept.set(key, { version, value });
  return value;
}
