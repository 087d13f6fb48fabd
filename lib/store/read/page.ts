import type { Database, SqlValue } from "../database.ts";
import type { Page } from "../shapes.ts";

/** Which page of a list is wanted. */
export interface PageOptions {
  /** @default {50} */
  limit?: number;
  /** The cursor of the page before. @default {null} */
  cursor?: string | null;
}

/** The way a list runs. */
export type Order = "asc" | "desc";

/** Where a page starts: after the row with this key and id. */
interface Position {
  key: number | null;
  id: number;
}

/** A cursor that no list with this sort has given. */
export class CursorError extends Error {
  override name = "CursorError";

  constructor() {
    super("cursor is not one that this list has given: start again without it.");
  }
}

/** How many items a page has where nothing is said. */
const DEFAULT_LIMIT = 50;

/** A query that {@linkcode pageByKey} completes with its place and its order. */
export interface KeyedQuery {
  /** `SELECT … FROM …` without `WHERE`. */
  select: string;
  where: string[];
  values: SqlValue[];
  /** The column to order by, an integer; ties are broken by `id`. */
  key: string;
  id: string;
  /** Names the sort, so that a cursor of another one is refused. */
  sort: string;
  order: Order;
  /** Whether `key` may be null: such rows come last, whatever the order. @default {false} */
  nullable?: boolean;
}

/** What every row of a paged query carries besides its own columns. */
export interface KeyedRow {
  page_key: number | null;
  page_id: number;
}

/**
 * Reads one page in the order of an index, by key and never by offset, so that the last page costs what the first does.
 *
 * @throws {CursorError} If the cursor is not one that this sort has given.
 */
export function pageByKey<Row extends KeyedRow>(
  db: Database,
  query: KeyedQuery,
  options: PageOptions,
): { rows: Row[]; cursor: string | null } {
  const limit = options.limit ?? DEFAULT_LIMIT;
  const sort = `${query.sort}.${query.order}`;
  const after = options.cursor ? decodeCursor(options.cursor, sort) : null;
  const rows: Row[] = [];
  if (after === null || after.key !== null) {
    rows.push(...readPart<Row>(db, query, after, limit + 1));
  }
  if (query.nullable && rows.length <= limit) {
    rows.push(...readNullPart<Row>(db, query, after, limit + 1 - rows.length));
  }
  if (rows.length <= limit) return { rows, cursor: null };
  rows.length = limit;
  const last = rows[limit - 1];
  return { rows, cursor: encodeCursor({ key: last.page_key, id: last.page_id }, sort) };
}

/** Joins conditions to a `WHERE` clause; nothing where there is none. */
export function whereClause(conditions: readonly string[]): string {
  return conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
}

/** Unix milliseconds as ISO 8601 in UTC; null stays null. */
export function iso(ms: number): string;
export function iso(ms: number | null): string | null;
export function iso(ms: number | null): string | null {
  if (ms === null) return null;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

function readPart<Row>(db: Database, query: KeyedQuery, after: Position | null, limit: number) {
  const { key, id, order } = query;
  const where = [...query.where];
  const values = [...query.values];
  if (after !== null) {
    where.push(`(${key}, ${id}) ${order === "desc" ? "<" : ">"} (?, ?)`);
    values.push(after.key, after.id);
  } else if (query.nullable) {
    where.push(`${key} IS NOT NULL`);
  }
  return db.all<Row>(
    `${keyedSelect(query)}${whereClause(where)} ORDER BY ${key} ${order}, ${id} ${order} LIMIT ?`,
    ...values,
    limit,
  );
}

function readNullPart<Row>(db: Database, query: KeyedQuery, after: Position | null, limit: number) {
  const { key, id, order } = query;
  const where = [...query.where, `${key} IS NULL`];
  const values = [...query.values];
  if (after !== null && after.key === null) {
    where.push(`${id} ${order === "desc" ? "<" : ">"} ?`);
    values.push(after.id);
  }
  return db.all<Row>(
    `${keyedSelect(query)}${whereClause(where)} ORDER BY ${id} ${order} LIMIT ?`,
    ...values,
    limit,
  );
}

function keyedSelect({ select, key, id }: KeyedQuery): string {
  return select.replace("SELECT", `SELECT ${key} AS page_key, ${id} AS page_id,`);
}

function encodeCursor({ key, id }: Position, sort: string): string {
  return btoa(JSON.stringify([sort, key, id])).replaceAll("+", "-").replaceAll("/", "_")
    .replaceAll("=", "");
}

function decodeCursor(cursor: string, sort: string): Position {
  try {
    const [of, key, id] = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
    const valid = of === sort && Number.isSafeInteger(id) &&
      (key === null || Number.isSafeInteger(key));
    if (valid) return { key, id };
  } catch {
    // Not one of ours: said below.
  }
  throw new CursorError();
}

/**
 * Cuts a page out of a list that is short enough to be held whole.
 *
 * @throws {CursorError} If the cursor names no item of the list, or one that is gone.
 */
export function pageOf<Item extends { id: string }>(
  list: readonly Item[],
  { limit = DEFAULT_LIMIT, cursor = null }: PageOptions = {},
): Page<Item> {
  let start = 0;
  if (cursor) {
    const last = list.findIndex((item) => item.id === cursor);
    if (last === -1) throw new CursorError();
    start = last + 1;
  }
  const items = list.slice(start, start + limit);
  const more = start + items.length < list.length && items.length > 0;
  return { items, total: list.length, cursor: more ? items.at(-1)!.id : null };
}
