import { DatabaseSync, type StatementSync } from "node:sqlite";
import { name, path, text } from "../../text/json.ts";
import { parseMilliseconds } from "../../time/iso_time.ts";
import { Assembly } from "./parts.ts";
import {
  type Archive,
  byTime,
  type MessageRecord,
  type MessageRef,
  type RecordUse,
  type SessionRecord,
} from "./records.ts";

/** The largest record that is read, in bytes. */
const MAX_RECORD = 16 << 20;

/** A statement as Deno has it, whose published type lacks a method. */
type ArrayStatement = StatementSync & { setReturnArrays(enabled: boolean): void };

/** How long to wait for a program that holds the database for itself, in milliseconds. */
const BUSY_MS = 1_000;

const TABLES = `SELECT name FROM sqlite_master WHERE type = 'table'`;
/** The tables that are read, and no others: some hold credentials. */
const SESSIONS = `
  SELECT CAST(id AS TEXT), CAST(parent_id AS TEXT), CAST(directory AS TEXT), CAST(title AS TEXT),
    CAST(version AS TEXT), CAST(time_created AS TEXT)
  FROM session ORDER BY time_updated DESC, id`;
const SESSION = `SELECT 1 FROM session WHERE id = ?`;

/** What changes whenever a session does, from the log of events that newer versions write. */
const SEQUENCES = `SELECT CAST(aggregate_id AS TEXT), CAST(seq AS TEXT) FROM event_sequence`;
const UPDATES = `SELECT CAST(id AS TEXT), CAST(time_updated AS TEXT) FROM session`;
/** From an index alone. */
const MESSAGES = `
  SELECT CAST(session_id AS TEXT), count(*) || ' ' || max(time_created)
  FROM message GROUP BY session_id`;
/** What changes with a session of which no log of events tells: its rows are updated in place. */
function updatesOf(table: "message" | "part", hasLog: boolean): string {
  const unlogged = hasLog
    ? "WHERE session_id NOT IN (SELECT aggregate_id FROM event_sequence)"
    : "";
  return `
    SELECT CAST(session_id AS TEXT), count(*) || ' ' || max(time_updated)
    FROM ${table} ${unlogged} GROUP BY session_id`;
}

/** One row, since a row costs more than what stands in it, and from an index alone. */
const REFS = `
  SELECT json_group_array(json_array(CAST(id AS TEXT), time_created + 0.0))
  FROM message WHERE session_id = ?`;
const DATA = `CASE WHEN octet_length(data) <= ${MAX_RECORD} THEN CAST(data AS TEXT) END`;
const LOAD_MESSAGES = `
  SELECT CAST(id AS TEXT), ${DATA} FROM message WHERE id IN (SELECT value FROM json_each(?))`;
/** Without the parts that mark steps, almost half of all: they are known by their beginnings. */
const LOAD_PARTS = `
  SELECT CAST(message_id AS TEXT), ${DATA} FROM part
  WHERE message_id IN (SELECT value FROM json_each(?))
    AND NOT (octet_length(data) < 400 AND substr(data, 1, 9) IN ('{"reason"', '{"snapsho'))
  ORDER BY message_id, id`;

/**
 * OpenCode's database, opened for reading: beside the running program, through its write-ahead log. SQLite leaves the
 * database and the log as they are.
 */
export class Database implements Archive {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, ArrayStatement>();
  /** Null if it is damaged. */
  #tables: ReadonlySet<string | null> | null = null;

  /** @throws {Error} If it cannot be opened. One that is damaged can, and throws when it is read. */
  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    try {
      this.#tables = new Set(this.#rows(TABLES).map(([name]) => name));
    } catch (error) {
      if (isDamage(error)) return;
      this.#db.close();
      throw error;
    }
  }

  sessions(): SessionRecord[] {
    // The program has not made its tables yet.
    if (this.#tables?.has("session") === false) return [];
    return this.#rows(SESSIONS).map(([id, parent, directory, title, version, created]) => ({
      id: id ?? "",
      parent: text(parent),
      directory: path(directory),
      title: text(title),
      version: name(version),
      createdAt: parseMilliseconds(Number(created)),
    }));
  }

  has(session: string): boolean {
    return this.#rows(SESSION, session).length > 0;
  }

  /** What a session looks like from outside: while that is the same, the session is. */
  stamps(): (session: string) => string {
    const hasLog = this.#tables?.has("event_sequence") === true;
    const columns = [
      UPDATES,
      MESSAGES,
      updatesOf("message", hasLog),
      updatesOf("part", hasLog),
      ...hasLog ? [SEQUENCES] : [],
    ].map((sql) => this.#column(sql));
    return (session) => columns.map((column) => column.get(session) ?? "").join(",");
  }

  messagesOf(session: string): MessageRef[] {
    const [[json]] = this.#rows(REFS, session);
    const rows = JSON.parse(json ?? "[]") as [string, number][];
    return rows.map(([id, at]) => ({ id, at })).sort(byTime);
  }

  load(refs: readonly MessageRef[], use: RecordUse): MessageRecord[] {
    const ids = JSON.stringify(refs.map(({ id }) => id));
    const assembly = new Assembly(refs, use);
    for (const row of this.#rows(LOAD_MESSAGES, ids)) assembly.addMessage(row[0]!, row[1]);
    for (const row of this.#rows(LOAD_PARTS, ids)) assembly.addPart(row[0]!, row[1]);
    return assembly.records;
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  #column(sql: string): Map<string | null, string | null> {
    return new Map(this.#rows(sql).map(([session, value]) => [session, value]));
  }

  /** All rows of a statement whose columns are texts, at once: stepping through them hides errors in Deno 2.9. */
  #rows(sql: string, ...parameters: string[]): (string | null)[][] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql) as ArrayStatement;
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement.all(...parameters) as unknown as (string | null)[][];
  }
}

/** Whether an error tells of a database that is damaged or of another form, rather than of one that is out of reach. */
export function isDamage(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === "ERR_OUT_OF_RANGE" || typeof errcode === "number" && DAMAGE.has(errcode & 0xff);
}

/** SQLite's codes: no such table or column, malformed, too big, of the wrong type, no database. */
const DAMAGE = new Set([1, 11, 18, 20, 26]);
