import type { CommitHash } from "../ids.ts";
import type { GitAnswer, TreeEntry } from "./questions.ts";
import type { GitPlace } from "./refs.ts";
import { isTreePath } from "./revisions.ts";
import type { GitRunner } from "./runner.ts";
import { trouble } from "./trouble.ts";

/** The most entries of a folder that are given. */
const MOST_ENTRIES = 5_000;

/** One line of `git ls-tree -l`. */
interface Listed {
  mode: string;
  type: string;
  hash: string;
  size: number | null;
  name: string;
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
  const found = await list(git, options, [hash, "--", path]);
  if (found.kind !== "ok") return found;
  const entry = found.entries.find(({ name }) => name === path);
  if (entry === undefined) return missing(options);
  if (entry.type === "tree") return await readFolder(git, options);
  if (entry.type === "commit") {
    return { kind: "ok", value: { kind: "submodule", hash: entry.hash } };
  }
  return { kind: "ok", value: { kind: "file", size: entry.size ?? 0, mode: entry.mode } };
}

async function readFolder(git: GitRunner, options: TreeOptions): Promise<GitAnswer<"path">> {
  const found = await list(git, options, [`${options.hash}:${options.path}`]);
  if (found.kind !== "ok") return found;
  const entries = found.entries.map(({ mode, type, size, name }): TreeEntry => ({
    name,
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
  const fields = new TextDecoder().decode(outcome.stdout).split("\0").slice(0, -1);
  const entries = fields.map((field): Listed => {
    const end = field.indexOf("\t");
    const [mode, type, hash, size] = field.slice(0, end).split(/ +/);
    return {
      mode,
      type,
      hash,
      size: size === "-" ? null : Number(size),
      name: field.slice(end + 1),
    };
  });
  return { kind: "ok", entries };
}

function missing({ path, hash }: TreeOptions): GitAnswer<"path"> {
  return {
    kind: "trouble",
    code: "notFound",
    message: `${path || "This folder"} is not in the version ${hash.slice(0, 8)}.`,
  };
}
