import type { ScannedCommit } from "../../domain/link_facts.ts";
import type { CommitHash } from "../../domain/ids.ts";

/** Frontiers wider than this are no longer followed. */
const WIDEST = 100_000;

/** Tells from the commits of a whole history, as git lists them, which one it began with. */
export class RootFinder {
  /** Tips and parents that are still to be seen. */
  readonly #wanted = new Set<string>();
  /** How many of them start with the same digits: most commits need not be looked for in the set. */
  readonly #starts = new Uint32Array(START_VALUES);
  /** One more that is wanted. In a line of history it comes next, and never gets into the set. */
  #next: string | null = null;
  #root: CommitHash | null = null;
  #roots = 0;

  /** @param tips What the history is read from. */
  constructor(tips: readonly string[]) {
    for (const tip of tips) this.#want(tip);
  }

  /** Takes up commits, children before their parents. */
  see(commits: readonly ScannedCommit[]): void {
    if (this.#wanted.size > WIDEST) return;
    for (const { hash, parents } of commits) {
      if (this.#next !== null && this.#next !== hash) this.#want(this.#next);
      this.#next = parents.length === 0 ? null : parents[0];
      const start = startOf(hash);
      if (this.#starts[start] > 0 && this.#wanted.delete(hash)) this.#starts[start]--;
      for (let n = 1; n < parents.length; n++) this.#want(parents[n]);
      if (parents.length > 0) continue;
      this.#root = hash;
      this.#roots++;
    }
  }

  /**
   * The one commit without a parent; null where there are several, or where not all that
   * belongs to the history was seen.
   */
  get root(): CommitHash | null {
    const seen = this.#wanted.size === 0 && this.#next === null;
    return seen && this.#roots === 1 ? this.#root : null;
  }

  #want(hash: string): void {
    if (this.#wanted.has(hash)) return;
    this.#wanted.add(hash);
    this.#starts[startOf(hash)]++;
  }
}

const START_VALUES = 4_096;

/** A hash's first digits as a number, or so: four bits of each. */
function startOf(hash: string): number {
  let start = 0;
  for (let at = 0; at < 3; at++) {
    const code = hash.charCodeAt(at);
    // Digits end in 0 to 9, letters from a on in 1 to 6.
    start = start << 4 | (code < 64 ? code & 15 : (code & 15) + 9 & 15);
  }
  return start;
}
