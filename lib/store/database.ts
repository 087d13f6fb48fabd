import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { schema } from "./schema.ts";
import { upgradeFrom010 } from "./upgrade.ts";
import { assignRepositoryIds } from "./write/repository_ids.ts";

/** A value that a statement takes or a column holds. */
export type SqlValue = SQLInputValue;

/** How many rows {@linkcode Database.rows} holds at once. */
export const PAGE_ROWS = 1_000;

/** How a database is opened: the one writer migrates it, readers never change it, inspectors take it as it is. */
export type DatabaseMode = "write" | "read" | "inspect";

/**
 * A SQLite connection with prepared statements kept by their text.
 *
 * Rows come back as plain objects; the caller states their type.
 */
export class Database implements Disposable {
  #db: DatabaseSync;
  #statements = new Map<string, StatementSync>();
  #inTransaction = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Every row that the query gives. */
  all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  /** The first row, or undefined where there is none. */
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  /**
   * Rows one by one, for results too large to hold. They are read in pages: while it steps, Deno 2.9's `iterate()` takes
   * an error for the end, so that rows of a damaged database would be lost without a word.
   *
   * @param page Reads the rows after one, or the first ones, {@linkcode PAGE_ROWS} at most.
   */
  *rows<Row>(page: (after: Row | null) => Row[]): Generator<Row> {
    for (let after: Row | null = null;;) {
      const rows = page(after);
      yield* rows;
      if (rows.length < PAGE_ROWS) return;
      after = rows.at(-1)!;
    }
  }

  /**
   * Runs a statement that changes rows.
   *
   * @returns How many rows changed, and the row id that was inserted last.
   */
  run(sql: string, ...values: SqlValue[]): { changes: number; lastId: number } {
    const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
    return { changes: Number(changes), lastId: Number(lastInsertRowid) };
  }

  /** How many rows this connection has changed since it was opened. */
  get changes(): number {
    return this.get<{ changes: number }>("SELECT total_changes() AS changes")!.changes;
  }

  /** Moves what the write-ahead log holds into the database's file, as far as readers let it. */
  checkpoint(): void {
    this.#db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** Runs statements that take no values. */
  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /**
   * Runs `work` in one transaction: all of it is kept, or, if it throws, none. Nested calls join the outer one.
   *
   * @throws {TypeError} If `work` returns a promise, since a transaction must not outlive its turn.
   */
  transaction<Result>(work: () => Result): Result {
    if (this.#inTransaction) return work();
    this.#db.exec("BEGIN IMMEDIATE");
    this.#inTransaction = true;
    try {
      const result = work();
      if (result instanceof Promise) throw new TypeError("A transaction cannot wait for a promise");
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      // SQLite may have rolled back by itself: a full disk makes it.
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** Copies the whole database over the one at `path`, which is made where it is missing. */
  async copyTo(path: string): Promise<void> {
    await backup(this.#db, path, { rate: -1 });
  }

  /** Reads every page and row: what SQLite finds wrong with them first, or null. */
  findDamage(): string | null {
    const { quick_check } = this.get<{ quick_check: string }>("PRAGMA quick_check(1)")!;
    return quick_check === "ok" ? null : quick_check;
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/**
 * Opens the database at `path` (`:memory:` for one of the caller's own), in WAL mode with foreign keys on.
 *
 * @param mode `write` creates and migrates it; `read` expects it to exist and to be up to date. @default {"write"}
 * @param options.busyMs How long to wait for a lock that another connection holds. @default {5_000}
 * @throws {Error} If it cannot be opened, is newer than this program, or is to be read and older.
 */
export function openDatabase(
  path: string,
  mode: DatabaseMode = "write",
  { busyMs = 5_000 }: { busyMs?: number } = {},
): Database {
  const db = new DatabaseSync(path, { readOnly: mode === "read" });
  try {
    db.exec(`PRAGMA busy_timeout = ${busyMs}`);
    db.exec("PRAGMA foreign_keys = ON; PRAGMA cache_size = -64000");
    const database = new Database(db);
    if (mode === "inspect") return database;
    if (mode === "read") {
      checkSchema(database);
      return database;
    }
    db.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16000",
    );
    migrate(database);
    return database;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The schema's version: 0.1.0 had the first. */
const SCHEMA_VERSION = 2;

/** The database was written by a newer version of Ascribe; it is left as it is. */
export class NewerSchema extends Error {}

/** The database was written by an older version and is opened for reading only. */
export class OlderSchema extends Error {}

/**
 * Sees to it that a database may be read as it is.
 *
 * @throws {NewerSchema} If a newer version of Ascribe wrote it.
 * @throws {OlderSchema} If it is still to be brought up to date.
 */
function checkSchema(db: Database): void {
  const version = schemaVersion(db);
  refuseNewer(version);
  if (version === SCHEMA_VERSION) return;
  throw new OlderSchema(
    "An older version of Ascribe wrote the database. Run `ascribe sync` to bring it up to date.",
  );
}

/**
 * Brings a database up to the newest schema, forward only, in one transaction.
 *
 * @throws {NewerSchema} If the database was written by a newer version of Ascribe.
 */
function migrate(db: Database): void {
  const version = schemaVersion(db);
  refuseNewer(version);
  if (version === SCHEMA_VERSION) return;
  // Tables are recreated and the old ones dropped, which would delete rows that refer to them.
  db.exec("PRAGMA foreign_keys = OFF");
  db.transaction(() => {
    if (version === 0) db.exec(schema);
    else {
      upgradeFrom010(db);
      assignRepositoryIds(db);
    }
    const broken = db.all("PRAGMA foreign_key_check");
    if (broken.length > 0) throw new Error("The database's rows do not fit together.");
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
  db.exec("PRAGMA foreign_keys = ON");
}

/** The schema's version: 0 for a database that was just made. */
export function schemaVersion(db: Database): number {
  return db.get<{ user_version: number }>("PRAGMA user_version")!.user_version;
}

/** Why a backup's schema is of no use to this program, or null. */
export function findForeignSchema(db: Database): string | null {
  const version = schemaVersion(db);
  if (version === 0) return "it is empty";
  return version > SCHEMA_VERSION ? `its schema ${version} is newer than this program's` : null;
}

function refuseNewer(version: number): void {
  if (version <= SCHEMA_VERSION) return;
  throw new NewerSchema(
    `Cannot open the database: its schema ${version} is newer than this program's ${SCHEMA_VERSION}. Update Ascribe.`,
  );
}
