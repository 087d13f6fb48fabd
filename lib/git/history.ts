import type { CommitHash } from "../domain/ids.ts";
import type { CommitRange, GitError, GitResult, RangeCommit } from "./read/queries.ts";
import { gitError } from "./run/failure.ts";
import type { GitDir, GitRunner } from "./run/runner.ts";

/** The most commits that a range is read of. */
const MOST_COMMITS = 5_000;
const MOST_BYTES = 64 * 1_048_576;
const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Reads the commits that `head` has and `base` has not, with how many lines of which files they change. */
export async function readRange(
  git: GitRunner,
  { place, base, head, signal }: {
    place: GitDir;
    base: CommitHash;
    head: CommitHash;
    signal?: AbortSignal;
  },
): Promise<GitResult<"range">> {
  const common = await git.run(["merge-base", base, head], { ...place, signal, maxBytes: 4_096 });
  if (common.kind === "failed" && common.code === 1 && common.stderr === "") {
    return { kind: "ok", value: { mergeBase: null, commits: [], cut: false } };
  }
  if (common.kind !== "ok") return gitError(common, place.cwd);
  const mergeBase = new TextDecoder().decode(common.stdout).trim() as CommitHash;
  const log = await git.run([
    "log",
    "-z",
    "--numstat",
    "-M",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-mailmap",
    "--no-show-signature",
    `--max-count=${MOST_COMMITS + 1}`,
    "--topo-order",
    "--format=%x01%H%x00%P%x00%an%x00%at%x00%s",
    `${base}..${head}`,
  ], { ...place, signal, timeoutMs: 60_000, maxBytes: MOST_BYTES });
  if (log.kind !== "ok") return gitError(log, place.cwd);
  return { kind: "ok", value: { mergeBase, ...parseRange(new TextDecoder().decode(log.stdout)) } };
}

function parseRange(text: string): Omit<CommitRange, "mergeBase"> {
  const tokens = text.split("\0");
  const commits: RangeCommit[] = [];
  for (let i = 0; i < tokens.length;) {
    const token = tokens[i];
    if (token.startsWith("\x01") && HASH.test(token.slice(1))) {
      commits.push({
        hash: token.slice(1) as CommitHash,
        merge: tokens[i + 1].includes(" "),
        authorName: tokens[i + 2],
        authorAt: Number(tokens[i + 3]) * 1_000,
        subject: tokens[i + 4],
        files: [],
      });
      i += 5;
      continue;
    }
    const counts = /^\n?(\d+|-)\t(\d+|-)\t(.*)$/s.exec(token);
    i++;
    if (counts === null) continue;
    const [, added, removed, name] = counts;
    // Behind the counts of a renamed file stand its old and its new name.
    const path = name === "" ? tokens[i + 1] : name;
    if (name === "") i += 2;
    commits.at(-1)?.files.push({
      path,
      added: Number(added) || 0,
      removed: Number(removed) || 0,
      binary: added === "-",
    });
  }
  return { commits: commits.slice(0, MOST_COMMITS).reverse(), cut: commits.length > MOST_COMMITS };
}

/** A commit as `git log` shows it. */
export interface HistoryEntry {
  hash: CommitHash;
  parents: string[];
  /** Names of branches and tags, as git decorates a commit. */
  refs: string;
  authorName: string;
  authorEmail: string;
  /** As git writes it by default: `Sun Mar 1 09:30:00 2026 +0100`. */
  date: string;
  message: string;
}

/** How many entries are given at once. */
const BATCH = 200;

/** Which commits of a history are wanted, in git's own words. */
export interface HistoryOptions {
  /** The folder that paths are seen from. */
  place: GitDir;
  /** Revisions and ranges; none is HEAD. */
  revisions: readonly string[];
  paths: readonly string[];
  limit?: number;
}

/**
 * Reads commits as `git log` gives them, batch after batch, in one call of git, which waits while nobody reads.
 *
 * @returns Why there are no more, where it is not the end.
 */
export async function* readHistory(
  git: GitRunner,
  { place, revisions, paths, limit }: HistoryOptions,
): AsyncGenerator<HistoryEntry[], GitError | null> {
  const stream = git.stream([
    "log",
    "-z",
    "--no-patch",
    "--no-color",
    "--no-mailmap",
    "--no-show-signature",
    "--date=default",
    "--decorate=short",
    ...(limit === undefined ? [] : [`--max-count=${limit}`]),
    "--format=%H%x00%P%x00%D%x00%an%x00%ae%x00%ad%x00%B",
    "--end-of-options",
    ...revisions,
    "--",
    ...paths,
  ], { ...place, timeoutMs: 3_600_000, idleMs: 600_000 });
  const decoder = new TextDecoder();
  let rest = "";
  let fields: string[] = [];
  let batch: HistoryEntry[] = [];
  for await (const piece of stream) {
    const tokens = (rest + decoder.decode(piece, { stream: true })).split("\0");
    rest = tokens.pop()!;
    for (const token of tokens) {
      if (fields.push(token) < 7) continue;
      const [hash, parents, refs, authorName, authorEmail, date, message] = fields;
      batch.push({
        hash: hash as CommitHash,
        parents: parents.split(" ").filter((parent) => parent !== ""),
        refs,
        authorName,
        authorEmail,
        date,
        message: message.trimEnd(),
      });
      fields = [];
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
  const end = await stream.ended;
  if (end.kind === "ok") return null;
  if (end.kind === "failed") {
    const unknown = /ambiguous argument '(.{1,200}?)'|bad revision '(.{1,200}?)'/.exec(end.stderr);
    const name = unknown?.[1] ?? unknown?.[2];
    if (name !== undefined) {
      const message = `No branch, tag, commit or range here is called ${JSON.stringify(name)}. ` +
        "A file stands behind --";
      return { kind: "error", code: "notFound", message };
    }
    const outside = /'(.{1,200})' is outside repository/.exec(end.stderr)?.[1];
    if (outside !== undefined) {
      const message = `${outside} is outside of the repository.`;
      return { kind: "error", code: "notFound", message };
    }
    if (/does not have any commits yet/.test(end.stderr)) return null;
  }
  return gitError(end, place.cwd);
}
