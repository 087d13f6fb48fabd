import { sleep } from "../../async/yield.ts";
import type { CommitFacts, SessionWork } from "../../domain/link_facts.ts";
import { readChanges, readPaths } from "../../git/diff/changes.ts";
import type { GitRunner } from "../../git/run/runner.ts";
import { isGenerated, sameFile } from "../../links/files.ts";
import type { Database } from "../../store/database.ts";
import type { Keyed } from "../../store/read/link_facts.ts";
import {
  loadChangeLevels,
  loadPaths,
  saveChange,
  savePaths,
} from "../../store/write/commit_changes.ts";
import { basename } from "../../text/paths.ts";

/** Commits are written to the store this many at a time. */
const BATCH = 200;

/** How long after a commit's time an edit may have been made all the same. */
const SLACK_MS = 60_000;

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
  signal?: AbortSignal;
}

/**
 * Reads what candidates change, as far as it is not kept yet: the paths of commits made after the first edit, and the
 * lines of those that touch a file which a session had edited by then.
 *
 * @returns How many commits were read line by line.
 * @throws {Error} If git cannot read the repository at all.
 */
export async function readCandidateChanges(deps: ReadDeps, options: ReadOptions): Promise<number> {
  const { db, runGit } = deps;
  const { repository, commits, sessions, signal } = options;
  const edits = firstEdits(sessions);
  if (edits.first === Infinity) return 0;
  const levels = loadChangeLevels(db, repository.id);
  const keys = new Map(commits.map(({ key, facts }) => [facts.hash as string, key]));
  const lastTime = ({ authorAt, committerAt }: CommitFacts) =>
    Math.max(authorAt, committerAt) + SLACK_MS;
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
    // git prints nothing for a commit that changes nothing.
    if (!levels.has(key)) await batch.add(() => savePaths(db, key, []));
  }
  batch.flush();

  const candidates = after.filter(({ key, facts }) =>
    levels.get(key) === "paths" &&
    (loadPaths(db, key) ?? []).some((path) => edits.touch(path, lastTime(facts)))
  ).map(({ facts }) => facts.hash);
  const left = new Set<string>(candidates);
  for await (
    const { hash, change } of readChanges(runGit, {
      cwd: repository.path,
      hashes: candidates,
      signal,
    })
  ) {
    const key = keys.get(hash);
    if (key === undefined || !left.delete(hash)) continue;
    await batch.add(() => saveChange(db, key, change));
  }
  for (const hash of left) await batch.add(() => saveChange(db, keys.get(hash)!, { files: [] }));
  batch.flush();
  return candidates.length;
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

interface Edits {
  /** The time of the first edit in the repository; Infinity where there is none. */
  first: number;
  /** Tells whether a session had edited the file by that time. */
  touch(path: string, by: number): boolean;
}

function firstEdits(sessions: readonly SessionWork[]): Edits {
  const byName = new Map<string, Map<string, number>>();
  let first = Infinity;
  for (const { actions } of sessions) {
    for (const action of actions) {
      if (action.kind !== "edit" || isGenerated(action.path)) continue;
      first = Math.min(first, action.at);
      const name = basename(action.path).toLowerCase();
      let paths = byName.get(name);
      if (paths === undefined) byName.set(name, paths = new Map());
      paths.set(action.path, Math.min(action.at, paths.get(action.path) ?? Infinity));
    }
  }
  return {
    first,
    touch(path, by) {
      for (const [edited, at] of byName.get(basename(path).toLowerCase()) ?? []) {
        if (at <= by && sameFile(edited, path)) return true;
      }
      return false;
    },
  };
}
