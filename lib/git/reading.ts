import { type Blame, parseBlame } from "./blame.ts";
import type { GitFailure, GitRunner } from "./calls.ts";
import { parsePatch, type PatchFile } from "./patch.ts";

/** What pages ask of a repository while somebody looks. */
export interface GitReading {
  /** What a commit changed: against its first parent, where it has several. */
  patch(folder: string, commit: string): Promise<PatchAnswer>;
  /** Who wrote each line of a file at a revision. */
  blame(folder: string, file: FileAt): Promise<BlameAnswer>;
  /** What a folder holds at a revision. */
  tree(folder: string, file: FileAt): Promise<TreeAnswer>;
}

/** A path at a revision: a hash, a branch, a tag. */
export interface FileAt {
  /** From the repository's root, with `/`. */
  path: string;
  at: string;
}

/** Why git gave nothing, in one sentence for the reader. */
export interface ReadingFailure {
  kind: "failed";
  message: string;
}

/** A commit's changes. */
export type PatchAnswer = { kind: "patch"; files: PatchFile[]; cut: boolean } | ReadingFailure;

/** A file's lines at the commit that the revision names. */
export type BlameAnswer = ({ kind: "blame"; commit: string } & Blame) | ReadingFailure;

/** An entry of a folder. */
export interface TreeEntry {
  name: string;
  kind: "folder" | "file" | "submodule";
  /** Bytes; null for anything but a file. */
  size: number | null;
}

/** A folder's entries, folders first, at the commit that the revision names. */
export type TreeAnswer =
  | { kind: "tree"; commit: string; entries: TreeEntry[]; cut: boolean }
  | ReadingFailure;

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 24 * 1_024 * 1_024;
const MAX_ENTRIES = 5_000;
const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const LIMITS = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
/** Revisions that are not flags and name nothing but a commit: no ranges, no searches in messages. */
const REVISION = /^[\w@][\w@./+#=~^-]{0,200}$/;

/** Reads repositories with `git`, in this thread. */
export function createGitReading(git: GitRunner): GitReading {
  async function commitOf(cwd: string, at: string): Promise<string | ReadingFailure> {
    if (!REVISION.test(at) || at.includes("..") || at.includes("@{")) {
      return failed(`${quote(at)} is no revision: name a hash, a branch or a tag.`);
    }
    const outcome = await git.run(["rev-parse", "--verify", "--quiet", `${at}^{commit}`], {
      cwd,
      timeoutMs: TIMEOUT_MS,
    });
    if (outcome.kind === "failed" && outcome.stderr === "") {
      return failed(`The repository has no revision ${quote(at)}.`);
    }
    if (outcome.kind !== "ok") return failed(sentence(outcome));
    return new TextDecoder().decode(outcome.stdout).trim();
  }

  return {
    async patch(cwd, commit) {
      if (!HASH.test(commit)) return failed(`${quote(commit)} is no commit's hash.`);
      const parents = await git.run(["rev-list", "--parents", "-n", "1", commit], {
        cwd,
        ...LIMITS,
      });
      if (parents.kind !== "ok") return failed(sentence(parents));
      const [, first, ...others] = new TextDecoder().decode(parents.stdout).trim().split(" ");
      const compared = others.length > 0 ? [first, commit] : ["--root", commit];
      const outcome = await git.run(
        [
          "-c",
          "core.quotePath=false",
          "diff-tree",
          "-r",
          "-p",
          "-M",
          "-U3",
          "--no-color",
          "--no-commit-id",
          "--no-ext-diff",
          "--no-textconv",
          ...compared,
        ],
        { cwd, ...LIMITS },
      );
      if (outcome.kind !== "ok") return failed(sentence(outcome));
      return { kind: "patch", ...parsePatch(new TextDecoder().decode(outcome.stdout)) };
    },

    async blame(cwd, { path, at }) {
      const commit = await commitOf(cwd, at);
      if (typeof commit !== "string") return commit;
      const outcome = await git.run(
        ["-c", "core.quotePath=false", "-c", "blame.ignoreRevsFile="].concat(
          ["blame", "--porcelain", "--no-textconv", "--no-progress", commit, "--", path],
        ),
        { cwd, ...LIMITS },
      );
      if (outcome.kind === "failed" && outcome.stderr.includes("no such path")) {
        return failed(`There is no file ${quote(path)} at this revision.`);
      }
      if (outcome.kind !== "ok") return failed(sentence(outcome));
      const text = new TextDecoder().decode(outcome.stdout);
      if (text.includes("\0")) return failed("This file is not text, so it has no lines to show.");
      return { kind: "blame", commit, ...parseBlame(text) };
    },

    async tree(cwd, { path, at }) {
      const commit = await commitOf(cwd, at);
      if (typeof commit !== "string") return commit;
      const inside = path === "" ? [] : ["--", `${path.replace(/\/+$/, "")}/`];
      const outcome = await git.run(["ls-tree", "-z", "--long", commit, ...inside], {
        cwd,
        ...LIMITS,
      });
      if (outcome.kind !== "ok") return failed(sentence(outcome));
      const fields = new TextDecoder().decode(outcome.stdout).split("\0");
      const entries = fields.filter((field) => field !== "").map(treeEntry);
      if (entries.length === 0 && path !== "") {
        return failed(`There is no folder ${quote(path)} at this revision.`);
      }
      entries.sort((a, b) =>
        Number(b.kind === "folder") - Number(a.kind === "folder") || a.name.localeCompare(b.name)
      );
      const cut = entries.length > MAX_ENTRIES;
      return { kind: "tree", commit, entries: entries.slice(0, MAX_ENTRIES), cut };
    },
  };
}

function treeEntry(field: string): TreeEntry {
  const [meta, path] = field.split(/\t(.*)/s);
  const [, type, , size] = meta.split(/ +/);
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    kind: type === "tree" ? "folder" : type === "commit" ? "submodule" : "file",
    size: type === "blob" ? Number(size) : null,
  };
}

function failed(message: string): ReadingFailure {
  return { kind: "failed", message };
}

function sentence(failure: GitFailure): string {
  switch (failure.kind) {
    case "failed":
      return `git could not read it: ${failure.stderr.trim().split("\n")[0] || "no reason given"}.`;
    case "timeout":
      return "git took too long to read it.";
    case "aborted":
      return "Reading it was stopped.";
    case "tooLarge":
      return "It is larger than a page can show.";
    case "gitMissing":
      return failure.message;
    default:
      return failure satisfies never;
  }
}

function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
