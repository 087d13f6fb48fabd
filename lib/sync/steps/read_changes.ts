import { sleep } from "../../async/yield.ts";
import type {
  ChangedPaths,
  CommitChange,
  CommitFacts,
  SessionWork,
} from "../../domain/link_facts.ts";
import { readChanges, readPaths } from "../../git/diff/changes.ts";
import type { GitRunner } from "../../git/run/runner.ts";
import { isGenerated, nameOf, sameFile } from "../../links/files.ts";
import { SKEW_MS } from "../../links/lines/match.ts";
import type { Database } from "../../store/database.ts";
import { DAY_MS } from "../../time/days.ts";
import type { Keyed } from "../../store/read/link_facts.ts";
import {
  loadChange,
  loadChangeLevels,
  loadPaths,
  saveChange,
  savePaths,
} from "../../store/write/commit_changes.ts";

/** Commits are written to the store this many at a time. */
const BATCH = 200;

/** How long a file may wait under another name before it is committed. */
const RENAMED_MS = 7 * DAY_MS;

/** Where changes are read from and kept. */
export interface ReadDeps {
  db: Database;
  runGit: GitRunner;
}

/** What is to be read. */
export interface ReadOptions {
  repository: { id: number; path: string };
  commits: readonly Keyed<CommitFacts>[];
  sessions: readonly SessionWork[];
  /** Whether objects came since: what git missed is read again. */
  again: boolean;
  signal?: AbortSignal;
}

/**
 * Reads what candidates change, as far as it is not kept yet: the paths of commits made after the first edit, and the
 * lines of those that may hold what a session wrote.
 *
 * These touch a file that a session had edited by then, or what such a file was renamed to; or they add a file, under
 * whatever name, in the week after an edit.
 *
 * @returns How many commits were read line by line.
 * @throws {Error} If git cannot read the repository at all.
 */
export async function readCandidateChanges(deps: ReadDeps, options: ReadOptions): Promise<number> {
  const { db, runGit } = deps;
  const { repository, commits, sessions, again, signal } = options;
  const edits = new EditedFiles(sessions);
  if (edits.first === Infinity) return 0;
  const levels = loadChangeLevels(db, repository.id);
  if (again) {
    for (const [key, level] of levels) {
      if (level === "unreadable" || level === "partial") levels.delete(key);
    }
  }
  const keys = new Map(commits.map(({ key, facts }) => [facts.hash as string, key]));
  const after = commits.filter(({ facts }) => lastTime(facts) >= edits.first);

  const unknown = after.filter(({ key }) => !levels.has(key)).map(({ facts }) => facts.hash);
  const batch = new Batch(db);
  for await (
    const { hash, paths } of readPaths(runGit, { cwd: repository.path, hashes: unknown, signal })
  ) {
    const key = keys.get(hash);
    if (key === undefined) continue;
    levels.set(key, paths === null ? "unreadable" : "paths");
    await batch.add(() => savePaths(db, key, paths));
  }
  for (const hash of unknown) {
    const key = keys.get(hash)!;
    if (levels.has(key)) continue;
    // git prints nothing for a commit that changes nothing.
    levels.set(key, "paths");
    await batch.add(() => savePaths(db, key, { added: [], others: [] }));
  }
  batch.flush();
  for (const { key } of after) {
    if (["renames", "partial"].includes(levels.get(key) ?? "")) edits.follow(loadChange(db, key));
  }

  let read = 0;
  let rest = after.filter(({ key }) => levels.get(key) === "paths");
  // What is read may rename a file, by whose new name more commits are candidates.
  for (let more = true; more && rest.length > 0;) {
    more = false;
    const [candidates, others] = split(rest, ({ key, facts }) => {
      const paths = loadPaths(db, key);
      return paths !== null && edits.mayBeIn(paths, facts);
    });
    rest = others;
    const left = new Set<string>(candidates.map(({ facts }) => facts.hash));
    read += left.size;
    const hashes = candidates.map(({ facts }) => facts.hash);
    for await (
      const { hash, change } of readChanges(runGit, { cwd: repository.path, hashes, signal })
    ) {
      const key = keys.get(hash);
      if (key === undefined || !left.delete(hash)) continue;
      if (edits.follow(change)) more = true;
      await batch.add(() => saveChange(db, key, change));
    }
    for (const hash of left) await batch.add(() => saveChange(db, keys.get(hash)!, { files: [] }));
    batch.flush();
  }
  return read;
}

/** The latest time at which a line may have been written that a commit has. */
function lastTime({ authorAt, committerAt }: CommitFacts): number {
  return Math.max(authorAt, committerAt) + SKEW_MS;
}

function split<Value>(
  values: readonly Value[],
  test: (value: Value) => boolean,
): [Value[], Value[]] {
  const found: [Value[], Value[]] = [[], []];
  for (const value of values) found[test(value) ? 0 : 1].push(value);
  return found;
}

/** Writes that are done together, with a pause after each lot. */
class Batch {
  #db: Database;
  #work: (() => void)[] = [];

  constructor(db: Database) {
    this.#db = db;
  }

  async add(work: () => void): Promise<void> {
    this.#work.push(work);
    if (this.#work.length < BATCH) return;
    this.flush();
    await sleep();
  }

  flush(): void {
    const work = this.#work;
    this.#work = [];
    if (work.length > 0) this.#db.transaction(() => work.forEach((one) => one()));
  }
}

/** The files that sessions edited in a repository, and what they were renamed to. */
class EditedFiles {
  /** The time of the first edit; Infinity where there is none. */
  readonly first: number;
  /** By the files' names, the time of the first edit of each path. */
  readonly #byName = new Map<string, Map<string, number>>();
  /** In the order of time. */
  readonly #times: number[] = [];

  constructor(sessions: readonly SessionWork[]) {
    for (const { actions } of sessions) {
      for (const action of actions) {
        if (action.kind !== "edit") continue;
        this.#learn(action.path, action.at);
        this.#times.push(action.at);
      }
    }
    this.#times.sort((a, b) => a - b);
    this.first = this.#times[0] ?? Infinity;
  }

  /**
   * Learns the new names of edited files that a change renames.
   *
   * @returns Whether there were any.
   */
  follow(change: CommitChange | null): boolean {
    let found = false;
    for (const { path, oldPath } of change?.files ?? []) {
      const at = oldPath === null ? null : this.#editedAt(oldPath);
      if (at !== null && this.#learn(path, at)) found = true;
    }
    return found;
  }

  /** Tells whether a commit may hold what a session wrote. */
  mayBeIn({ added, others }: ChangedPaths, commit: CommitFacts): boolean {
    const by = lastTime(commit);
    const isEdited = (path: string) => (this.#editedAt(path) ?? Infinity) <= by;
    if (others.some(isEdited) || added.some(isEdited)) return true;
    if (commit.parents.length > 1 || added.every(isGenerated)) return false;
    const edit = this.#times[firstFrom(this.#times, commit.authorAt - RENAMED_MS)];
    return edit !== undefined && edit <= by;
  }

  /** When a path was first edited, or null. */
  #editedAt(path: string): number | null {
    let first: number | null = null;
    for (const [edited, at] of this.#byName.get(nameOf(path)) ?? []) {
      if (sameFile(edited, path) && (first === null || at < first)) first = at;
    }
    return first;
  }

  /** @returns Whether it was not known. */
  #learn(path: string, at: number): boolean {
    const name = nameOf(path);
    let paths = this.#byName.get(name);
    if (paths === undefined) this.#byName.set(name, paths = new Map());
    const known = paths.get(path);
    paths.set(path, Math.min(at, known ?? Infinity));
    return known === undefined;
  }
}

/** The place of the first of some times, in their order, that is not before a time. */
function firstFrom(times: readonly number[], from: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
