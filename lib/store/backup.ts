import { join } from "node:path";
import { namesIn } from "../fs/files.ts";
import { errorMessage } from "../text/errors.ts";
import { type Database, findForeignSchema, openDatabase } from "./database.ts";

/** The folder of the backups in the data folder. */
export const BACKUP_FOLDER = "ascribe-backups";

/** How many backups are kept. */
const KEPT_BACKUPS = 3;
const NAME = /^ascribe-(\d{9})-(\d{4}-\d{2}-\d{2})\.db$/;
const UNFINISHED = "unfinished.db";

/** A backup of the database. */
export interface Backup {
  path: string;
  /** The day it was made, `YYYY-MM-DD` in UTC. */
  day: string;
}

/** What came of looking after the backups. `damaged`: the database is, so the backups stay as they are. */
export type BackupOutcome =
  | { kind: "made"; backup: Backup }
  | { kind: "notDue" }
  | { kind: "damaged"; reason: string };

/** Whether a file of {@linkcode BACKUP_FOLDER} is Ascribe's own. */
export function isBackupFile(name: string): boolean {
  return NAME.test(name.replace(/-(wal|shm|journal)$/, "")) || name.startsWith(UNFINISHED);
}

/**
 * Backups, the newest first.
 *
 * Their names begin with the number of the last sync, which grows whatever becomes of the clock.
 */
export function listBackups(dataDir: string): Backup[] {
  const folder = join(dataDir, BACKUP_FOLDER);
  return namesIn(folder).filter((name) => NAME.test(name)).sort().reverse()
    .map((name) => ({ path: join(folder, name), day: NAME.exec(name)![2] }));
}

/**
 * Backs the database up unless that was done today, and lets go of the oldest backups.
 *
 * @param options.now Unix milliseconds.
 * @throws {Error} SQLite's or the system's, if the backup cannot be written; nothing of it is left then.
 */
export async function backUpDaily(
  db: Database,
  { dataDir, now }: { dataDir: string; now: number },
): Promise<BackupOutcome> {
  const day = new Date(now).toISOString().slice(0, 10);
  if (listBackups(dataDir).some((backup) => backup.day === day)) return { kind: "notDue" };
  const folder = join(dataDir, BACKUP_FOLDER);
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = join(folder, UNFINISHED);
  removeDatabase(unfinished);
  try {
    Deno.openSync(unfinished, { write: true, create: true, mode: 0o600 }).close();
    await db.copyTo(unfinished);
    const reason = findDamage(unfinished);
    if (reason !== null) return { kind: "damaged", reason };
    const run = db.get<{ id: number | null }>("SELECT max(id) AS id FROM sync_runs")?.id ?? 0;
    const path = join(folder, `ascribe-${String(run).padStart(9, "0")}-${day}.db`);
    Deno.renameSync(unfinished, path);
    for (const { path: old } of listBackups(dataDir).slice(KEPT_BACKUPS)) {
      if (old !== path) removeDatabase(old);
    }
    return { kind: "made", backup: { path, day } };
  } finally {
    removeDatabase(unfinished);
  }
}

/**
 * Reads a database that nobody has open from end to end.
 *
 * @returns What keeps it from being used: damage, or a schema that this program does not know. Null where nothing does.
 */
export function findDamage(path: string): string | null {
  try {
    using db = openDatabase(path, "inspect");
    return db.findDamage() ?? findForeignSchema(db);
  } catch (error) {
    return errorMessage(error);
  }
}

/** Removes a database with its side files, as far as they are there. */
export function removeDatabase(path: string): void {
  for (const end of SIDE_FILES) {
    try {
      Deno.removeSync(path + end);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** What SQLite may put beside a database, by the end of its name; the database itself comes last. */
export const SIDE_FILES = ["-journal", "-wal", "-shm", ""] as const;
