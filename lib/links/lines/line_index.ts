import type { CommitChange, CommitFacts, RepositoryFacts } from "../../domain/link_facts.ts";
import { isGenerated } from "../files.ts";

/** One edit of a session, as the owner of the lines it wrote. */
export interface Writing {
  /** The session's place in the facts. */
  session: number;
  at: number;
  path: string;
  event: number;
}

/** Lines that more changes than this have prove nothing. */
const COMMON = 40;

/** How fast a line loses weight by the number of changes that have it: one in sixteen changes proves an eighth. */
const RARITY = 3 / 4;

/** Every line that the sessions of a repository wrote, or removed, by its hash. */
export class ContentIndex {
  readonly added = new LineTable();
  readonly removed = new LineTable();

  /** Fills the index, a piece at a time: each step is a moment to let others work. */
  *fill(facts: RepositoryFacts): Generator<void> {
    for (const [session, { actions }] of facts.sessions.entries()) {
      for (const action of actions) {
        if (action.kind !== "edit" || isGenerated(action.path)) continue;
        const writing: Writing = { session, at: action.at, path: action.path, event: action.event };
        for (const hash of action.added) this.added.add(hash, writing);
        for (const hash of action.removed) this.removed.add(hash, writing);
      }
      yield;
    }
    yield* this.#countCommits(facts);
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
        this.added.countIn(file.added, { seen, offset: 0, commit: place });
        this.removed.countIn(file.removed, { seen, offset: 0.5, commit: place });
      }
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

  /** Counts a change's lines that are known, each once a change. */
  countIn(
    hashes: Uint32Array,
    { seen, offset, commit }: { seen: Set<number>; offset: number; commit: number },
  ): void {
    for (const hash of hashes) {
      const line = this.#lines.get(hash | 0);
      if (line === undefined) continue;
      if (line.commits === null) line.commits = [commit];
      else if (line.spread <= COMMON) line.commits.push(commit);
      if (seen.has((hash | 0) + offset)) continue;
      seen.add((hash | 0) + offset);
      line.spread++;
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

/** The files of a change that people or sessions wrote, in the order of their paths. */
export function writtenFiles(change: CommitChange): CommitChange["files"] {
  let files = written.get(change);
  if (files === undefined) {
    files = change.files.filter(({ path }) => !isGenerated(path))
      .sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
    written.set(change, files);
  }
  return files;
}

/** A commit with what its lines are looked up in. */
export interface MatchedCommit {
  commit: CommitFacts;
  change: CommitChange;
  index: ContentIndex;
  /** The author times of those of the commits that lead to this one, the latest first. */
  landings(commits: readonly number[]): number[];
}
