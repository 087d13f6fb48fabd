import type { ScannedCommit } from "../../domain/link_facts.ts";
import {
  type GitDir,
  type GitEnd,
  type GitFailure,
  type GitRunner,
  joined,
} from "../run/runner.ts";
import { LogParser } from "./log_parser.ts";

/** Which commits to read. */
export interface LogQuery {
  /** The objects to start from. Those that are missing are passed over. */
  tips: readonly string[];
  /** The objects whose history is known already. @default {[]} */
  seen?: readonly string[];
  /** Commits made before this time, Unix milliseconds, are left out; null leaves out none. */
  since: number | null;
}

/** How much of a log is taken apart and stored at once: 30 ms or so. Half as much takes longer, twice as much no less. */
const PIECE_BYTES = 1024 * 1024;
/** How long git may be silent: it is while it walks through history older than `since`. */
const IDLE_MS = 120_000;

/**
 * Reads the commits that `tips` reach and `seen` do not, in one call of git, and hands them on in batches; git waits
 * while a batch is dealt with.
 *
 * All of history is walked, since a commit whose clock was wrong must not hide those behind it. One whose author or
 * committer time is not before `since` is handed on.
 */
export async function scanLog(
  runner: GitRunner,
  { place, query, signal, onCommits }: {
    place: GitDir;
    query: LogQuery;
    signal?: AbortSignal;
    onCommits: (commits: ScannedCommit[]) => void | Promise<void>;
  },
): Promise<GitEnd> {
  if (query.tips.length === 0) return { kind: "ok", stderr: "" };
  const { since } = query;
  const read = async (filters: string[]) => {
    const parser = new LogParser();
    const stream = runner.stream(
      [
        "log",
        "-z",
        `--format=${parser.format}`,
        "--no-show-signature",
        "--no-mailmap",
        "--no-color",
        "--no-patch",
        "--ignore-missing",
        ...filters,
        "--stdin",
      ],
      { ...place, signal, idleMs: IDLE_MS, input: revisions(query) },
    );
    for await (const piece of inPieces(stream)) {
      const commits = parser.push(piece).filter((commit) => isSince(commit, since));
      if (commits.length > 0) await onCommits(commits);
    }
    return await stream.ended;
  };
  if (since === null) return await read([]);
  // Without a zone git takes a number below nine digits for something else.
  const end = await read([`--since-as-filter=@${Math.floor(since / 1000)} +0000`]);
  // Before git 2.37 it has no such filter; ours comes to the same.
  return end.kind === "failed" && /since-as-filter/.test(end.stderr) ? await read([]) : end;
}

/**
 * Reads the commits that reflogs remember: HEAD's, the worktrees' and the branches', those of the stash left out. Many
 * of them no branch holds any more, since they were amended or rebased.
 */
export async function scanReflogs(
  runner: GitRunner,
  { place, worktrees, since, signal, onCommits }: {
    place: GitDir;
    /** The names of linked worktrees' git directories. */
    worktrees: readonly string[];
    since: number | null;
    signal?: AbortSignal;
    onCommits: (commits: ScannedCommit[]) => void | Promise<void>;
  },
): Promise<GitEnd> {
  const parser = new LogParser();
  const stream = runner.stream(
    [
      "log",
      "-z",
      "--walk-reflogs",
      `--format=${parser.format}`,
      "--no-show-signature",
      "--no-mailmap",
      "--no-color",
      "--no-patch",
      "--ignore-missing",
      // A recorder's own branches hold nobody's commits.
      "--exclude=entire/*",
      "--branches",
      "HEAD",
      ...worktrees.map((name) => `worktrees/${name}/HEAD`),
    ],
    { ...place, signal, idleMs: IDLE_MS },
  );
  for await (const piece of inPieces(stream)) {
    const commits = parser.push(piece).filter((commit) => isSince(commit, since));
    if (commits.length > 0) await onCommits(commits);
  }
  return await stream.ended;
}

/** Lists the hashes of all commits that `tips` reach, whatever their time. */
export async function scanHashes(
  runner: GitRunner,
  { place, query, signal, onHashes }: {
    place: GitDir;
    query: Omit<LogQuery, "since">;
    signal?: AbortSignal;
    onHashes: (hashes: string[]) => void | Promise<void>;
  },
): Promise<GitEnd> {
  if (query.tips.length === 0) return { kind: "ok", stderr: "" };
  const stream = runner.stream(["rev-list", "--ignore-missing", "--stdin"], {
    ...place,
    signal,
    idleMs: IDLE_MS,
    input: revisions(query),
  });
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    if (lines.length > 0) await onHashes(lines);
  }
  return await stream.ended;
}

/** Tells which of these objects a repository no longer has. */
export async function findMissing(
  runner: GitRunner,
  { place, hashes, signal }: {
    place: GitDir;
    hashes: readonly string[];
    signal?: AbortSignal;
  },
): Promise<{ kind: "ok"; missing: string[] } | GitFailure> {
  const outcome = await runner.run(["cat-file", "--batch-check=%(objectname)"], {
    ...place,
    signal,
    input: hashes.join("\n") + "\n",
  });
  if (outcome.kind !== "ok") return outcome;
  const lines = new TextDecoder().decode(outcome.stdout).split("\n");
  const missing = lines.filter((line) => line.endsWith(" missing"));
  return { kind: "ok", missing: missing.map((line) => line.slice(0, -" missing".length)) };
}

/** The oldest commit of the main line of history: what copies of a repository have in common. */
export async function readRoots(
  runner: GitRunner,
  { place, tips, signal }: { place: GitDir; tips: readonly string[]; signal?: AbortSignal },
): Promise<{ kind: "ok"; roots: string[] } | GitFailure> {
  const outcome = await runner.run(
    ["rev-list", "--first-parent", "--max-parents=0", "--ignore-missing", "--stdin"],
    { ...place, signal, timeoutMs: IDLE_MS, input: tips.join("\n") + "\n" },
  );
  if (outcome.kind !== "ok") return outcome;
  const roots = new TextDecoder().decode(outcome.stdout).split("\n").filter((hash) => hash !== "");
  return { kind: "ok", roots: roots.sort() };
}

/** Gathers chunks of a stream into larger pieces, so that what is made of one is garbage before the next. */
async function* inPieces(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size < PIECE_BYTES) continue;
    yield joined(chunks, size);
    chunks = [];
    size = 0;
  }
  if (size > 0) yield joined(chunks, size);
}

function isSince(commit: ScannedCommit, since: number | null): boolean {
  return since === null || Math.max(commit.authorAt, commit.committerAt) >= since;
}

function revisions({ tips, seen = [] }: Omit<LogQuery, "since">): string {
  return [...tips, ...seen.map((hash) => `^${hash}`), ""].join("\n");
}
