import type { CommitFacts } from "../domain/link_facts.ts";
import { DAY_MS } from "../time/days.ts";

/** The most commits that are looked through for one answer. */
const MAX_STEPS = 20_000;
/** How far back a commit's ancestors are looked up at first. */
const FIRST_MS = 14 * DAY_MS;
/** Clocks of different machines, and rebases, put parents later than their children by this much. */
const SKEW_MS = DAY_MS;

/** Of up to so many commits all ancestors of each are kept, as a bit each: 8 MB at most. */
const MAX_KEPT = 8_192;

/** Which commits descend from which, by their parents. */
export class Ancestry {
  readonly #commits: readonly CommitFacts[];
  readonly #parents: readonly (readonly number[])[];
  /** Of each commit a row of bits, one for each that leads to it; null where there are too many commits. */
  #rows: Uint32Array[] | null = null;
  /** The commit whose ancestors are marked, and how far back they are. */
  #commit = -1;
  #since = Infinity;
  /** Which commits are marked: those whose mark is the current one. */
  readonly #marks: Uint32Array;
  #mark = 0;

  constructor(commits: readonly CommitFacts[]) {
    this.#commits = commits;
    this.#marks = new Uint32Array(commits.length);
    const places = new Map(commits.map(({ hash }, place) => [hash as string, place]));
    this.#parents = commits.map(({ parents }) =>
      parents.map((hash) => places.get(hash)).filter((place) => place !== undefined)
    );
  }

  /** Tells whether `ancestor` is one of `commit`'s. Among very many commits, what lies too far back is none. */
  isAncestor(ancestor: number, commit: number): boolean {
    if (this.#commits.length <= MAX_KEPT) {
      this.#rows ??= this.#allAncestors();
      return (this.#rows[commit][ancestor >>> 5] & (1 << (ancestor & 31))) !== 0;
    }
    const at = this.#commits[ancestor].committerAt;
    if (at > this.#commits[commit].committerAt + SKEW_MS) return false;
    if (this.#commit !== commit || this.#since > at - SKEW_MS) this.#markAncestors(commit, at);
    return this.#marks[ancestor] === this.#mark;
  }

  #allAncestors(): Uint32Array[] {
    const words = (this.#commits.length + 31) >>> 5;
    const rows: Uint32Array[] = new Array(this.#commits.length);
    const left: number[] = [];
    for (let commit = 0; commit < this.#commits.length; commit++) {
      left.push(commit);
      while (left.length > 0) {
        const place = left.at(-1)!;
        const before = left.length;
        if (rows[place] === undefined) {
          for (const parent of this.#parents[place]) {
            if (rows[parent] === undefined) left.push(parent);
          }
          if (left.length > before) continue;
          rows[place] = this.#rowOf(place, { rows, words });
        }
        left.pop();
      }
    }
    return rows;
  }

  #rowOf(
    place: number,
    { rows, words }: { rows: readonly Uint32Array[]; words: number },
  ): Uint32Array {
    const row = new Uint32Array(words);
    for (const parent of this.#parents[place]) {
      const above = rows[parent];
      for (let word = 0; word < words; word++) row[word] |= above[word];
      row[parent >>> 5] |= 1 << (parent & 31);
    }
    return row;
  }

  #markAncestors(commit: number, at: number): void {
    const from = this.#commits[commit].committerAt;
    const known = this.#commit === commit ? from - this.#since : FIRST_MS / 4;
    this.#since = from - Math.max(known * 4, from - at + SKEW_MS);
    this.#commit = commit;
    const mark = ++this.#mark;
    const queue = [commit];
    for (let i = 0; i < queue.length && i < MAX_STEPS; i++) {
      for (const parent of this.#parents[queue[i]]) {
        if (this.#marks[parent] === mark || this.#commits[parent].committerAt < this.#since) {
          continue;
        }
        this.#marks[parent] = mark;
        queue.push(parent);
      }
    }
  }
}
