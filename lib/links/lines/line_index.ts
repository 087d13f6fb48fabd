import { isDistinctive } from "../../domain/line_hashes.ts";
import type { CommitChange, CommitFacts, RepositoryFacts } from "../../domain/link_facts.ts";
import { isGenerated, nameOf, sameFile } from "../files.ts";

/** One edit of a session, as the owner of the lines it wrote. */
export interface Writing {
  /** The session's place in the facts. */
  session: number;
  at: number;
  path: string;
  event: number;
  /** How many lines it wrote. */
  lines: number;
}

/** Lines that more changes than this have prove nothing. */
const COMMON = 40;

/** How fast a line loses weight by the number of changes that have it: one in sixteen changes proves an eighth. */
const RARITY = 3 / 4;

/** Every line that the sessions of a repository wrote, or removed, by its hash. */
export class ContentIndex {
  readonly added = new LineTable();
  readonly removed = new LineTable();
  /** By commit. */
  readonly #lines: number[] = [];
  /** The files that sessions edited, by their names. */
  readonly #edited = new Map<string, Set<string>>();
  readonly #files = new WeakMap<CommitChange, CommitChange["files"]>();

  /** Fills the index, a piece at a time: each step is a moment to let others work. */
  *fill(facts: RepositoryFacts): Generator<void> {
    for (const [session, { actions }] of facts.sessions.entries()) {
      for (const action of actions) {
        if (action.kind !== "edit") continue;
        this.#learnFile(action.path);
        const writing: Writing = {
          session,
          at: action.at,
          path: action.path,
          event: action.event,
          lines: action.added.length,
        };
        for (const hash of action.added) this.added.add(hash, writing);
        for (const hash of action.removed) this.removed.add(hash, writing);
      }
      yield;
    }
    yield* this.#countCommits(facts);
  }

  #learnFile(path: string): void {
    const name = nameOf(path);
    const known = this.#edited.get(name);
    if (known === undefined) this.#edited.set(name, new Set([path]));
    else known.add(path);
  }

  /**
   * The files of a change that may hold what sessions wrote, in the order of their paths: generated ones only if a
   * session edited them, since what an edit wrote no program generated.
   */
  filesOf(change: CommitChange): CommitChange["files"] {
    let files = this.#files.get(change);
    if (files === undefined) {
      const generated = change.files.filter(({ path }) =>
        isGenerated(path) && this.#isEdited(path)
      );
      files = generated.length === 0
        ? writtenFiles(change)
        : [...writtenFiles(change), ...generated].sort(byPath);
      this.#files.set(change, files);
    }
    return files;
  }

  #isEdited(path: string): boolean {
    for (const edited of this.#edited.get(nameOf(path)) ?? []) {
      if (sameFile(edited, path)) return true;
    }
    return false;
  }

  /** Counts for each line how many changes have it; copies of one change, as a rebase makes them, count once. */
  *#countCommits({ commits, changeOf }: RepositoryFacts): Generator<void> {
    const keyOf = ({ authorAt, subject }: CommitFacts) => `${authorAt} ${subject}`;
    const copies = new Map<string, Set<number> | null>();
    for (const commit of commits) {
      const key = keyOf(commit);
      copies.set(key, copies.has(key) ? new Set() : null);
    }
    for (const [place, commit] of commits.entries()) {
      yield;
      const change = changeOf(commit.hash);
      if (change === null) continue;
      const seen = copies.get(keyOf(commit)) ?? new Set();
      for (const file of writtenFiles(change)) {
        this.#lines[place] = (this.#lines[place] ?? 0) +
          this.added.countIn(file.added, { seen, offset: 0, commit: place });
        this.removed.countIn(file.removed, { seen, offset: 0.5, commit: place });
      }
    }
  }

  /** How many lines a commit adds, those with hardly a word on them aside. */
  linesOf(commit: number): number {
    return this.#lines[commit] ?? 0;
  }

  /** Counts what commits and their squash have as one change. */
  *joinChanges(
    { commits, changeOf }: RepositoryFacts,
    squashes: ReadonlyMap<number, readonly number[]>,
  ): Generator<void> {
    const changes = new Map<number, number>();
    const changeOfCommit = (commit: number): number => {
      let change = commit;
      for (let next = changes.get(change); next !== undefined; next = changes.get(change)) {
        change = next;
      }
      return change;
    };
    for (const [squash, parts] of squashes) {
      for (const part of parts) {
        const [a, b] = [changeOfCommit(squash), changeOfCommit(part)];
        if (a !== b) changes.set(b, a);
      }
    }
    for (const squash of squashes.keys()) {
      const change = changeOf(commits[squash].hash);
      for (const { added } of change === null ? [] : writtenFiles(change)) {
        this.added.countAgain(added, changeOfCommit);
      }
      yield;
    }
  }
}

/** A line that sessions wrote. */
export interface Line {
  writings: Writing[];
  /** How often each of these edits wrote it. */
  counts: number[];
  /** The commits that have it, once for each time; null as long as there is none. */
  commits: number[] | null;
  /** How many changes have it. */
  spread: number;
}

/** Lines by their hash: who wrote them, and how much each proves. */
export class LineTable {
  /** The commits that have a line, with words enough to tell anything, that another one has. */
  readonly sharing = new Set<number>();
  readonly #lines = new Map<number, Line>();

  /** Adds a line that an edit wrote. */
  add(hash: number, writing: Writing): void {
    if (hash === 0) return;
    const line = this.#lines.get(hash | 0);
    if (line === undefined) {
      this.#lines.set(hash | 0, { writings: [writing], counts: [1], commits: null, spread: 0 });
      return;
    }
    const last = line.writings.length - 1;
    if (line.writings[last] === writing) {
      line.counts[last]++;
      return;
    }
    if (line.spread <= COMMON) {
      line.writings.push(writing);
      line.counts.push(1);
    } else if (last > 0) {
      line.writings = [writing];
      line.counts = [1];
    }
  }

  /**
   * Counts a change's lines that are known, each once a change.
   *
   * @returns How many of all have words enough to tell anything.
   */
  countIn(
    hashes: Uint32Array,
    { seen, offset, commit }: { seen: Set<number>; offset: number; commit: number },
  ): number {
    let distinctive = 0;
    for (const hash of hashes) {
      if (isDistinctive(hash)) distinctive++;
      const line = this.#lines.get(hash | 0);
      if (line === undefined) continue;
      if (line.commits === null) line.commits = [commit];
      else if (line.spread <= COMMON) {
        if (line.commits[0] !== commit && isDistinctive(hash)) {
          this.sharing.add(line.commits[0]).add(commit);
        }
        line.commits.push(commit);
      }
      if (seen.has((hash | 0) + offset)) continue;
      seen.add((hash | 0) + offset);
      line.spread++;
    }
    return distinctive;
  }

  /** Counts how many changes have each of some lines, where several commits are one change. */
  countAgain(hashes: Uint32Array, changeOf: (commit: number) => number): void {
    for (const hash of hashes) {
      const line = this.#lines.get(hash | 0);
      if (line === undefined || line.commits === null || isCommon(line)) continue;
      line.spread = Math.min(line.spread, new Set(line.commits.map(changeOf)).size);
    }
  }

  /** How often a session wrote a line by some time. */
  timesWritten(hash: number, { session, by }: { session: number; by: number }): number {
    const line = this.#lines.get(hash | 0);
    if (line === undefined) return 0;
    return line.counts.reduce((sum, count, i) => {
      const writing = line.writings[i];
      return writing.session === session && writing.at <= by ? sum + count : sum;
    }, 0);
  }

  /** Tells whether the session that took a line away wrote it again later, by some time. */
  isAgain(hash: number, { removal, by }: { removal: Writing; by: number }): boolean {
    const { session, at } = removal;
    return this.#lines.get(hash | 0)?.writings.some((writing) =>
      writing.session === session && writing.at > at && writing.at <= by
    ) ?? false;
  }

  /** A line that some session wrote; undefined where none did. */
  find(hash: number): Line | undefined {
    return this.#lines.get(hash | 0);
  }
}

/** Tells whether so many changes have a line that it proves nothing. */
export function isCommon({ spread }: Line): boolean {
  return spread > COMMON;
}

/**
 * How much a line proves, from 0 to 1: 1 for one that a single change has.
 *
 * Only changes count, not how many sessions wrote it: else a session's own writing would lessen what it proves.
 */
export function weightOf(line: Line): number {
  return isCommon(line) ? 0 : Math.max(1, line.spread) ** -RARITY;
}

const written = new WeakMap<CommitChange, CommitChange["files"]>();

/** The files of a change that no program generated, in the order of their paths. */
export function writtenFiles(change: CommitChange): CommitChange["files"] {
  let files = written.get(change);
  if (files === undefined) {
    files = change.files.filter(({ path }) => !isGenerated(path)).sort(byPath);
    written.set(change, files);
  }
  return files;
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** A commit with what its lines are looked up in. */
export interface MatchedCommit {
  commit: CommitFacts;
  change: CommitChange;
  index: ContentIndex;
  /** The author times of those of the commits that lead to this one, the latest first. */
  landings(commits: readonly number[]): number[];
  /** When the first of some commits was made since a time that this one holds as their squash, else when this one was. */
  firstLanding(commits: readonly number[], since: number): number;
}
