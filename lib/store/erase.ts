import { join } from "node:path";
import { exists, namesIn } from "../fs/files.ts";
import { LOCK_FILE } from "../fs/lock_file.ts";
import { BACKUP_FOLDER, isBackupFile } from "./backup.ts";
import { ASIDE, DATABASE_FILE, RESTORING } from "./open.ts";

/** The folder of the sample workspace in the data folder. */
export const SAMPLE_FOLDER = "ascribe-sample";

/** What erasing came to. */
export interface Erased {
  /** Paths that are gone. */
  removed: string[];
  /** Paths that are not Ascribe's to remove, each with why. */
  left: { path: string; why: string }[];
}

/** One thing of ours in a data folder. */
interface Own {
  path: string;
  kind: "file" | "tree" | "folder";
}

/**
 * Everything in a data folder that Ascribe wrote: the database, damaged ones that were set aside, backups, the sample
 * workspace and, last, the lock.
 *
 * @param options.inUse Leave the database, its side files and the lock out. @default {false}
 */
export function listOwn(dataDir: string, { inUse = false }: { inUse?: boolean } = {}): string[] {
  return ownIn(dataDir, inUse).map(({ path }) => path);
}

/**
 * Removes what {@linkcode listOwn} lists, and the data folder where nothing else is in it.
 *
 * What bears such a name and is a link is left alone, and so is what it leads to.
 *
 * @param options.inUse As for {@linkcode listOwn}; the data folder stays then. @default {false}
 * @throws {Error} The system's, if something cannot be removed.
 */
export function eraseFiles(dataDir: string, { inUse = false }: { inUse?: boolean } = {}): Erased {
  const erased: Erased = { removed: [], left: [] };
  for (const { path, kind } of ownIn(dataDir, inUse)) {
    const { isSymlink, isDirectory } = Deno.lstatSync(path);
    if (isSymlink) erased.left.push({ path, why: "it is a link, so it was not followed" });
    else if (isDirectory !== (kind !== "file")) {
      erased.left.push({ path, why: "Ascribe did not make it" });
    } else if (kind === "folder" && !isEmpty(path)) {
      erased.left.push({ path, why: "it holds files that are not Ascribe's" });
    } else {
      Deno.removeSync(path, { recursive: kind === "tree" });
      erased.removed.push(path);
    }
  }
  if (!inUse && exists(dataDir) && isEmpty(dataDir)) {
    Deno.removeSync(dataDir);
    erased.removed.push(dataDir);
  }
  return erased;
}

function ownIn(dataDir: string, inUse: boolean): Own[] {
  const own: Own[] = [];
  for (const name of namesIn(dataDir)) {
    const path = join(dataDir, name);
    if (name === BACKUP_FOLDER) own.push(...backupsIn(path));
    else if (name === SAMPLE_FOLDER) own.push({ path, kind: "tree" });
    else if (isDatabase(name, RESTORING) || isAside(name)) own.push({ path, kind: "file" });
    else if (!inUse && isDatabase(name, DATABASE_FILE)) own.push({ path, kind: "file" });
  }
  const lock = join(dataDir, LOCK_FILE);
  if (!inUse && exists(lock)) own.push({ path: lock, kind: "file" });
  return own;
}

function backupsIn(folder: string): Own[] {
  const { isSymlink, isDirectory } = Deno.lstatSync(folder);
  const files = isSymlink || !isDirectory ? [] : namesIn(folder).filter(isBackupFile);
  return [
    ...files.map((name): Own => ({ path: join(folder, name), kind: "file" })),
    { path: folder, kind: "folder" },
  ];
}

/** Whether a name is that of a database or of a file that SQLite puts beside it. */
function isDatabase(name: string, database: string): boolean {
  return name.startsWith(database) && /^(-wal|-shm|-journal)?$/.test(name.slice(database.length));
}

function isAside(name: string): boolean {
  return name.startsWith(ASIDE) &&
    /^[0-9TZ-]+\.db(-wal|-shm|-journal|\.txt)?$/.test(name.slice(ASIDE.length));
}

function isEmpty(folder: string): boolean {
  return Deno.readDirSync(folder)[Symbol.iterator]().next().done === true;
}
