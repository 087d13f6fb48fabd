import type { CommitHash } from "../ids.ts";
import type { ScannedCommit } from "./log_parser.ts";

/** Frontiers wider than this are no longer followed. */
const WIDEST = 100_000;

/** Tells from the commits of a whole history, as git lists them, which one it began with. */
export class RootFinder {
  /** Tips and parents that are still to be seen. */
  readonly #wanted: Set<string>;
  /** One more of them, apart: where history is a line, what is wanted next comes next, and needs no set. */
  #next: string | null = null;
  #root: CommitHash | null = null;
  #roots = 0;

  /** @param tips What the history is read from. */
  constructor(tips: readonly string[]) {
    this.#wanted = new Set(tips);
  }

  /** Takes up commits, children before their parents. */
  see(commits: readonly ScannedCommit[]): void {
    const wanted = this.#wanted;
    if (wanted.size > WIDEST) return;
    for (const { hash, parents } of commits) {
      if (this.#next !== null && this.#next !== hash) wanted.add(this.#next);
      this.#next = null;
      if (wanted.size > 0) wanted.delete(hash);
      if (parents.length === 0) {
        this.#root = hash;
        this.#roots++;
        continue;
      }
      this.#next = parents[0];
      for (let n = 1; n < parents.length; n++) wanted.add(parents[n]);
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
}
