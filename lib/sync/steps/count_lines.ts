import { ignoredRevisions } from "../../git/blame/blame.ts";
import { scanHashes } from "../../git/scan/log.ts";

import type { GitDir, GitFailure, GitRunner } from "../../git/run/runner.ts";
import {
  readHead,
  readOrigins,
  readRenames,
  readSurvivingFiles,
  type SurvivingFile,
  type SurvivingOptions,
} from "../../git/blame/surviving.ts";
import { gitError } from "../../git/run/failure.ts";
import type { CommitHash } from "../../domain/ids.ts";
import { parentPath } from "../../text/paths.ts";
import type { Database } from "../../store/database.ts";
import {
  commitNumbers,
  forgetFiles,
  knownFiles,
  listUncounted,
  type LookedAtFile,
  saveCounts,
  saveFiles,
  type UncountedRepository,
  writtenFiles,
} from "../../store/write/surviving_lines.ts";

/** How long all repositories together may take; the rest waits until the next sync is over. */
const LONGEST_MS = 120_000;
/** Files are stored so many at a time, that an end in between loses little. */
const FILES_AT_ONCE = 40;

/** What counting needs. */
export interface CountDeps {
  db: Database;
  runGit: GitRunner;
}

/**
 * Counts how many of the lines that sessions wrote stand in the versions checked out, of repositories whose refs or links
 * changed since. A file whose content is that of the last time is not looked at again, as long as its lines' commits are
 * still in the history.
 *
 * It belongs to no run: it follows one, and ends early when the next begins.
 *
 * @returns Whether any count that is shown changed.
 */
export async function countLines(
  { db, runGit }: CountDeps,
  { signal, longestMs = LONGEST_MS }: { signal: AbortSignal; longestMs?: number },
): Promise<boolean> {
  const until = performance.now() + longestMs;
  let changed = false;
  for (const repository of listUncounted(db)) {
    if (signal.aborted || performance.now() >= until) break;
    const counting = new Counting({ db, runGit }, { repository, signal, until });
    try {
      if (await counting.run()) changed = true;
    } catch (error) {
      if (error instanceof Unfinished) break;
      if (!(error instanceof Unreadable)) throw error;
      const failed = { ...repository, head: null, history: [], failure: error.message };
      if (saveCounts(db, failed)) changed = true;
    }
  }
  return changed;
}

/** The repository cannot be read; the message is for the user. */
class Unreadable extends Error {}
/** Somebody wants to go on with something else, or it took too long. */
class Unfinished extends Error {}

class Counting {
  readonly #db: Database;
  readonly #git: GitRunner;
  readonly #repository: UncountedRepository;
  readonly #place: GitDir;
  readonly #signal: AbortSignal;
  readonly #until: number;

  constructor(
    { db, runGit }: CountDeps,
    { repository, signal, until }: {
      repository: UncountedRepository;
      signal: AbortSignal;
      until: number;
    },
  ) {
    this.#db = db;
    this.#git = runGit;
    this.#repository = repository;
    this.#place = { cwd: repository.path, ceiling: parentPath(repository.path) };
    this.#signal = signal;
    this.#until = until;
  }

  async run(): Promise<boolean> {
    const { id } = this.#repository;
    const written = writtenFiles(this.#db, id);
    if (written === undefined) return this.#save(null, []);
    const { head } = this.#expect(
      await readHead(this.#git, { place: this.#place, signal: this.#signal }),
    );
    if (head === null) return this.#save(null, []);
    const { since } = written;
    const history = await this.#history(head);
    const options = { place: this.#place, head, since, signal: this.#signal };
    const files = await this.#files(written.paths, options);
    await this.#lookAt(files, { options, history });
    return this.#save(head, [...history.values()]);
  }

  #save(head: CommitHash | null, history: readonly number[]): boolean {
    return saveCounts(this.#db, { ...this.#repository, head, history, failure: null });
  }

  /** The stored commits that a version grew from, with their numbers. */
  async #history(head: CommitHash): Promise<Map<CommitHash, number>> {
    const numbers = commitNumbers(this.#db, this.#repository.id);
    const history = new Map<CommitHash, number>();
    const end = await scanHashes(this.#git, {
      place: this.#place,
      query: { tips: [head] },
      signal: this.#signal,
      onHashes: (hashes) => {
        for (const hash of hashes as CommitHash[]) {
          const number = numbers.get(hash);
          if (number !== undefined) history.set(hash, number);
        }
      },
    });
    this.#expect(end);
    return history;
  }

  /** The files of the version that hold lines of these paths, under whatever name they have now. */
  async #files(paths: readonly string[], options: SurvivingOptions): Promise<SurvivingFile[]> {
    const { files } = this.#expect(await readSurvivingFiles(this.#git, paths, options));
    if (files.length === paths.length) return files;
    const { renames } = this.#expect(await readRenames(this.#git, options));
    const names = new Set(paths);
    const before = names.size;
    for (const { from, to } of renames) if (names.has(from)) names.add(to);
    const more = this.#expect(
      await readSurvivingFiles(this.#git, [...names].slice(before), options),
    );
    return [...files, ...more.files];
  }

  async #lookAt(
    files: readonly SurvivingFile[],
    { options, history }: {
      options: SurvivingOptions;
      history: ReadonlyMap<CommitHash, number>;
    },
  ): Promise<void> {
    const { id } = this.#repository;
    const known = knownFiles(this.#db, id);
    const numbers = new Set(history.values());
    const wanted = files.filter(({ path, blob }) => {
      const file = known.get(path);
      known.delete(path);
      return file?.blob !== blob || file.since > options.since ||
        file.commits.some((commit) => !numbers.has(commit));
    });
    forgetFiles(this.#db, id, [...known.keys()]);
    if (wanted.length === 0) return;
    const stopped = await ignoredRevisions(this.#git, options);
    if (this.#signal.aborted) throw new Unfinished();
    if (stopped !== null) throw new Unreadable(stopped.message);
    const found: LookedAtFile[] = [];
    const save = () => saveFiles(this.#db, id, found.splice(0));
    try {
      for (const file of wanted) {
        if (performance.now() >= this.#until) throw new Unfinished();
        found.push(await this.#origins(file, { options, history }));
        if (found.length >= FILES_AT_ONCE) save();
      }
    } finally {
      save();
    }
  }

  async #origins(
    { path, blob, skipped }: SurvivingFile,
    { options, history }: {
      options: SurvivingOptions;
      history: ReadonlyMap<CommitHash, number>;
    },
  ): Promise<LookedAtFile> {
    const unknown = { path, blob, since: options.since, groups: [] };
    if (skipped !== null) return { ...unknown, skipped };
    const answer = await readOrigins(this.#git, path, options);
    if (this.#signal.aborted) throw new Unfinished();
    if (answer.kind === "timeout") return { ...unknown, skipped: "slow" };
    if (answer.kind === "tooLarge") return { ...unknown, skipped: "large" };
    const { groups } = this.#expect(answer);
    return {
      ...unknown,
      skipped: null,
      groups: groups.flatMap(({ hash, originalPath, originalLine, count }) => {
        const commit = history.get(hash);
        return commit === undefined ? [] : [{ commit, originalPath, originalLine, count }];
      }),
    };
  }

  #expect<Answer extends { kind: "ok" }>(answer: Answer | GitFailure): Answer {
    if (this.#signal.aborted || answer.kind === "aborted") throw new Unfinished();
    if (answer.kind === "ok") return answer as Answer;
    throw new Unreadable(gitError(answer as GitFailure, this.#repository.path).message);
  }
}
