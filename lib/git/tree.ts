import type { CommitHash } from "../domain/ids.ts";
import type { GitAnswer, GitTrouble, TreeEntry } from "./questions.ts";
import type { GitPlace } from "./refs.ts";
import { isTreePath } from "./revisions.ts";
import type { GitRunner } from "./runner.ts";
import { insidePath, isSpelled, pathBytes, readablePath, spellPath } from "./tree_path.ts";
import { trouble } from "./trouble.ts";

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
  place: GitPlace;
  hash: CommitHash;
  path: string;
  signal?: AbortSignal;
}

/** Tells what a commit has at a path: a folder with its entries, a file, or a submodule. */
export async function readPath(git: GitRunner, options: TreeOptions): Promise<GitAnswer<"path">> {
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
async function readSpelled(git: GitRunner, options: TreeOptions): Promise<GitAnswer<"path">> {
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
): Promise<{ kind: "found"; hash: string; type: "blob" | "tree"; size: number } | GitTrouble> {
  const { place, hash, path, signal } = options;
  const bytes = pathBytes(path);
  if (bytes.includes(NEWLINE)) return missing(options);
  const before = new TextEncoder().encode(`${hash}:`);
  const outcome = await git.run(
    ["cat-file", "--batch-check=%(objecttype) %(objectname) %(objectsize)"],
    { ...place, signal, input: Uint8Array.from([...before, ...bytes, NEWLINE]) },
  );
  if (outcome.kind !== "ok") return trouble(outcome, place.cwd);
  const [type, name, size] = new TextDecoder().decode(outcome.stdout).trim().split(" ");
  if (type !== "blob" && type !== "tree") return missing(options);
  return { kind: "found", type, hash: name, size: Number(size) };
}

const NEWLINE = 10;

async function readFolder(
  git: GitRunner,
  options: TreeOptions,
  tree: string = `${options.hash}:${options.path}`,
): Promise<GitAnswer<"path">> {
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
): Promise<{ kind: "ok"; entries: Listed[] } | Exclude<GitAnswer<"path">, { kind: "ok" }>> {
  const outcome = await git.run(
    ["ls-tree", "-z", "--long", "--full-tree", "--end-of-options", ...what],
    { ...place, signal, timeoutMs: 20_000, maxBytes: 16 * 1_048_576 },
  );
  if (outcome.kind !== "ok") return trouble(outcome, place.cwd);
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

function missing({ path, hash }: TreeOptions): GitTrouble {
  return {
    kind: "trouble",
    code: "notFound",
    message: `${readablePath(path) || "This folder"} is not in the version ${hash.slice(0, 8)}.`,
  };
}
