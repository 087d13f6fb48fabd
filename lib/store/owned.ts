import { join } from "node:path";
import { findDamage, listBackups, removeDatabase, SIDE_FILES } from "./backups.ts";
import { type Database, openDatabase } from "./database.ts";
import { schemaVersion } from "./migrations.ts";
import {
  databasePath,
  explainFailure,
  type OpenFailure,
  type OpenOutcome,
  openStore,
} from "./open.ts";

/** An owner's open database, or why there is none. */
export type OwnedOutcome =
  /** `recovery` says what was done about a damaged database, or is null. */
  | { kind: "opened"; db: Database; recovery: string | null }
  | { kind: OpenFailure; message: string };

/** What the names of files begin with that a damaged database was set aside as. */
export const ASIDE = "ascribe-damaged-";
/** A backup on its way to the database's place. */
export const RESTORING = "ascribe-restoring.db";

/**
 * Opens the database for the process that owns the data folder.
 *
 * A damaged one is set aside with its reason, and the newest backup that is intact takes its place; the next sync brings
 * it up to date. Damage shows when it is opened, or when it is read from end to end, which is done where the last sync
 * did not come to its end.
 *
 * @param options.now Unix milliseconds.
 * @param options.suspect Whether to read it from end to end, come what may. @default {false}
 */
export function openOwned(
  dataDir: string,
  { now, suspect = false }: { now: number; suspect?: boolean },
): OwnedOutcome {
  try {
    finishRestoring(dataDir);
    const lost = findLoss(dataDir);
    const opened = lost === null ? openStore(dataDir, "write") : null;
    const reason = opened === null ? lost : damageOf(opened, { dataDir, suspect });
    if (opened !== null && reason === null) {
      return opened.kind === "opened" ? { ...opened, recovery: null } : opened;
    }
    const recovery = recover(dataDir, { reason: reason!, now });
    const again = openStore(dataDir, "write");
    return again.kind === "opened" ? { ...again, recovery } : again;
  } catch (error) {
    return explainFailure(error, dataDir);
  }
}

/** Why a database that there was once is no more, though a backup of it is there; else null. */
function findLoss(dataDir: string): string | null {
  if (listBackups(dataDir).length === 0) return null;
  const path = databasePath(dataDir);
  if (!isThere(path)) return "it is missing";
  try {
    using db = openDatabase(path, "inspect", { busyMs: 0 });
    return schemaVersion(db) === 0 ? "it is empty" : null;
  } catch {
    return null;
  }
}

/** What is wrong with what was opened; a database that is damaged is closed. */
function damageOf(
  opened: OpenOutcome,
  { dataDir, suspect }: { dataDir: string; suspect: boolean },
): string | null {
  if (opened.kind === "corrupt") return opened.message;
  if (opened.kind !== "opened") return null;
  const { db } = opened;
  let reason: string | null;
  try {
    reason = !suspect && endedWell(db) ? null : db.findDamage();
  } catch (error) {
    // Reading damaged pages fails in many ways; not being allowed to read them is another matter.
    const { kind } = explainFailure(error, dataDir);
    if (kind !== "corrupt" && kind !== "unreadable") throw error;
    reason = error instanceof Error ? error.message : String(error);
  }
  if (reason !== null) db[Symbol.dispose]();
  return reason;
}

/** Whether the last sync left no doubt about the database. */
function endedWell(db: Database): boolean {
  const last = db.get<{ outcome: string }>(
    "SELECT outcome FROM sync_runs ORDER BY id DESC LIMIT 1",
  );
  return last === undefined || last.outcome === "completed" || last.outcome === "cancelled";
}

/** @returns What was done, in one sentence. */
function recover(dataDir: string, { reason, now }: { reason: string; now: number }): string {
  const backup = listBackups(dataDir).find(({ path }) => findDamage(path) === null);
  const restoring = join(dataDir, RESTORING);
  removeDatabase(restoring);
  if (backup !== undefined) {
    Deno.copyFileSync(backup.path, restoring);
    Deno.chmodSync(restoring, 0o600);
  }
  const instead = backup === undefined
    ? "There is no intact backup: the next sync reads everything anew, and sessions whose transcripts are gone are lost."
    : `The backup of ${backup.day} has taken its place, and the next sync brings it up to date.`;
  const missing = !isThere(databasePath(dataDir));
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, "-");
  const aside = join(dataDir, `${ASIDE}${stamp}.db`);
  if (!missing) Deno.writeTextFileSync(`${aside}.txt`, `${reason}\n`, { mode: 0o600 });
  // The side files go first: none of them may ever lie beside a database that it does not belong to.
  for (const end of SIDE_FILES) moveIfThere(databasePath(dataDir) + end, aside + end);
  finishRestoring(dataDir);
  return missing
    ? `The database was missing. ${instead}`
    : `The database was damaged and is set aside as ${aside}. ${instead}`;
}

/** Puts a backup in the database's place, where the process that wanted to was ended first. */
function finishRestoring(dataDir: string): void {
  const path = databasePath(dataDir);
  if (isThere(path)) return;
  moveIfThere(join(dataDir, RESTORING), path);
}

function moveIfThere(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
