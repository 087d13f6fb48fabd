import type { CommitHash } from "../../domain/ids.ts";
import type { GitError, GitResult, RefName } from "../read/queries.ts";
import { gitError } from "../run/failure.ts";
import type { GitDir, GitFailure, GitRunner } from "../run/runner.ts";

/** What the refs of a repository name. */
export interface Refs {
  /** The objects that branches, remote branches, tags and worktrees' HEADs name, sorted, without repeats. */
  tips: string[];
  /** The branch that `origin` calls its main one, else the one checked out; null where neither is known. */
  defaultBranch: string | null;
  /** The refs that recorders of sessions write to and what they name, one a line. */
  recorders: string;
}

/** The notes that recorders of sessions write, below `refs/notes/`. */
export const RECORDER_NOTES = ["ai", "ai-attribution", "ascribe"] as const;

/** Notes, and branches that a recorder of sessions keeps its own files on: their commits are nobody's work. */
const RECORDER =
  /^refs\/(?:notes\/|(?:heads|remotes\/[^/]+)\/entire\/(?:checkpoints\/|sessions$|[0-9a-f]{7,}(?:-|$)))/;
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
  place: GitDir,
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
        ...RECORDER_NOTES.map((name) => `refs/notes/${name}`),
      ],
      options,
    ),
    heads ? runner.run(["worktree", "list", "--porcelain"], options) : NO_WORKTREES,
  ]);
  if (refs.kind !== "ok") return refs;
  if (worktrees.kind !== "ok") return worktrees;
  const tips = new Set<string>();
  const recorders: string[] = [];
  let remote: string | null = null;
  let current: string | null = null;
  for (const line of lines(refs.stdout)) {
    const [hash, name, mark] = line.split(" ");
    if (RECORDER.test(name)) recorders.push(`${name} ${hash}`);
    else if (HASH.test(hash)) tips.add(hash);
    if (mark === "*") current = name.replace("refs/heads/", "");
    if (name === "refs/remotes/origin/HEAD" && mark !== undefined) {
      remote = mark.replace("refs/remotes/origin/", "");
    }
  }
  for (const line of lines(worktrees.stdout)) {
    const hash = /^HEAD (.+)$/.exec(line)?.[1];
    if (hash !== undefined && HASH.test(hash) && !/^0+$/.test(hash)) tips.add(hash);
  }
  return {
    kind: "ok",
    tips: [...tips].sort(),
    defaultBranch: remote ?? current,
    recorders: recorders.join("\n"),
  };
}

/**
 * Asks git for all that refs and worktrees' HEADs name, in one call, as one text: equal as long as none of them moved.
 * For repositories whose files do not tell.
 */
export async function readRefState(
  runner: GitRunner,
  { place, signal }: { place: GitDir; signal?: AbortSignal },
): Promise<{ kind: "ok"; state: string } | GitFailure> {
  const outcome = await runner.run(
    [
      "log",
      "--no-walk=unsorted",
      "--all",
      "--ignore-missing",
      "--no-notes",
      "--decorate=full",
      "--format=%H %D",
    ],
    { ...place, signal, maxBytes: LISTING_BYTES },
  );
  if (outcome.kind !== "ok") return outcome;
  return { kind: "ok", state: new TextDecoder().decode(outcome.stdout) };
}

function lines(stdout: Uint8Array): string[] {
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

/** The most names that are given. */
const MOST = 200;

const KINDS = [
  ["refs/heads/", "branch"],
  ["refs/remotes/", "remote"],
  ["refs/tags/", "tag"],
] as const;

/** Lists branches and tags, the newest first; only those that hold a commit where one is given. */
export async function readRefNames(
  git: GitRunner,
  { place, holding, signal }: { place: GitDir; holding?: CommitHash; signal?: AbortSignal },
): Promise<GitResult<"refs">> {
  const outcome = await git.run(
    [
      "for-each-ref",
      `--count=${MOST + 1}`,
      "--sort=-creatordate",
      "--format=%(refname)%00%(symref)",
      ...(holding === undefined ? [] : ["--contains", holding]),
      "refs/heads",
      "refs/remotes",
      "refs/tags",
    ],
    { ...place, signal, timeoutMs: 10_000, maxBytes: 1_048_576 },
  );
  if (outcome.kind !== "ok") return gitError(outcome, place.cwd);
  const lines = new TextDecoder().decode(outcome.stdout).split("\n").filter((line) => line !== "");
  const refs = lines.slice(0, MOST).flatMap((line): RefName[] => {
    const [full, symbolic] = line.split("\0");
    const known = KINDS.find(([prefix]) => full.startsWith(prefix));
    // `origin/HEAD` is another name of a branch that is listed anyway.
    if (known === undefined || symbolic !== "") return [];
    return [{ kind: known[1], name: full.slice(known[0].length) }];
  });
  return { kind: "ok", value: { refs, cut: lines.length > MOST } };
}

const LONGEST_REVISION = 250;
/** What no ref's name holds, so that none of git's operators, options or other spellings get through. */
// deno-lint-ignore no-control-regex
const NEVER_IN_NAMES = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^[-./]|[./]$|\.lock(\/|$)|\/\./;

/** Whether a text can name a commit: a branch, a tag, a hash or HEAD, and nothing else that git would take. */
export function isRevision(text: string): boolean {
  return text !== "" && text !== "@" && text.length <= LONGEST_REVISION &&
    !NEVER_IN_NAMES.test(text);
}

/** Finds the commit that a branch, tag or hash names. */
export async function readRevision(
  git: GitRunner,
  { place, revision, signal }: { place: GitDir; revision: string; signal?: AbortSignal },
): Promise<GitResult<"revision">> {
  return isRevision(revision)
    ? await resolveCommit(git, { place, revision, signal })
    : noRevision(revision);
}

/** Finds the commit that any of git's revisions names: `HEAD~2`, `main@{yesterday}`, `:/words`. */
export async function resolveCommit(
  git: GitRunner,
  { place, revision, signal }: { place: GitDir; revision: string; signal?: AbortSignal },
): Promise<GitResult<"revision">> {
  const missing = noRevision(revision);
  const outcome = await git.run(
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`],
    { ...place, signal, timeoutMs: 10_000, maxBytes: 4_096 },
  );
  if (outcome.kind === "failed" && isNoRevision(outcome.stderr)) return missing;
  if (outcome.kind !== "ok") return gitError(outcome, place.cwd);
  const hash = new TextDecoder().decode(outcome.stdout).trim();
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(hash)) return missing;
  return { kind: "ok", value: { hash: hash as CommitHash } };
}

/** Of a step or a search that leads nowhere git says more than of a name that it does not know. */
function isNoRevision(stderr: string): boolean {
  return stderr === "" ||
    /needed a single revision|unknown revision|bad revision|log for/i.test(stderr);
}

function noRevision(revision: string): GitError {
  return {
    kind: "error",
    code: "notFound",
    message: `No branch, tag or commit here is called ${JSON.stringify(revision.slice(0, 80))}.`,
  };
}
