import { createHash } from "node:crypto";
import { isAbsolute, resolve } from "node:path";
import { isFolderAsync } from "../../fs/files.ts";
import { RECORDER_NOTES } from "./refs.ts";

/** The folders of a repository in which files change whenever a ref does. */
export interface RefLocations {
  /** Folders whose own files tell. */
  folders: string[];
  /** Folders that tell with everything below them. */
  trees: string[];
}

/**
 * Finds the folders to watch for a repository's refs: what the fingerprint reads lies in them. Refs that its
 * configuration puts elsewhere are watched there as well.
 */
export async function findRefLocations(commonDir: string): Promise<RefLocations> {
  const own = await locationsIn(commonDir);
  const storage = storageOf(await configOf(commonDir));
  if (storage.kind === "own" || storage.folder === null) return own;
  const other = await locationsIn(
    isAbsolute(storage.folder) ? storage.folder : resolve(commonDir, storage.folder),
  );
  return {
    folders: [...own.folders, ...other.folders],
    trees: [...own.trees, ...other.trees],
  };
}

async function locationsIn(commonDir: string): Promise<RefLocations> {
  const worktrees = await foldersIn(`${commonDir}/worktrees`);
  const folders = [
    commonDir,
    `${commonDir}/refs`,
    `${commonDir}/refs/notes`,
    `${commonDir}/reftable`,
    `${commonDir}/worktrees`,
    ...worktrees,
    ...worktrees.map((folder) => `${folder}/reftable`),
  ];
  const trees = ["heads", "remotes", "tags"].map((kind) => `${commonDir}/refs/${kind}`);
  return { folders: await existing(folders), trees: await existing(trees) };
}

const REF_FILE =
  /[\\/](?:HEAD|packed-refs|config|shallow|gitdir|tables\.list)$|[\\/]refs[\\/](?!.*\.lock$)/;
const REF_PLACE =
  /[\\/](?:refs|worktrees|reftable)$|[\\/]refs[\\/](?:heads|remotes|tags|notes)$|[\\/]worktrees[\\/][^\\/]+$/;

/** Whether a change of this path, in one of the {@linkcode RefLocations}, can be one of refs. Locks and indexes are none. */
export function isOfRefs(path: string): boolean {
  return REF_FILE.test(path) || REF_PLACE.test(path);
}

/** Whether this path, if it came or went, makes for other {@linkcode RefLocations}. */
export function isRefLocation(path: string): boolean {
  return REF_PLACE.test(path);
}

async function existing(folders: string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map((folder) => isFolderAsync(folder, { followLinks: false })),
  );
  return folders.filter((_, i) => found[i]);
}

async function foldersIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) found.push(`${folder}/${name}`);
    }
  } catch {
    return [];
  }
  return found.sort();
}

/** What came of reading a fingerprint. */
export type FingerprintOutcome =
  | { kind: "fingerprint"; fingerprint: Fingerprint }
  /** Refs may lie where these files do not tell of them: git must be asked besides. */
  | { kind: "elsewhere"; fingerprint: Fingerprint }
  /** It cannot be read, or has too many refs to look at: only git can tell. */
  | { kind: "unknown" }
  /** A file is a pipe, a device or far too long. git must not be let near it: it would read for ever. */
  | { kind: "odd"; path: string };

/** What tells, without asking git, whether a repository's refs moved. */
export interface Fingerprint {
  /** Equal as long as no ref moved. */
  refs: string;
  /** Equal as long as history is cut at the same commits: where a shallow clone ends. "" where it is whole. */
  boundary: string;
  /** Equal as long as recorders of sessions wrote no note. "" where they never did. */
  recorders: string;
  /** Something changed too recently for the file system's clock to tell changes apart: don't rely on it. */
  racy: boolean;
}

/** How many loose refs are read; those beyond are told by their folder's time and their names. */
const READ_REFS = 1_000;
/** How many names below `refs` are looked at before giving up on a fingerprint. */
const NAMES = 200_000;
/** A ref is a hash or another's name; what is longer is none. */
const REF_BYTES = 4_096;
/** Larger files are told by their time and size. */
const READ_BYTES = 65_536;
/** A folder of this size takes long enough to list for other things to be let in meanwhile. */
const LARGE_FOLDER_BYTES = 262_144;
/** Some file systems keep times in steps of two seconds. */
const RACY_MS = 2_100;

/**
 * Reads the fingerprint of a repository's refs: HEAD, branches, remotes, tags, packed refs, reftables, the HEADs of
 * worktrees, the boundary of a shallow clone, the notes of recorders, and the configuration.
 *
 * Most refs are read: some tools write them in place, which their folder's time does not show. Where there are very
 * many, that time stands for them.
 *
 * @param commonDir The repository's common directory, on a disk that is known to answer.
 * @param options.now The time, Unix milliseconds.
 */
export async function readFingerprint(
  commonDir: string,
  { now, signal }: { now: () => number; signal?: AbortSignal },
): Promise<FingerprintOutcome> {
  const refs = new Reader(now);
  const boundary = new Reader(now);
  const recorders = new Reader(now);
  let elsewhere = false;
  try {
    const top = new Set(namesIn(commonDir));
    const [head, config] = ["HEAD", "config", "packed-refs"].map((name) =>
      top.has(name) ? refs.file(`${commonDir}/${name}`) : ""
    );
    elsewhere = config === null || storageOf(config).kind === "elsewhere" ||
      (NO_HEAD.test(head ?? "") && !top.has("reftable"));
    if (top.has("reftable")) refs.file(`${commonDir}/reftable/tables.list`);
    const kinds = new Set(namesIn(`${commonDir}/refs`));
    for (const kind of ["heads", "remotes", "tags"]) {
      if (!kinds.has(kind)) continue;
      if (!(await refs.tree(`${commonDir}/refs/${kind}`, signal))) return { kind: "unknown" };
    }
    for (const worktree of top.has("worktrees") ? namesIn(`${commonDir}/worktrees`) : []) {
      const names = namesIn(`${commonDir}/worktrees/${worktree}`);
      for (const name of ["HEAD", "gitdir"]) {
        if (names.includes(name)) refs.file(`${commonDir}/worktrees/${worktree}/${name}`);
      }
      if (names.includes("reftable")) {
        refs.file(`${commonDir}/worktrees/${worktree}/reftable/tables.list`);
      }
    }
    if (kinds.has("notes")) {
      const names = new Set(namesIn(`${commonDir}/refs/notes`));
      for (const name of RECORDER_NOTES) {
        if (names.has(name)) recorders.file(`${commonDir}/refs/notes/${name}`);
      }
    }
    if (top.has("shallow")) boundary.file(`${commonDir}/shallow`);
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof OddFile ? { kind: "odd", path: error.path } : { kind: "unknown" };
  }
  const racy = refs.racy || boundary.racy || recorders.racy;
  return {
    kind: elsewhere || refs.linked ? "elsewhere" : "fingerprint",
    fingerprint: {
      refs: refs.digest(),
      boundary: boundary.digest(),
      recorders: recorders.digest(),
      racy,
    },
  };
}

/** A fingerprint with what git says of refs that files do not tell of. */
export function withRefs(fingerprint: Fingerprint, said: string): Fingerprint {
  return { ...fingerprint, refs: digestOf([fingerprint.refs, said]) };
}

/** What HEAD says where it is kept elsewhere. */
const NO_HEAD = /^ref: refs\/heads\/\.invalid\b/;
const STORAGE = /^[ \t]*refstorage[ \t]*=[ \t]*"?([^"\r\n#;]*)/im;

/** Where a repository's refs are, by its configuration. `folder` is null where that cannot be told. */
type Storage = { kind: "own" } | { kind: "elsewhere"; folder: string | null };

function storageOf(config: string): Storage {
  const value = STORAGE.exec(config)?.[1].trim();
  if (value === undefined || value === "files" || value === "reftable") return { kind: "own" };
  return { kind: "elsewhere", folder: /^(?:files|reftable):\/\/(.+)$/.exec(value)?.[1] ?? null };
}

/** The text of a repository's configuration, or "" where it is none of an ordinary size. */
async function configOf(commonDir: string): Promise<string> {
  try {
    const { isFile, size } = await Deno.stat(`${commonDir}/config`);
    return isFile && size <= READ_BYTES ? await Deno.readTextFile(`${commonDir}/config`) : "";
  } catch {
    return "";
  }
}

class OddFile extends Error {
  path: string;

  constructor(path: string) {
    super(`Cannot read ${path}: it is no ordinary file`);
    this.path = path;
  }
}

/**
 * Adds up what files say, in an order that does not depend on the file system's. Files are small and many: waiting for
 * each of them takes ten times as long as reading it.
 */
class Reader {
  racy = false;
  /** There are links among the refs, which are not followed. */
  linked = false;
  #parts: string[] = [];
  #now: () => number;
  #unread = READ_REFS;
  #names = NAMES;
  #buffer = new Uint8Array(REF_BYTES);
  #decoder = new TextDecoder("latin1");

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns What the file says; null where it is too long, "" where it is a folder. */
  file(path: string): string | null {
    const info = Deno.statSync(path);
    if (info.isDirectory) return "";
    if (!info.isFile) throw new OddFile(path);
    if (info.size > READ_BYTES) {
      this.#stamp(path, info);
      return null;
    }
    const text = this.#decoder.decode(Deno.readFileSync(path));
    this.#add(path, text);
    return text;
  }

  /** @returns false if there are too many names. */
  async tree(folder: string, signal?: AbortSignal): Promise<boolean> {
    const pending = [folder];
    while (pending.length > 0) {
      signal?.throwIfAborted();
      const at = pending.pop()!;
      // A link may lead anywhere, round in a circle included; git makes none here.
      const info = Deno.lstatSync(at);
      if (!info.isDirectory) {
        this.linked ||= info.isSymlink;
        continue;
      }
      const entries = info.size < LARGE_FOLDER_BYTES
        ? Array.from(Deno.readDirSync(at))
        : await Array.fromAsync(Deno.readDir(at));
      this.#names -= entries.length;
      if (this.#names < 0) return false;
      const files: string[] = [];
      const folders: string[] = [];
      for (const { name, isFile, isDirectory } of entries) {
        if (isDirectory) folders.push(`${at}/${name}`);
        else if (!isFile) {
          this.linked = true;
          checkLink(`${at}/${name}`);
        } else if (!name.endsWith(".lock")) files.push(name);
      }
      pending.push(...folders.sort().reverse());
      this.#refs(at, { info, files: files.sort() });
    }
    return true;
  }

  /** Nothing for nothing, so that what is not there need not be looked for. */
  digest(): string {
    return this.#parts.length === 0 ? "" : digestOf(this.#parts);
  }

  #refs(folder: string, { info, files }: { info: Deno.FileInfo; files: string[] }): void {
    if (files.length > this.#unread) {
      this.#stamp(folder, info);
      this.#parts.push(...files);
      return;
    }
    this.#unread -= files.length;
    for (const name of files) this.#add(`${folder}/${name}`, this.#ref(`${folder}/${name}`));
  }

  #ref(path: string): string {
    using file = Deno.openSync(path);
    const size = file.readSync(this.#buffer) ?? 0;
    if (size === REF_BYTES) throw new OddFile(path);
    return this.#decoder.decode(this.#buffer.subarray(0, size));
  }

  #stamp(path: string, { mtime, size, ino }: Deno.FileInfo): void {
    const changed = mtime?.getTime() ?? 0;
    if (Math.abs(this.#now() - changed) < RACY_MS) this.racy = true;
    this.#add(path, `${changed} ${size} ${ino}`);
  }

  #add(name: string, content: string): void {
    this.#parts.push(name, content);
  }
}

/** A link to a file or folder is a ref to git; what it leads to is not looked at, but must be harmless. */
function checkLink(path: string): void {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch {
    return;
  }
  if (!info.isDirectory && (!info.isFile || info.size >= REF_BYTES)) throw new OddFile(path);
}

function digestOf(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32);
}

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}
