import { createHash, type Hash } from "node:crypto";

/** What came of reading a fingerprint. */
export type FingerprintOutcome =
  | { kind: "fingerprint"; fingerprint: Fingerprint }
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
  /** Something changed too recently for the file system's clock to tell changes apart: don't rely on it. */
  racy: boolean;
}

/** How many loose refs are read; those beyond are told by their folder's time and their names. */
const READ_REFS = 1_000;
/** How many folders and names below `refs` are looked at before giving up on a fingerprint. */
const NAMES = 200_000;
/** A ref is a hash or another's name; what is longer is none. */
const REF_BYTES = 4_096;
/** Larger files are told by their time and size. */
const READ_BYTES = 1_048_576;
/** Some file systems keep times in steps of two seconds. */
const RACY_MS = 2_100;

/**
 * Reads the fingerprint of a repository's refs: HEAD, branches, remotes, tags, packed refs, reftables, the HEADs of
 * worktrees, the boundary of a shallow clone, and the configuration.
 *
 * git replaces these files by renaming, so a folder's time changes with every ref below it.
 *
 * @param commonDir The repository's common directory.
 * @param options.now The time, Unix milliseconds.
 */
export async function readFingerprint(
  commonDir: string,
  { now, signal }: { now: () => number; signal?: AbortSignal },
): Promise<FingerprintOutcome> {
  const refs = new Reader(now);
  const boundary = new Reader(now);
  let shallow: boolean;
  try {
    await refs.file(`${commonDir}/HEAD`);
    await refs.file(`${commonDir}/config`);
    await refs.file(`${commonDir}/packed-refs`);
    await refs.file(`${commonDir}/reftable/tables.list`);
    for (const kind of ["heads", "remotes", "tags"]) {
      if (!(await refs.tree(`${commonDir}/refs/${kind}`, signal))) return { kind: "unknown" };
    }
    for (const worktree of await namesIn(`${commonDir}/worktrees`)) {
      await refs.file(`${commonDir}/worktrees/${worktree}/HEAD`);
      await refs.file(`${commonDir}/worktrees/${worktree}/gitdir`);
      await refs.file(`${commonDir}/worktrees/${worktree}/reftable/tables.list`);
    }
    shallow = await boundary.file(`${commonDir}/shallow`);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof OddFile) return { kind: "odd", path: error.path };
    if (isMissing(error) || error instanceof Deno.errors.PermissionDenied) {
      return { kind: "unknown" };
    }
    throw error;
  }
  const fingerprint = {
    refs: refs.digest(),
    boundary: shallow ? boundary.digest() : "",
    racy: refs.racy || boundary.racy,
  };
  return { kind: "fingerprint", fingerprint };
}

class OddFile extends Error {
  path: string;

  constructor(path: string) {
    super(`Cannot read ${path}: it is no ordinary file`);
    this.path = path;
  }
}

/** Adds up what files say, in an order that does not depend on the file system's. */
class Reader {
  racy = false;
  #hash: Hash = createHash("sha256");
  #now: () => number;
  #unread = READ_REFS;
  #names = NAMES;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns Whether there is such a file. */
  async file(path: string): Promise<boolean> {
    let info: Deno.FileInfo;
    try {
      info = await Deno.stat(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.#add(path, "missing");
      return false;
    }
    if (info.isDirectory) return false;
    if (!info.isFile) throw new OddFile(path);
    if (info.size > READ_BYTES) this.#stamp(path, info);
    else this.#add(path, await Deno.readFile(path).catch(missingAsEmpty));
    return true;
  }

  /** @returns false if there are too many names. */
  async tree(folder: string, signal?: AbortSignal): Promise<boolean> {
    const pending = [folder];
    while (pending.length > 0) {
      signal?.throwIfAborted();
      const at = pending.pop()!;
      let info: Deno.FileInfo;
      try {
        // A link may lead anywhere, round in a circle included; git makes none here.
        info = await Deno.lstat(at);
      } catch (error) {
        if (!isMissing(error)) throw error;
        this.#add(at, "missing");
        continue;
      }
      if (!info.isDirectory) continue;
      const entries = await entriesIn(at);
      this.#names -= entries.length;
      if (this.#names < 0) return false;
      for (const entry of entries) {
        if (!entry.isFile && !entry.isDirectory) await checkLink(`${at}/${entry.name}`);
      }
      const files = entries.filter((entry) => entry.isFile).map(({ name }) => name).sort();
      const folders = entries.filter((entry) => entry.isDirectory).map(({ name }) => name).sort();
      pending.push(...folders.reverse().map((name) => `${at}/${name}`));
      if (files.length > this.#unread) {
        this.#stamp(at, info);
        this.#add(at, files.join("\n"));
        continue;
      }
      this.#unread -= files.length;
      for (const name of files) {
        if (!name.endsWith(".lock")) this.#add(`${at}/${name}`, readRef(`${at}/${name}`));
      }
    }
    return true;
  }

  digest(): string {
    return this.#hash.digest("hex").slice(0, 32);
  }

  #stamp(path: string, { mtime, size, ino }: Deno.FileInfo): void {
    const changed = mtime?.getTime() ?? 0;
    if (Math.abs(this.#now() - changed) < RACY_MS) this.racy = true;
    this.#add(path, `${changed} ${size} ${ino}`);
  }

  #add(name: string, content: string | Uint8Array): void {
    this.#hash.update(`${name.length} ${name} ${content.length} `).update(content);
  }
}

/** A link to a file or folder is a ref to git; what it leads to is not looked at, but must be harmless. */
async function checkLink(path: string): Promise<void> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch {
    return;
  }
  if (!info.isDirectory && (!info.isFile || info.size >= REF_BYTES)) throw new OddFile(path);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await entriesIn(folder)).filter((entry) => entry.isDirectory).map(({ name }) => name)
    .sort();
}

async function entriesIn(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Refs are small and many: waiting for each of them takes twenty times as long as reading it. */
function readRef(path: string): Uint8Array {
  try {
    using file = Deno.openSync(path);
    const buffer = new Uint8Array(REF_BYTES);
    const read = file.readSync(buffer) ?? 0;
    if (read === REF_BYTES) throw new OddFile(path);
    return buffer.subarray(0, read);
  } catch (error) {
    if (isMissing(error)) return new Uint8Array();
    throw error;
  }
}

function missingAsEmpty(error: unknown): Uint8Array {
  if (isMissing(error)) return new Uint8Array();
  throw error;
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
