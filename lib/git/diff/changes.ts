import {
  type ChangedPaths,
  type CommitChange,
  type FileChange,
  NO_LINES,
} from "../../domain/link_facts.ts";
import { DiffParser } from "./diff_parser.ts";
import type { GitRunner } from "../run/runner.ts";

/** How diffs are read. */
export interface DiffOptions {
  /** The repository: a worktree's folder or a git directory. */
  cwd: string;
  hashes: readonly string[];
  signal?: AbortSignal;
}

/** A commit's files, or null where git could not read it. */
export interface ReadPaths {
  hash: string;
  paths: ChangedPaths | null;
}

/** A commit's difference from its parents, or null where git could not read it. */
export interface ReadChange {
  hash: string;
  change: CommitChange | null;
}

/** git could not compare commits at all. */
export class DiffError extends Error {}

const COMMON = ["diff-tree", "--stdin", "--root", "-r", "-c", "--no-ext-diff", "--no-textconv"];

/** How often a process that ended at one commit is restarted for the commits after it. */
const MAX_RESTARTS = 1_000;

/**
 * Reads which files each commit changes, in one process, without reading any file.
 *
 * A commit that git cannot read is given with `paths` null, and no other suffers.
 *
 * @throws {DiffError} If git cannot be run at all, takes too long, or is aborted.
 */
export async function* readPaths(git: GitRunner, options: DiffOptions): AsyncGenerator<ReadPaths> {
  for await (const { hash, files } of readRaw(git, options)) {
    const paths: ChangedPaths = { added: [], others: [] };
    for (const { path, isAdded } of files ?? []) paths[isAdded ? "added" : "others"].push(path);
    yield { hash, paths: files === null ? null : paths };
  }
}

/** A file that a commit changes, as trees tell of it. */
interface RawFile {
  path: string;
  isAdded: boolean;
  /** The objects before and after. */
  objects: string[];
}

async function* readRaw(
  git: GitRunner,
  options: DiffOptions,
): AsyncGenerator<{ hash: string; files: RawFile[] | null }> {
  yield* surviving(options, async function* (hashes) {
    const stream = git.stream([...COMMON, "--raw", "-z", "--no-abbrev", "--no-renames"], {
      cwd: options.cwd,
      signal: options.signal,
      input: hashes.join("\n") + "\n",
    });
    const decoder = new TextDecoder();
    let rest = "";
    let current: Found<RawFile[]> | null = null;
    let isAdded = false;
    let objects: string[] = [];
    for await (const chunk of stream) {
      const fields = (rest + decoder.decode(chunk, { stream: true })).split("\0");
      rest = fields.pop()!;
      for (const field of fields) {
        if (field.startsWith(":")) {
          isAdded = field.endsWith("A");
          objects = field.split(" ").filter((part) => OBJECT.test(part));
          continue;
        }
        if (OBJECT.test(field)) {
          if (current !== null) yield current;
          current = { hash: field, value: [] };
        } else current?.value.push({ path: field, isAdded, objects });
      }
    }
    return { end: await stream.ended, last: current };
  }, (hash, files) => ({ hash, files }));
}

const OBJECT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Reads what each commit changes, line by line, in one process.
 *
 * A file of which git misses an object is given without lines, in a change that is marked as partial. A commit that git
 * cannot read at all is given with `change` null, and no other suffers.
 *
 * @throws {DiffError} If git cannot be run at all, takes too long, or is aborted.
 */
export async function* readChanges(
  git: GitRunner,
  options: DiffOptions,
): AsyncGenerator<ReadChange> {
  let broken: string | null = null;
  for await (const read of readPatches(git, options)) {
    if (read.change === null) {
      broken = read.hash;
      break;
    }
    yield read;
  }
  if (broken === null) return;
  const left = { ...options, hashes: options.hashes.slice(options.hashes.indexOf(broken)) };
  const gaps = await findGaps(git, left);
  yield* readPatches(git, { ...left, hashes: left.hashes.filter((hash) => !gaps.has(hash)) });
  for (const [hash, gap] of gaps) {
    yield { hash, change: await readPart(git, { hash, gap, options }) };
  }
}

/** The files of a commit: those that git has, and those of which it misses an object. */
interface Gap {
  whole: string[];
  missing: string[];
}

/** The commits of which git misses the objects of some files. */
async function findGaps(git: GitRunner, options: DiffOptions): Promise<Map<string, Gap>> {
  const raw: { hash: string; files: RawFile[] }[] = [];
  const missing = new Set<string>();
  for await (const { hash, files } of readRaw(git, options)) {
    if (files === null) continue;
    raw.push({ hash, files });
    for (const { objects } of files) {
      for (const object of objects) if (!/^0+$/.test(object)) missing.add(object);
    }
  }
  // Asked for one object, a partial clone would fetch it, or die of not being allowed to; asked for all, it tells.
  const stream = git.stream(
    ["cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)"],
    { cwd: options.cwd, signal: options.signal },
  );
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk)).split("\n");
    rest = lines.pop()!;
    for (const object of lines) missing.delete(object);
  }
  const end = await stream.ended;
  if (end.kind !== "ok") throw new DiffError(`git cat-file ended: ${end.kind}`);
  const gaps = new Map<string, Gap>();
  for (const { hash, files } of raw) {
    const isMissing = ({ objects }: RawFile) => objects.some((object) => missing.has(object));
    if (!files.some(isMissing)) continue;
    gaps.set(hash, {
      whole: files.filter((file) => !isMissing(file)).map(({ path }) => path),
      missing: files.filter(isMissing).map(({ path }) => path),
    });
  }
  return gaps;
}

/** The longest that the paths of one call of git may be together. */
const ARGUMENT_CHARS = 100_000;

/** Reads what a commit changes in the files that are whole. */
async function readPart(
  git: GitRunner,
  { hash, gap, options }: { hash: string; gap: Gap; options: DiffOptions },
): Promise<CommitChange> {
  const files: FileChange[] = gap.missing.map((path) => ({ path, oldPath: null, ...NO_LINES }));
  for (let at = 0; at < gap.whole.length;) {
    const paths: string[] = [];
    for (let room = ARGUMENT_CHARS; room > 0 && at < gap.whole.length; at++) {
      paths.push(gap.whole[at]);
      room -= gap.whole[at].length + 1;
    }
    for await (const { change } of readPatches(git, { ...options, hashes: [hash], paths })) {
      files.push(...change?.files ?? []);
    }
  }
  return { files, partial: true };
}

function readPatches(
  git: GitRunner,
  options: DiffOptions & { paths?: readonly string[] },
): AsyncGenerator<ReadChange> {
  const { paths = [] } = options;
  return surviving(options, async function* (hashes) {
    const stream = git.stream(
      [
        "-c",
        "core.quotePath=false",
        "-c",
        "diff.renameLimit=1000",
        "-c",
        "diff.suppressBlankEmpty=false",
        ...COMMON,
        "-p",
        "-U3",
        "-M",
        "--no-color",
        ...(paths.length === 0 ? [] : ["--", ...paths]),
      ],
      { cwd: options.cwd, signal: options.signal, input: hashes.join("\n") + "\n" },
    );
    const parser = new DiffParser();
    for await (const chunk of stream) {
      for (const { hash, change } of parser.push(chunk)) yield { hash, value: change };
    }
    const last = parser.end().map(({ hash, change }) => ({ hash, value: change }));
    return { end: await stream.ended, last: last[0] ?? null };
  }, (hash, change) => ({ hash, change }));
}

interface Found<Value> {
  hash: string;
  value: Value;
}

interface Ending<Value> {
  end: { kind: string; stderr?: string; message?: string };
  last: Found<Value> | null;
}

/**
 * Runs `read` over the hashes, and again over those behind the commit that made git give up.
 *
 * git dies at the first object that it misses: the commit it was at is the one that cannot be read. What git printed of
 * the last commit is whole only if it ended well.
 */
async function* surviving<Value, Result>(
  { hashes }: DiffOptions,
  read: (hashes: readonly string[]) => AsyncGenerator<Found<Value>, Ending<Value>>,
  result: (hash: string, value: Value | null) => Result,
): AsyncGenerator<Result> {
  let left = hashes;
  for (let restart = 0; left.length > 0; restart++) {
    const seen = new Set<string>();
    const reading = read(left);
    let step = await reading.next();
    while (!step.done) {
      seen.add(step.value.hash);
      yield result(step.value.hash, step.value.value);
      step = await reading.next();
    }
    const { end, last } = step.value;
    if (end.kind === "ok") {
      if (last !== null) yield result(last.hash, last.value);
      return;
    }
    if (end.kind !== "failed" || restart >= MAX_RESTARTS) {
      throw new DiffError(end.message ?? end.stderr ?? `git diff-tree ended: ${end.kind}`);
    }
    const order = new Map(left.map((hash, place) => [hash, place]));
    let broken = last === null ? -1 : order.get(last.hash) ?? -1;
    for (const hash of seen) {
      broken = Math.max(broken, (order.get(hash) ?? -1) + (last === null ? 1 : 0));
    }
    if (broken < 0) broken = 0;
    yield result(left[broken], null);
    left = left.slice(broken + 1);
  }
}
