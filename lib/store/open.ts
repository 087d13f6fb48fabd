import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Database, type DatabaseMode, openDatabase } from "./database.ts";
import { NewerSchema, OlderSchema } from "./migrations.ts";

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
  if (!exists(path)) Deno.openSync(path, { write: true, create: true, mode: 0o600 }).close();
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
  return error instanceof Error ? error.message : String(error);
}

function explain(
  error: unknown,
  { path, mode }: { path: string; mode: DatabaseMode },
): { kind: OpenFailure; message: string } {
  if (error instanceof NewerSchema) return { kind: "newerSchema", message: error.message };
  if (error instanceof OlderSchema) return { kind: "olderSchema", message: error.message };
  const reason = error instanceof Error ? error.message : String(error);
  if (mode === "read" && !exists(path)) {
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

function exists(path: string): boolean {
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
