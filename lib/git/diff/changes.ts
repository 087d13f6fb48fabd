import type { ChangedPaths, CommitChange } from "../../domain/link_facts.ts";
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

/** How often a process that one commit ended is started anew for the commits after it. */
const MAX_RESTARTS = 1_000;

/**
 * Reads which files each commit changes, in one process, without reading any file.
 *
 * A commit that git cannot read is given with `paths` null, and no other suffers.
 *
 * @throws {DiffError} If git cannot be run at all, takes too long, or is aborted.
 */
export async function* readPaths(git: GitRunner, options: DiffOptions): AsyncGenerator<ReadPaths> {
  yield* surviving(options, async function* (hashes) {
    const stream = git.stream([...COMMON, "--raw", "-z", "--no-renames"], {
      cwd: options.cwd,
      signal: options.signal,
      input: hashes.join("\n") + "\n",
    });
    const decoder = new TextDecoder();
    let rest = "";
    let current: { hash: string; paths: ChangedPaths } | null = null;
    let isAdded = false;
    for await (const chunk of stream) {
      const fields = (rest + decoder.decode(chunk, { stream: true })).split("\0");
      rest = fields.pop()!;
      for (const field of fields) {
        if (field.startsWith(":")) {
          isAdded = field.endsWith("A");
          continue;
        }
        if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(field)) {
          if (current !== null) yield { hash: current.hash, value: current.paths };
          current = { hash: field, paths: { added: [], others: [] } };
        } else current?.paths[isAdded ? "added" : "others"].push(field);
      }
    }
    return {
      end: await stream.ended,
      last: current && { hash: current.hash, value: current.paths },
    };
  }, (hash, paths) => ({ hash, paths }));
}

/**
 * Reads what each commit changes, line by line, in one process.
 *
 * A commit that git cannot read is given with `change` null, and no other suffers.
 *
 * @throws {DiffError} If git cannot be run at all, takes too long, or is aborted.
 */
export async function* readChanges(
  git: GitRunner,
  options: DiffOptions,
): AsyncGenerator<ReadChange> {
  yield* surviving(options, async function* (hashes) {
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
