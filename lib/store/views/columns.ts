import type { Database, SqlValue } from "../database.ts";

/**
 * Reads a query column by column, in the order of its rows: for tens of thousands of rows less than half the work of
 * an object each.
 *
 * @param names The query's columns; numbers, texts and nulls come back as they are.
 */
export function readColumns<Columns extends Record<string, unknown[]>>(
  db: Database,
  names: readonly (keyof Columns & string)[],
  { sql, values }: { sql: string; values: SqlValue[] },
): Columns {
  const arrays = names.map((name) => `json_group_array(${name}) AS ${name}`);
  const row = db.get<Record<string, string>>(
    `SELECT ${arrays.join(", ")} FROM (${sql})`,
    ...values,
  );
  return Object.fromEntries(names.map((name) => [name, JSON.parse(row![name])])) as Columns;
}
