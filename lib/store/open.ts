import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { exists } from "../fs/files.ts";
import { errorMessage } from "../text/errors.ts";
import { findDamage, listBackups, removeDatabase, SIDE_FILES } from "./backup.ts";
import {
  type Database,
  type DatabaseMode,
  NewerSchema,
  OlderSchema,
  openDatabase,
  schemaVersion,
} from "./database.ts";

/** The database's file in the data folder. */
export const DATABASE_FILE = "ascribe.db";

/** Why a database could not be opened. */
export type OpenFailure =
  | "missing"
  | "corrupt"
  | "newerSchema"
  | "olderSchema"
  | "readOnly"
  | "locked"
  | "diskFull"
  | "unreadable";

/** An open database, or why there is none, in a sentence that says what to do. */
export type OpenOutcome =
  | { kind: "opened"; db: Database }
  | { kind: OpenFailure; message: string };

/** The path of the database in a data folder. */
export function databasePath(dataDir: string): string {
  return join(dataDir, DATABASE_FILE);
}

/**
 * Opens the database of a data folder.
 *
 * To write, the folder and the file are made where missing, for the user's eyes only (0700 and 0600; SQLite gives its
 * side files the database's mode), and the schema is brought up to date.
 *
 * @param options.busyMs How long to wait for a lock that another program holds. @default {5_000}
 */
export function openStore(
  dataDir: string,
  mode: DatabaseMode,
  options: { busyMs?: number } = {},
): OpenOutcome {
  const path = databasePath(dataDir);
  try {
    if (mode === "write") {
      prepare(dataDir, path);
      refuseNewer(path);
    }
    return { kind: "opened", db: openDatabase(path, mode, options) };
  } catch (error) {
    if (mode === "read" && failureOf(error) === "readOnly" && sizeOf(`${path}-wal`) === 0) {
      return openUnchanging(path);
    }
    return explain(error, { path, mode });
  }
}

/**
 * Opens a database that nobody can write to: SQLite keeps a file beside each that it reads, and has to be told that here
 * it need not. All that was written must be in the database's own file.
 */
function openUnchanging(path: string): OpenOutcome {
  const address = pathToFileURL(path);
  address.searchParams.set("immutable", "1");
  try {
    return { kind: "opened", db: openDatabase(address.href, "read") };
  } catch (error) {
    return explain(error, { path, mode: "read" });
  }
}

function prepare(dataDir: string, path: string): void {
  Deno.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Closing a file gives up every lock of this process on it, SQLite's too: one that is there is not opened.
  if (!hasFile(path)) Deno.openSync(path, { write: true, create: true, mode: 0o600 }).close();
  if (Deno.build.os === "windows") return;
  Deno.chmodSync(path, 0o600);
  // A folder that also holds what is not ours is somebody's choice, and keeps its mode.
  const ours = [...Deno.readDirSync(dataDir)].every(({ name }) => name.startsWith("ascribe"));
  if (ours) Deno.chmodSync(dataDir, 0o700);
}

/** Looks without writing: even closing a connection that might write changes the file of a newer version. */
function refuseNewer(path: string): void {
  try {
    openDatabase(path, "read", { busyMs: 0 })[Symbol.dispose]();
  } catch (error) {
    if (error instanceof NewerSchema) throw error;
  }
}

/** What SQLite's or the system's error about a database means, in a sentence that says what to do. */
export function explainFailure(
  error: unknown,
  dataDir: string,
): { kind: OpenFailure; message: string } {
  return explain(error, { path: databasePath(dataDir), mode: "write" });
}

/** The sentence for what ended some work on the database: the error's own where the database is not to blame. */
export function failureMessage(error: unknown, dataDir: string): string {
  const { kind, message } = explainFailure(error, dataDir);
  if (kind !== "unreadable") return message;
  return errorMessage(error);
}

function explain(
  error: unknown,
  { path, mode }: { path: string; mode: DatabaseMode },
): { kind: OpenFailure; message: string } {
  if (error instanceof NewerSchema) return { kind: "newerSchema", message: error.message };
  if (error instanceof OlderSchema) return { kind: "olderSchema", message: error.message };
  const reason = errorMessage(error);
  if (mode === "read" && !hasFile(path)) {
    return {
      kind: "missing",
      message:
        `There is no database at ${path} yet. Run \`ascribe sync\` or \`ascribe serve\` first.`,
    };
  }
  // A limit on what a user or a file may hold comes back as this.
  const limited = mode === "write" && reason.includes("disk I/O error");
  const kind = limited ? "diskFull" : failureOf(error);
  switch (kind) {
    case "corrupt":
      return {
        kind,
        message:
          `The database ${path} is damaged (${reason}). Start Ascribe again or run \`ascribe sync\`: it is set aside, and the newest backup takes its place.`,
      };
    case "readOnly":
      return {
        kind,
        message:
          `Cannot write the database ${path} (${reason}). Allow it, or name another --data-dir.`,
      };
    case "locked":
      return {
        kind,
        message: `Another program holds the database ${path}. Try again once it ended.`,
      };
    case "diskFull":
      return {
        kind,
        message:
          `Cannot write to the disk that holds ${path} (${reason}). Make room and try again.`,
      };
    case "unreadable":
      return { kind, message: `Cannot open the database ${path}: ${reason}` };
    default:
      return kind satisfies never;
  }
}

/** What SQLite's or the system's error says is wrong. */
function failureOf(
  error: unknown,
): Exclude<OpenFailure, "missing" | "newerSchema" | "olderSchema"> {
  if (error instanceof Deno.errors.PermissionDenied) return "readOnly";
  if (error instanceof Deno.errors.NotCapable) return "readOnly";
  const system = (error as { code?: unknown } | null)?.code;
  if (system === "EROFS") return "readOnly";
  if (system === "ENOSPC") return "diskFull";
  const message = error instanceof Error ? error.message : "";
  for (const [text, failure] of SQLITE_MESSAGES) if (message.includes(text)) return failure;
  return "unreadable";
}

/** SQLite's own words for a result code: Deno does not always give the code itself. */
const SQLITE_MESSAGES = [
  ["is locked", "locked"],
  ["readonly database", "readOnly"],
  ["disk image is malformed", "corrupt"],
  ["file is not a database", "corrupt"],
  ["disk is full", "diskFull"],
] as const;

/** Whether a database is there, be it through a link; {@linkcode exists} takes a link that leads nowhere for something. */
function hasFile(path: string): boolean {
  return sizeOf(path, -1) >= 0;
}

/** A file's size in bytes; what it is taken for where it is missing. */
function sizeOf(path: string, missing = 0): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return missing;
  }
}

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
  if (!hasFile(path)) return "it is missing";
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
    reason = errorMessage(error);
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
  const missing = !hasFile(databasePath(dataDir));
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
  if (exists(path)) return;
  moveIfThere(join(dataDir, RESTORING), path);
}

function moveIfThere(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
