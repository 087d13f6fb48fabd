import type { GitFailure, GitRunner } from "./runner.ts";

/** Where a repository is, for a call of git. */
export interface GitPlace {
  /** The folder that git works in. */
  cwd: string;
  /** Its parent, above which git looks for nothing. */
  ceiling: string;
}

/** What the refs of a repository name. */
export interface Refs {
  /** The objects that branches, remote branches, tags and worktrees' HEADs name, sorted, without repeats. */
  tips: string[];
  /** The branch that `origin` calls its main one, else the one checked out; null where neither is known. */
  defaultBranch: string | null;
}

/** Branches that a recorder of sessions keeps its own files on: their commits are nobody's work. */
const RECORDER =
  /^refs\/(?:heads|remotes\/[^/]+)\/entire\/(?:checkpoints\/|sessions$|[0-9a-f]{7,}(?:-|$))/;
const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const NO_WORKTREES = { kind: "ok", stdout: new Uint8Array(), stderr: "" } as const;
const LISTING_BYTES = 512 * 1024 * 1024;

/**
 * Lists what refs name: branches, remote branches, tags, and the HEAD of every worktree. Stashes, notes and other
 * tools' refs are left out.
 *
 * @param options.heads Whether any HEAD may name a commit that no branch does. @default {true}
 */
export async function readRefs(
  runner: GitRunner,
  place: GitPlace,
  { signal, heads = true }: { signal?: AbortSignal; heads?: boolean } = {},
): Promise<({ kind: "ok" } & Refs) | GitFailure> {
  const options = { ...place, signal, maxBytes: LISTING_BYTES };
  const [refs, worktrees] = await Promise.all([
    runner.run(
      [
        "for-each-ref",
        "--format=%(objectname) %(refname)%(if)%(symref)%(then) %(symref)%(else)%(if)%(HEAD)%(then) %(HEAD)%(end)%(end)",
        "refs/heads",
        "refs/remotes",
        "refs/tags",
      ],
      options,
    ),
    heads ? runner.run(["worktree", "list", "--porcelain"], options) : NO_WORKTREES,
  ]);
  if (refs.kind !== "ok") return refs;
  if (worktrees.kind !== "ok") return worktrees;
  const tips = new Set<string>();
  let remote: string | null = null;
  let current: string | null = null;
  for (const line of lines(refs.stdout)) {
    const [hash, name, mark] = line.split(" ");
    if (HASH.test(hash) && !RECORDER.test(name)) tips.add(hash);
    if (mark === "*") current = name.replace("refs/heads/", "");
    if (name === "refs/remotes/origin/HEAD" && mark !== undefined) {
      remote = mark.replace("refs/remotes/origin/", "");
    }
  }
  for (const line of lines(worktrees.stdout)) {
    const hash = /^HEAD (.+)$/.exec(line)?.[1];
    if (hash !== undefined && HASH.test(hash) && !/^0+$/.test(hash)) tips.add(hash);
  }
  return { kind: "ok", tips: [...tips].sort(), defaultBranch: remote ?? current };
}

function lines(stdout: Uint8Array): string[] {
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}
