import type { Database } from "./database.ts";
import { schema1 } from "./schema.ts";

/** Every schema change ever released, oldest first; the place in this list is the version it leads to. */
const MIGRATIONS: readonly string[] = [schema1];

/** The database was written by a newer version of Ascribe; it is left as it is. */
export class NewerSchema extends Error {}

/** The database was written by an older version, and whoever opens it may only read. */
export class OlderSchema extends Error {}

/**
 * Sees to it that a database may be read as it is.
 *
 * @throws {NewerSchema} If a newer version of Ascribe wrote it.
 * @throws {OlderSchema} If it is still to be brought up to date.
 */
export function checkSchema(db: Database): void {
  const version = schemaVersion(db);
  refuseNewer(version);
  if (version === MIGRATIONS.length) return;
  throw new OlderSchema(
    "An older version of Ascribe wrote the database. Run `ascribe sync` to bring it up to date.",
  );
}

/**
 * Brings a database up to the newest schema, forward only, in one transaction.
 *
 * @throws {NewerSchema} If the database was written by a newer version of Ascribe.
 */
export function migrate(db: Database): void {
  const version = schemaVersion(db);
  refuseNewer(version);
  if (version === MIGRATIONS.length) return;
  db.transaction(() => {
    for (const sql of MIGRATIONS.slice(version)) db.exec(sql);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

/** The schema's version: 0 for a database that was just made. */
export function schemaVersion(db: Database): number {
  return db.get<{ user_version: number }>("PRAGMA user_version")!.user_version;
}

/** Why a backup's schema is of no use to this program, or null. */
export function findForeignSchema(db: Database): string | null {
  const version = schemaVersion(db);
  if (version === 0) return "it is empty";
  return version > MIGRATIONS.length ? `its schema ${version} is newer than this program's` : null;
}

function refuseNewer(version: number): void {
  if (version <= MIGRATIONS.length) return;
  throw new NewerSchema(
    `Cannot open the database: its schema ${version} is newer than this program's ${MIGRATIONS.length}. Update Ascribe.`,
  );
}
