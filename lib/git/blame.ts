import { highlightLines } from "../highlight/highlight.ts";
import type { CommitHash } from "../domain/ids.ts";
import { blameByPatches } from "./blame_by_patches.ts";
import { unquote } from "./diff_parser.ts";
import type { BlameGroup, GitAnswer, GitTrouble } from "./questions.ts";
import type { GitPlace } from "./refs.ts";
import { isTreePath } from "./revisions.ts";
import type { GitRunner } from "./runner.ts";
import { findObject } from "./tree.ts";
import { isSpelled } from "./tree_path.ts";
import { trouble } from "./trouble.ts";

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
  place: GitPlace;
  hash: CommitHash;
  path: string;
  /** The first line, from 1. */
  from: number;
  count: number;
  signal?: AbortSignal;
}

/** Reads lines of a file at a commit, each with the commit that it came with. */
export async function readBlame(
  git: GitRunner,
  options: BlameOptions,
): Promise<GitAnswer<"blame">> {
  const { place, hash, path, signal } = options;
  if (!isTreePath(path) || path === "") return missing(options);
  const spelled = isSpelled(path) ? await findObject(git, options) : null;
  if (spelled?.kind === "trouble") return spelled;
  const file = await git.run(["cat-file", "blob", spelled?.hash ?? `${hash}:${path}`], {
    ...place,
    signal,
    timeoutMs: LONGEST_MS,
    maxBytes: MOST_BYTES,
  });
  if (file.kind === "tooLarge") {
    const message = "The file is larger than 4 MB: too large to be shown line by line.";
    return { kind: "trouble", code: "tooLarge", message };
  }
  if (file.kind === "failed" && /does not exist in|bad file|exists on disk/.test(file.stderr)) {
    return missing(options);
  }
  if (file.kind !== "ok") return trouble(file, place.cwd);
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
): Promise<BlameGroup[] | GitTrouble> {
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
): Promise<BlameGroup[] | GitTrouble> {
  const { place, hash, path, from, count, signal } = options;
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
      "--ignore-revs-file=",
      "-L",
      `${from},+${count}`,
      hash,
      "--",
      path,
    ],
    { ...place, signal, timeoutMs: LONGEST_MS, maxBytes: 32 * 1_048_576 },
  );
  if (outcome.kind !== "ok") return trouble(outcome, place.cwd);
  return parseGroups(new TextDecoder().decode(outcome.stdout));
}

/**
 * Looks at the lists that `blame.ignoreRevsFile` names before git does: git reads them whatever it is told, and would
 * wait for a pipe forever.
 */
export async function ignoredRevisions(
  git: GitRunner,
  { place, signal }: Pick<BlameOptions, "place" | "signal">,
): Promise<GitTrouble | null> {
  const outcome = await git.run(
    ["config", "--null", "--type=path", "--get-all", "blame.ignoreRevsFile"],
    { ...place, signal, maxBytes: 65_536 },
  );
  if (outcome.kind === "failed" && outcome.code === 1) return null;
  if (outcome.kind !== "ok") return trouble(outcome, place.cwd);
  for (const name of new TextDecoder().decode(outcome.stdout).split("\0")) {
    if (name === "") continue;
    const file = name.startsWith("/") ? name : `${place.cwd}/${name}`;
    const found = await Deno.stat(file).catch(() => null);
    if (found?.isFile && found.size <= MOST_IGNORED_BYTES) continue;
    return {
      kind: "trouble",
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

function missing({ path, hash }: BlameOptions): GitTrouble {
  const message = `${path} is not in the version ${hash.slice(0, 8)}.`;
  return { kind: "trouble", code: "notFound", message };
}
