import { basename, join } from "node:path";
import { failureReason } from "../../text/errors.ts";
import { findFiles } from "../find_files.ts";
import type { Discovery, SessionSource } from "../reader.ts";
import { jsonFiles, recordId, storageOf } from "./storage_tree.ts";

/** Names of databases: other channels than the stable one have theirs in the name. */
const DATABASE = /^opencode.*\.db$/;

/** Whether a source is a database, or else a session's file. */
export function isDatabase(path: string): boolean {
  return path.endsWith(".db");
}

/** The databases in the folder that holds a session's file. */
export function databasesBeside(sessionFile: string): string[] {
  const root = join(storageOf(sessionFile), "..");
  return entriesOf(root).filter((entry) => DATABASE.test(entry)).map((entry) => join(root, entry));
}

/** Finds databases, and the sessions of the storage that versions before 1.2 wrote. */
export function discover(roots: readonly string[]): Discovery {
  const found: Discovery = { sources: [], problems: [], unreadable: [] };
  for (const root of new Set(roots)) {
    const stat = statOf(root);
    if (stat === null) continue;
    if (stat.isDirectory) lookInto(root, found);
    else if (stat.isFile && isDatabase(root)) found.sources.push(databaseSource(root, stat));
  }
  const byKey = new Map(found.sources.map((source) => [source.key, source]));
  return { ...found, sources: [...byKey.values()].sort((a, b) => a.key < b.key ? -1 : 1) };
}

function lookInto(root: string, found: Discovery): void {
  let entries: string[];
  try {
    entries = [...Deno.readDirSync(root)].map(({ name }) => name);
  } catch (error) {
    found.unreadable.push(root);
    found.problems.push({ path: root, message: `Cannot read ${root}: ${failureReason(error)}` });
    return;
  }
  const databases = entries.filter((entry) => DATABASE.test(entry));
  for (const entry of databases) {
    const path = join(root, entry);
    const stat = statOf(path);
    if (stat?.isFile) found.sources.push(databaseSource(path, stat));
  }
  if (!entries.includes("storage")) return;
  const tree = findFiles([join(root, "storage", "session")], {
    accepts: (name) => name.endsWith(".json"),
  });
  found.sources.push(...tree.sources.map((source) => withRecords(source, databases.length > 0)));
  found.problems.push(...tree.problems);
  found.unreadable.push(...tree.unreadable);
}

/** The write-ahead log is what changes: the database itself may be written days later. */
function databaseSource(path: string, stat: Deno.FileInfo): SessionSource {
  const log = statOf(`${path}-wal`);
  const parts = log === null || log.size === 0 ? [stat] : [stat, log];
  return {
    key: path,
    path,
    stamp: parts.map(stampOf).join(" "),
    bytes: parts.reduce((sum, { size }) => sum + size, 0),
    modifiedAt: Math.max(...parts.map(timeOf)),
    identity: stat.ino ? `${stat.ino}:${basename(path)}` : null,
  };
}

/**
 * Adds to a session's stamp what tells that its messages changed: the last message and its last part are written in
 * place, and before them come new ones. A database that appears holds the session too, most often.
 */
function withRecords(source: SessionSource, hasDatabase: boolean): SessionSource {
  const storage = storageOf(source.path);
  const messages = join(storage, "message", recordId(source.path));
  const message = jsonFiles(messages).at(-1);
  const parts = join(storage, "part", recordId(message ?? ""));
  const part = message === undefined ? undefined : jsonFiles(parts).at(-1);
  const places = [
    messages,
    ...message === undefined ? [] : [join(messages, message), parts],
    ...part === undefined ? [] : [join(parts, part)],
  ];
  const stats = places.flatMap((place) => statOf(place) ?? []);
  return {
    ...source,
    stamp: [source.stamp, ...stats.map(stampOf), hasDatabase ? "beside a database" : ""].join(" "),
    modifiedAt: Math.max(source.modifiedAt, ...stats.map(timeOf)),
  };
}

function stampOf(stat: Deno.FileInfo): string {
  return `${stat.ino ?? 0}:${stat.size}:${timeOf(stat)}`;
}

function timeOf({ mtime }: Deno.FileInfo): number {
  return mtime?.getTime() ?? 0;
}

function statOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    return null;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}
