import { Lru, VersionedLru } from "../../text/lru.ts";
import type { Database } from "../database.ts";

/** How many results are kept for one database. */
const MAX_RESULTS = 200;

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

const results = new WeakMap<Database, { newest: string; values: Lru<string, Result> }>();
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
 * Keeps what `compute` gives until anything in the database changes: totals over a hundred
 * thousand rows are counted once a change and not once a request.
 *
 * @param key Names the result with everything it depends on.
 */
export function cached<Value>(db: Database, key: string, compute: () => Value): Value {
  const version = dataVersion(db);
  let kept = results.get(db);
  if (kept === undefined) {
    kept = { newest: version, values: new Lru({ entries: MAX_RESULTS }) };
    results.set(db, kept);
  }
  const known = kept.values.get(key);
  const now = performance.now();
  if (known?.version === version) return known.value as Value;
  if (busy.has(db)) {
    if (known !== undefined && now - known.at < known.took * REST) return known.value as Value;
  } else if (kept.newest !== version) kept.values.clear();
  const value = compute();
  const at = performance.now();
  kept.newest = version;
  kept.values.set(key, { version, value, at, took: at - now });
  return value;
}

/** Changes whenever the database does: by another connection or by this one. */
function dataVersion(db: Database): string {
  const { data_version } = db.get<{ data_version: number }>("PRAGMA data_version")!;
  const { changes } = db.get<{ changes: number }>("SELECT total_changes() AS changes")!;
  return `${data_version}.${changes}`;
}

/** How many counts are kept for one database. */
const MAX_COUNTS = 4_000;

const counts = new WeakMap<Database, VersionedLru<unknown>>();

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
  let kept = counts.get(db);
  if (kept === undefined) counts.set(db, kept = new VersionedLru({ entries: MAX_COUNTS }));
  return kept.get({ key, version }, count) as Value;
}
