import {
  type ChangedPaths,
  type CommitChange,
  type FileChange,
  NO_LINES,
} from "../../domain/link_facts.ts";
import type { Database } from "../database.ts";

/** How much of what a commit changes was read. */
export type ChangeLevel = "paths" | "lines" | "unreadable" | "renames" | "partial";

/**
 * By their numbers in the store; `renames` are lines of which some are in a renamed file, `partial` those of the files
 * that git had.
 */
const LEVELS: readonly ChangeLevel[] = ["paths", "lines", "unreadable", "renames", "partial"];
const NONE = new Uint8Array(0);
// Making one takes longer than decoding most commits does.
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** How much was read of each of a repository's commits, by the store's number; commits not read are missing. */
export function loadChangeLevels(db: Database, repository: number): Map<number, ChangeLevel> {
  const rows = db.all<{ key: number; level: number }>(
    `SELECT x.commit_id AS key, x.level FROM commits c JOIN commit_changes x ON x.commit_id = c.id
     WHERE c.repository_id = ?`,
    repository,
  );
  return new Map(rows.map(({ key, level }) => [key, LEVELS[level]]));
}

/** The repositories of which git missed objects when what their commits change was read. */
export function listIncomplete(db: Database): Set<number> {
  const rows = db.all<{ id: number }>(
    `SELECT DISTINCT c.repository_id AS id FROM commit_changes x JOIN commits c ON c.id = x.commit_id
     WHERE x.level IN (2, 4)`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** The paths that a commit changes; null where nothing is known of them. */
export function loadPaths(db: Database, commit: number): ChangedPaths | null {
  const row = db.get<{ data: Uint8Array }>(
    "SELECT data FROM commit_changes WHERE commit_id = ? AND level = 0",
    commit,
  );
  return row === undefined ? null : decodePaths(row.data);
}

/** What a commit changes: with lines or with paths alone; null where nothing is known of it. */
export function loadChange(db: Database, commit: number): CommitChange | null {
  const row = db.get<{ level: number; data: Uint8Array }>(
    "SELECT level, data FROM commit_changes WHERE commit_id = ?",
    commit,
  );
  const level = row && LEVELS[row.level];
  if (row === undefined || level === "unreadable") return null;
  if (level === "partial") return { ...decodeChange(row.data), partial: true };
  if (level !== "paths") return decodeChange(row.data);
  const { added, others } = decodePaths(row.data);
  return {
    files: [...added, ...others].sort().map((path) => ({ path, oldPath: null, ...NO_LINES })),
    pathsOnly: true,
  };
}

/** Keeps which paths a commit changes, or that git could not read it. */
export function savePaths(db: Database, commit: number, paths: ChangedPaths | null): void {
  const data = paths === null ? NONE : encodePaths(paths);
  save(db, commit, { level: paths === null ? "unreadable" : "paths", data });
}

/** Keeps what a commit changes line by line, or that git could not read it. */
export function saveChange(db: Database, commit: number, change: CommitChange | null): void {
  const data = change === null ? NONE : encodeChange(change);
  const renames = change?.files.some(({ oldPath }) => oldPath !== null) ?? false;
  const level = change === null
    ? "unreadable"
    : change.partial
    ? "partial"
    : renames
    ? "renames"
    : "lines";
  save(db, commit, { level, data });
}

function save(
  db: Database,
  commit: number,
  { level, data }: { level: ChangeLevel; data: Uint8Array },
): void {
  db.run(
    `INSERT INTO commit_changes (commit_id, level, data) VALUES (?, ?, ?)
     ON CONFLICT (commit_id) DO UPDATE SET level = excluded.level, data = excluded.data`,
    commit,
    LEVELS.indexOf(level),
    data,
  );
}

/** Paths with NUL between them, those of new files first, and an empty one between the two kinds. */
function encodePaths({ added, others }: ChangedPaths): Uint8Array {
  return encoder.encode([...added, "", ...others].join("\0"));
}

function decodePaths(data: Uint8Array): ChangedPaths {
  const paths = decoder.decode(data).split("\0");
  const middle = paths.indexOf("");
  return { added: paths.slice(0, middle), others: paths.slice(middle + 1) };
}

/** A file in the blob's head: how many lines are added, removed and around them; runs of places are first, count, … */
type Head = [
  path: string,
  oldPath: string | null,
  added: number,
  removed: number,
  around: number,
  runs: number[],
];

/** One blob: the head's length, the head as JSON padded to whole words, then all hashes as 32-bit words. */
function encodeChange({ files }: CommitChange): Uint8Array {
  const head = encoder.encode(JSON.stringify(files.map(headOf)));
  const start = 4 + Math.ceil(head.byteLength / 4) * 4;
  const lists = files.flatMap(({ added, removed, around }) => [added, removed, around]);
  const count = lists.reduce((sum, { length }) => sum + length, 0);
  const blob = new Uint8Array(start + 4 * count);
  new DataView(blob.buffer).setUint32(0, head.byteLength, true);
  blob.set(head, 4);
  const words = new Uint32Array(blob.buffer, start);
  let at = 0;
  for (const list of lists) {
    words.set(list, at);
    at += list.length;
  }
  return blob;
}

function headOf({ path, oldPath, added, places, removed, around }: FileChange): Head {
  const runs: number[] = [];
  for (let i = 0; i < places.length; i++) {
    if (i > 0 && places[i] === places[i - 1] + 1) runs[runs.length - 1]++;
    else runs.push(places[i], 1);
  }
  return [path, oldPath, added.length, removed.length, around.length, runs];
}

function decodeChange(data: Uint8Array): CommitChange {
  const blob = data.byteOffset % 4 === 0 ? data : data.slice();
  const length = new DataView(blob.buffer, blob.byteOffset).getUint32(0, true);
  const heads = JSON.parse(decoder.decode(blob.subarray(4, 4 + length))) as Head[];
  const start = 4 + Math.ceil(length / 4) * 4;
  const words = new Uint32Array(
    blob.buffer,
    blob.byteOffset + start,
    (blob.byteLength - start) / 4,
  );
  let at = 0;
  const files = heads.map(([path, oldPath, added, removed, around, runs]): FileChange => ({
    path,
    oldPath,
    added: words.subarray(at, at += added),
    places: placesOf(runs, added),
    removed: words.subarray(at, at += removed),
    around: words.subarray(at, at += around),
  }));
  return { files };
}

function placesOf(runs: readonly number[], count: number): Uint32Array {
  const places = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    for (let place = 0; place < runs[i + 1]; place++) places[at++] = runs[i] + place;
  }
  return places;
}
