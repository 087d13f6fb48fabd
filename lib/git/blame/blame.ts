import type { BlameGroup } from "../../domain/blame.ts";
import type { CommitHash } from "../../domain/ids.ts";
import { highlightLines } from "../../highlight/highlight.ts";
import { unquote } from "../diff/diff_parser.ts";
import type { GitError, GitResult } from "../read/queries.ts";
import { gitError } from "../run/failure.ts";
import type { GitDir, GitRunner } from "../run/runner.ts";

import { findObject, isSpelled, isTreePath, pathBytes, readablePath } from "../tree.ts";

/** The largest file whose lines are shown. */
const MOST_BYTES = 4 * 1_048_576;
const LONGEST_LINE = 2_000;
const LONGEST_MS = 30_000;
/** How much of a file tells whether it is text, as git looks at it. */
const LOOKED_AT = 8_000;
/** The largest list of revisions to ignore that git may be handed. */
const MOST_IGNORED_BYTES = 1_048_576;

/** Which lines of which file are asked about. */
export interface BlameOptions {
  place: GitDir;
  hash: CommitHash;
  path: string;
  /** The first line, from 1. */
  from: number;
  count: number;
  /** Looks through changes of blanks, moves, copies and the revisions of `blame.ignoreRevsFile`. @default {false} */
  follow?: boolean;
  /** Gives lines without colours. @default {false} */
  plain?: boolean;
  signal?: AbortSignal;
}

/** Reads lines of a file at a commit, each with the commit that it came with. */
export async function readBlame(
  git: GitRunner,
  options: BlameOptions,
): Promise<GitResult<"blame">> {
  const { place, hash, path, signal } = options;
  if (!isTreePath(path) || path === "") return missing(options);
  const spelled = isSpelled(path) ? await findObject(git, options) : null;
  if (spelled?.kind === "error") return spelled;
  const file = await git.run(["cat-file", "blob", spelled?.hash ?? `${hash}:${path}`], {
    ...place,
    signal,
    timeoutMs: LONGEST_MS,
    maxBytes: MOST_BYTES,
  });
  if (file.kind === "tooLarge") {
    const message = "The file is larger than 4 MB: too large to be shown line by line.";
    return { kind: "error", code: "tooLarge", message };
  }
  if (file.kind === "failed" && /does not exist in|bad file|exists on disk/.test(file.stderr)) {
    return missing(options);
  }
  if (file.kind !== "ok") return gitError(file, place.cwd);
  if (file.stdout.subarray(0, LOOKED_AT).includes(0)) {
    return { kind: "ok", value: { kind: "binary", size: file.stdout.byteLength } };
  }
  const texts = linesOf(new TextDecoder().decode(file.stdout));
  const from = Math.min(options.from, Math.max(1, texts.length));
  const count = Math.min(options.count, texts.length - from + 1);
  const shown = texts.slice(from - 1, from - 1 + count);
  const value = { kind: "text" as const, lineCount: texts.length, from, lines: [], groups: [] };
  if (count <= 0) return { kind: "ok", value };
  const groups = spelled === null
    ? await readGroups(git, { ...options, from, count })
    : await readSpelledGroups(git, { ...options, from, count }, {
      blob: spelled.hash,
      count: texts.length,
    });
  if (!Array.isArray(groups)) return groups;
  if (options.plain) {
    return { kind: "ok", value: { ...value, lines: shown.map((line) => [line]), groups } };
  }
  // The whole file tells more about a line than the lines around it.
  const whole = await highlightLines(texts, path);
  const isPlain = whole.every((line) => line.every((piece) => typeof piece === "string"));
  const lines = isPlain
    ? await highlightLines(shown, path)
    : whole.slice(from - 1, from - 1 + count);
  return { kind: "ok", value: { ...value, lines, groups } };
}

/** None where nothing tells. */
async function readSpelledGroups(
  git: GitRunner,
  options: BlameOptions,
  file: { blob: string; count: number },
): Promise<BlameGroup[] | GitError> {
  const groups = await blameByPatches(git, options, file);
  if (groups === null) return [];
  if (!Array.isArray(groups)) return groups;
  const { from, count } = options;
  return groups.flatMap((group) => {
    const before = Math.max(0, from - group.line);
    const shown = Math.min(group.line + group.count, from + count) - group.line - before;
    return shown <= 0 ? [] : [{
      ...group,
      line: group.line + before,
      originalLine: group.originalLine + before,
      count: shown,
    }];
  });
}

async function readGroups(
  git: GitRunner,
  options: BlameOptions,
): Promise<BlameGroup[] | GitError> {
  const { place, hash, path, from, count, follow = false, signal } = options;
  const stopped = await ignoredRevisions(git, options);
  if (stopped !== null) return stopped;
  const outcome = await git.run(
    [
      "-c",
      "core.quotePath=false",
      "-c",
      "mailmap.file=",
      "-c",
      "mailmap.blob=",
      "blame",
      "--incremental",
      "--no-textconv",
      "--no-progress",
      // An empty name forgets the revisions that `blame.ignoreRevsFile` names: a line is shown with its own commit.
      ...(follow ? ["-w", "-C", "-M"] : ["--ignore-revs-file="]),
      "-L",
      `${from},+${count}`,
      hash,
      "--",
      path,
    ],
    { ...place, signal, timeoutMs: LONGEST_MS, maxBytes: 32 * 1_048_576 },
  );
  if (outcome.kind !== "ok") return gitError(outcome, place.cwd);
  return parseGroups(new TextDecoder().decode(outcome.stdout));
}

/**
 * Looks at the lists that `blame.ignoreRevsFile` names before git does: git always reads them, and would
 * wait for a pipe forever.
 */
export async function ignoredRevisions(
  git: GitRunner,
  { place, signal }: Pick<BlameOptions, "place" | "signal">,
): Promise<GitError | null> {
  const outcome = await git.run(
    ["config", "--null", "--type=path", "--get-all", "blame.ignoreRevsFile"],
    { ...place, signal, maxBytes: 65_536 },
  );
  if (outcome.kind === "failed" && outcome.code === 1) return null;
  if (outcome.kind !== "ok") return gitError(outcome, place.cwd);
  for (const name of new TextDecoder().decode(outcome.stdout).split("\0")) {
    if (name === "") continue;
    const file = name.startsWith("/") ? name : `${place.cwd}/${name}`;
    const found = await Deno.stat(file).catch(() => null);
    if (found?.isFile && found.size <= MOST_IGNORED_BYTES) continue;
    return {
      kind: "error",
      code: "unexpected",
      message: `git blame cannot be run here: blame.ignoreRevsFile is set to ${name}, ` +
        `which is no file that git can read. Correct it with "git config".`,
    };
  }
  return null;
}

const HEAD = /^([0-9a-f]{40}|[0-9a-f]{64}) (\d+) (\d+) (\d+)$/;

/** Reads what `git blame --incremental` prints, and puts it into the order of lines. */
export function parseGroups(text: string): BlameGroup[] {
  const groups: BlameGroup[] = [];
  const commits = new Map<string, Pick<BlameGroup, "authorName" | "authorAt" | "subject">>();
  let group: BlameGroup | null = null;
  for (const line of text.split("\n")) {
    if (group === null) {
      const head = HEAD.exec(line);
      if (head === null) continue;
      const known = commits.get(head[1]) ?? { authorName: "", authorAt: 0, subject: "" };
      group = {
        line: Number(head[3]),
        count: Number(head[4]),
        hash: head[1] as CommitHash,
        originalLine: Number(head[2]),
        originalPath: "",
        ...known,
        previous: null,
      };
      continue;
    }
    const end = line.indexOf(" ");
    const value = line.slice(end + 1);
    switch (line.slice(0, end)) {
      case "author":
        group.authorName = value;
        break;
      case "author-time":
        group.authorAt = Number(value) * 1_000;
        break;
      case "summary":
        group.subject = value;
        break;
      case "previous": {
        const [hash, path] = value.split(/ (.*)/s);
        group.previous = { hash: hash as CommitHash, path: unquote(path) };
        break;
      }
      case "filename": {
        group.originalPath = unquote(value);
        const { authorName, authorAt, subject } = group;
        commits.set(group.hash, { authorName, authorAt, subject });
        groups.push(group);
        group = null;
        break;
      }
    }
  }
  return groups.sort((a, b) => a.line - b.line);
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => {
    const whole = line.endsWith("\r") ? line.slice(0, -1) : line;
    return whole.length <= LONGEST_LINE ? whole : `${whole.slice(0, LONGEST_LINE)}…`;
  });
}

function missing({ path, hash }: BlameOptions): GitError {
  const message = `${path} is not in the version ${hash.slice(0, 8)}.`;
  return { kind: "error", code: "notFound", message };
}

const PATCHES_MS = 30_000;
const PATCHES_BYTES = 64 * 1_048_576;

/** A commit that changed the file, with what its patch replaced: so many lines from a line on by so many others. */
interface Change extends Pick<BlameGroup, "hash" | "authorName" | "authorAt" | "subject"> {
  /** The contents before and after, as git names them. */
  before: string;
  after: string;
  hunks: { oldCount: number; newStart: number; newCount: number }[];
}

/** A line of the version asked about: its number there, and in the version that was reached. */
interface Carried {
  line: number;
  at: number;
}

/**
 * Tells who wrote the lines of a file as git blame does, from the patches of its history: git blame takes a name as an
 * argument alone, where one that is not UTF-8 cannot stand, and git log takes it from its input. Renamings are not followed.
 *
 * @param file.blob The content at `hash`.
 * @param file.count How many lines it has.
 * @returns null where the history is no line: where two branches changed the file, and were merged.
 */
async function blameByPatches(
  git: GitRunner,
  { place, hash, path, signal }: {
    place: GitDir;
    hash: CommitHash;
    path: string;
    signal?: AbortSignal;
  },
  file: { blob: string; count: number },
): Promise<BlameGroup[] | GitError | null> {
  const outcome = await git.run(
    [
      "-c",
      "log.follow=false",
      "log",
      "--stdin",
      "--format=%x00%H%x00%an%x00%at%x00%s",
      "--encoding=UTF-8",
      "--no-mailmap",
      "--no-show-signature",
      "--no-renames",
      "--no-ext-diff",
      "--no-textconv",
      "--text",
      "--no-indent-heuristic",
      "--no-color",
      "--raw",
      "--no-abbrev",
      "-p",
      "-U0",
      "--inter-hunk-context=0",
      hash,
    ],
    {
      ...place,
      signal,
      timeoutMs: PATCHES_MS,
      maxBytes: PATCHES_BYTES,
      input: Uint8Array.from([...DASHES, ...pathBytes(path), NEWLINE]),
    },
  );
  if (outcome.kind !== "ok") return gitError(outcome, place.cwd);
  const changes = parseChanges(new TextDecoder().decode(outcome.stdout));
  return isLine(changes, file.blob) ? groupsOf(changes, { path, count: file.count }) : null;
}

const NEWLINE = 10;
const DASHES = new TextEncoder().encode("--\n");

const RAW = /^:\d{6} \d{6} ([0-9a-f]+) ([0-9a-f]+) /;
const HUNK = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Reads what `git log --raw -p -U0` prints; the newest change comes first. */
function parseChanges(text: string): Change[] {
  const changes: Change[] = [];
  let left = 0;
  for (const line of text.split("\n")) {
    // What the lines of a file say is never taken for git's own words.
    if (left > 0) {
      if (!line.startsWith("\\")) left--;
      continue;
    }
    if (line.startsWith("\0")) {
      const [, hash, authorName, time, subject] = line.split("\0");
      const authorAt = Number(time) * 1_000;
      const about = { hash: hash as CommitHash, authorName, authorAt, subject };
      changes.push({ ...about, before: "", after: "", hunks: [] });
      continue;
    }
    const change = changes.at(-1);
    const raw = RAW.exec(line);
    const hunk = HUNK.exec(line);
    if (change === undefined) continue;
    if (raw !== null) [, change.before, change.after] = raw;
    if (hunk === null) continue;
    const [oldCount, newCount] = [Number(hunk[1] ?? 1), Number(hunk[3] ?? 1)];
    // Where nothing was added, git names the line before the place.
    const newStart = Number(hunk[2]) + (newCount === 0 ? 1 : 0);
    change.hunks.push({ oldCount, newStart, newCount });
    left = oldCount + newCount;
  }
  return changes;
}

/** Whether each change began with what the one before it ended with, the first of all with nothing. */
function isLine(changes: readonly Change[], blob: string): boolean {
  let expected = blob;
  for (const { before, after } of changes) {
    if (after !== expected) return false;
    if (/^0+$/.test(before)) return true;
    expected = before;
  }
  return false;
}

function groupsOf(
  changes: readonly Change[],
  { path, count }: { path: string; count: number },
): BlameGroup[] {
  const groups: BlameGroup[] = [];
  let carried = Array.from({ length: count }, (_, i): Carried => ({ line: i + 1, at: i + 1 }));
  for (const [i, { hash, authorName, authorAt, subject, hunks, before }] of changes.entries()) {
    const older = /^0+$/.test(before) ? undefined : changes[i + 1];
    const kept: Carried[] = [];
    let hunk = 0;
    let shift = 0;
    for (const { line, at } of carried) {
      while (hunk < hunks.length && hunks[hunk].newStart + hunks[hunk].newCount <= at) {
        shift += hunks[hunk].newCount - hunks[hunk].oldCount;
        hunk++;
      }
      if (hunk >= hunks.length || at < hunks[hunk].newStart) {
        kept.push({ line, at: at - shift });
        continue;
      }
      const last = groups.at(-1);
      if (
        last?.hash === hash && last.line + last.count === line &&
        last.originalLine + last.count === at
      ) {
        last.count++;
        continue;
      }
      groups.push({
        line,
        count: 1,
        hash,
        originalLine: at,
        originalPath: readablePath(path),
        authorName,
        authorAt,
        subject,
        previous: older === undefined ? null : { hash: older.hash, path },
      });
    }
    if (older === undefined) break;
    carried = kept;
  }
  return groups.sort((a, b) => a.line - b.line);
}
