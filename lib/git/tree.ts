import type { CommitHash } from "../domain/ids.ts";
import { unquote } from "./diff/diff_parser.ts";
import type { GitError, GitResult, TreeEntry } from "./read/queries.ts";
import { gitError } from "./run/failure.ts";
import type { GitDir, GitRunner } from "./run/runner.ts";

/** The most entries of a folder that are given. */
const MOST_ENTRIES = 5_000;

/** One line of `git ls-tree -l`. */
interface Listed {
  mode: string;
  type: string;
  hash: string;
  size: number | null;
  name: Uint8Array;
}

/** Where to look. */
export interface TreeOptions {
  place: GitDir;
  hash: CommitHash;
  path: string;
  signal?: AbortSignal;
}

/** Tells what a commit has at a path: a folder with its entries, a file, or a submodule. */
export async function readPath(git: GitRunner, options: TreeOptions): Promise<GitResult<"path">> {
  const { hash, path } = options;
  if (!isTreePath(path)) return missing(options);
  if (path === "") return await readFolder(git, options);
  if (isSpelled(path)) return await readSpelled(git, options);
  const found = await list(git, options, [hash, "--", path]);
  if (found.kind !== "ok") return found;
  const entry = found.entries.find(({ name }) => spellPath(name) === path);
  if (entry === undefined) return missing(options);
  if (entry.type === "tree") return await readFolder(git, options);
  if (entry.type === "commit") {
    return { kind: "ok", value: { kind: "submodule", hash: entry.hash } };
  }
  return { kind: "ok", value: { kind: "file", size: entry.size ?? 0, mode: entry.mode } };
}

/** What is at a path that git does not take as an argument. */
async function readSpelled(git: GitRunner, options: TreeOptions): Promise<GitResult<"path">> {
  const found = await findObject(git, options);
  if (found.kind !== "found") return found;
  const { type, hash, size } = found;
  if (type === "tree") return await readFolder(git, options, hash);
  return { kind: "ok", value: { kind: "file", size, mode: "100644" } };
}

/** The object at a path, which git reads from its input: any bytes may be in it but a line's end. */
export async function findObject(
  git: GitRunner,
  options: TreeOptions,
): Promise<{ kind: "found"; hash: string; type: "blob" | "tree"; size: number } | GitError> {
  const { place, hash, path, signal } = options;
  const bytes = pathBytes(path);
  if (bytes.includes(NEWLINE)) return missing(options);
  const before = new TextEncoder().encode(`${hash}:`);
  const outcome = await git.run(
    ["cat-file", "--batch-check=%(objecttype) %(objectname) %(objectsize)"],
    { ...place, signal, input: Uint8Array.from([...before, ...bytes, NEWLINE]) },
  );
  if (outcome.kind !== "ok") return gitError(outcome, place.cwd);
  const [type, name, size] = new TextDecoder().decode(outcome.stdout).trim().split(" ");
  if (type !== "blob" && type !== "tree") return missing(options);
  return { kind: "found", type, hash: name, size: Number(size) };
}

const NEWLINE = 10;

async function readFolder(
  git: GitRunner,
  options: TreeOptions,
  tree: string = `${options.hash}:${options.path}`,
): Promise<GitResult<"path">> {
  const found = await list(git, options, [tree]);
  if (found.kind !== "ok") return found;
  const entries = found.entries.map(({ mode, type, size, name }): TreeEntry => ({
    name: new TextDecoder().decode(name),
    path: insidePath(options.path, name),
    kind: type === "tree"
      ? "folder"
      : type === "commit"
      ? "submodule"
      : mode === "120000"
      ? "link"
      : "file",
    size,
  }));
  const rank = ({ kind }: TreeEntry) => kind === "folder" || kind === "submodule" ? 0 : 1;
  entries.sort((a, b) => rank(a) - rank(b));
  return {
    kind: "ok",
    value: {
      kind: "folder",
      entries: entries.slice(0, MOST_ENTRIES),
      cut: entries.length > MOST_ENTRIES,
    },
  };
}

async function list(
  git: GitRunner,
  { place, signal }: TreeOptions,
  what: string[],
): Promise<{ kind: "ok"; entries: Listed[] } | Exclude<GitResult<"path">, { kind: "ok" }>> {
  const outcome = await git.run(
    ["ls-tree", "-z", "--long", "--full-tree", "--end-of-options", ...what],
    { ...place, signal, timeoutMs: 20_000, maxBytes: 16 * 1_048_576 },
  );
  if (outcome.kind !== "ok") return gitError(outcome, place.cwd);
  const { stdout } = outcome;
  const entries: Listed[] = [];
  for (let start = 0, end; (end = stdout.indexOf(0, start)) >= 0; start = end + 1) {
    const tab = stdout.indexOf(TAB, start);
    const about = new TextDecoder().decode(stdout.subarray(start, tab));
    const [mode, type, hash, size] = about.split(/ +/);
    entries.push({
      mode,
      type,
      hash,
      size: size === "-" ? null : Number(size),
      name: stdout.slice(tab + 1, end),
    });
  }
  return { kind: "ok", entries };
}

const TAB = 9;

function missing({ path, hash }: TreeOptions): GitError {
  return {
    kind: "error",
    code: "notFound",
    message: `${readablePath(path) || "This folder"} is not in the version ${hash.slice(0, 8)}.`,
  };
}

/**
 * Paths in a repository are bytes. As a text, one that is UTF-8 is itself; any other is spelled as git spells it: in
 * quotes, with `\351` for a byte. So that this is no other file's name, a path that begins with a quote is spelled so too.
 */
export function spellPath(bytes: Uint8Array): string {
  if (bytes[0] !== QUOTE && isUtf8(bytes)) return new TextDecoder("utf-8", KEEP).decode(bytes);
  let inside = "";
  for (const byte of bytes) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH;
    inside += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return `"${inside}"`;
}

/** The bytes of a path as {@linkcode spellPath} gives it. */
export function pathBytes(path: string): Uint8Array {
  if (!isSpelled(path)) return new TextEncoder().encode(path);
  const bytes: number[] = [];
  for (const [part, octal] of path.slice(1, -1).matchAll(/\\([0-7]{3})|[^\\]/g)) {
    bytes.push(octal === undefined ? part.charCodeAt(0) : parseInt(octal, 8));
  }
  return Uint8Array.from(bytes);
}

/** Whether a path is spelled in quotes: git takes no such name as an argument, only through its input. */
export function isSpelled(path: string): boolean {
  return /^"(?:[ !#-[\]-~]|\\[0-3][0-7]{2})*"$/.test(path);
}

/** A path for people to read: bytes that are no text are `\ufffd`. */
export function readablePath(path: string): string {
  return isSpelled(path) ? unquote(path) : path;
}

/** Every folder above a path with its own path, the topmost first, and the path itself at last. */
export function pathSteps(path: string): { name: string; path: string }[] {
  const bytes = pathBytes(path);
  const steps = [];
  for (let end = 0, start = 0; end <= bytes.length; end++) {
    if (end < bytes.length && bytes[end] !== SLASH) continue;
    steps.push({
      name: new TextDecoder().decode(bytes.subarray(start, end)),
      path: spellPath(bytes.subarray(0, end)),
    });
    start = end + 1;
  }
  return steps;
}

/** A path inside a folder; "" is the topmost. */
export function insidePath(folder: string, name: Uint8Array): string {
  if (folder === "") return spellPath(name);
  const before = pathBytes(folder);
  const bytes = new Uint8Array(before.byteLength + 1 + name.byteLength);
  bytes.set(before);
  bytes[before.byteLength] = SLASH;
  bytes.set(name, before.byteLength + 1);
  return spellPath(bytes);
}

/** A name may begin with what is a byte order mark elsewhere. */
const KEEP = { ignoreBOM: true };
const QUOTE = 34;
const BACKSLASH = 92;
const SLASH = 47;

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text can be a path in a repository; "" is its topmost folder. */
export function isTreePath(text: string): boolean {
  if (text === "") return true;
  const path = readablePath(text);
  return path.length <= LONGEST_PATH && !path.includes("\0") &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

const LONGEST_PATH = 4_096;
