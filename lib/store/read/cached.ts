import type { Database } from "../database.ts";

/** How many results are kept for one database. */
const CAPACITY = 200;

/** While much is written, a value is computed again only after so many times what computing it took. */
const REST = 25;

interface Result {
  /** What the database was when it was computed. */
  version: string;
  value: unknown;
  /** When it was computed and how long that took, in milliseconds. */
  at: number;
  took: number;
}

const results = new WeakMap<Database, Map<string, Result>>();
/** Databases that a sync is writing to. */
const busy = new WeakSet<Database>();

/**
 * Says that a sync begins to write to a database, or that what is shown has changed.
 *
 * While a sync writes, nearly every request finds the database changed; values may then be a second or two old. Once
 * `isBusy` is false, or is said again, every value is computed from what is there.
 */
export function setBusy(db: Database, isBusy: boolean): void {
  results.delete(db);
  if (isBusy) busy.add(db);
  else busy.delete(db);
}

/**
 * Keeps what `compute` gives until anything in the database changes, whoever changes it: totals over a hundred
 * thousand rows are counted once a change and not once a request.
 *
 * @param key Names the result with everything it depends on.
 */
export function cached<Value>(db: Database, key: string, compute: () => Value): Value {
  const version = dataVersion(db);
  let kept = results.get(db);
  if (kept === undefined) results.set(db, kept = new Map());
  const known = kept.get(key);
  const now = performance.now();
  if (known?.version === version) return known.value as Value;
  if (!busy.has(db)) forgetOthers(kept, version);
  else if (known !== undefined && now - known.at < known.took * REST) return known.value as Value;
  const value = compute();
  kept.delete(key);
  if (kept.size >= CAPACITY) kept.delete(kept.keys().next().value!);
  const at = performance.now();
  kept.set(key, { version, value, at, took: at - now });
  return value;
}

/** Lets go of what was computed from another state of the database. */
function forgetOthers(kept: Map<string, Result>, version: string): void {
  const newest = [...kept.values()].at(-1);
  if (newest !== undefined && newest.version !== version) kept.clear();
}

/** Changes whenever the database does: by another connection or by this one. */
export function dataVersion(db: Database): string {
  const { data_version } = db.get<{ data_version: number }>("PRAGMA data_version")!;
  const { changes } = db.get<{ changes: number }>("SELECT total_changes() AS changes")!;
  return `${data_version}.${changes}`;
}

/** How many results are kept for one database. */
const VERSION_CAPACITY = 4_000;

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
  if (kept.size >= VERSION_CAPACITY) kept.delete(kept.keys().next().value!);
  kept.set(key, { version, value });
  return value;
}
