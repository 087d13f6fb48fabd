import type { CommitHash } from "../ids.ts";
import type { ScannedCommit } from "./log_parser.ts";

/** Frontiers wider than this are no longer followed. */
const WIDEST = 100_000;

/** Tells from the commits of a whole history, as git lists them, which one it began with. */
export class RootFinder {
  /** Tips and parents that are still to be seen. */
  readonly #wanted: Set<string>;
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
      if (wanted.size > 0) wanted.delete(hash);
      for (const parent of parents) wanted.add(parent);
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
    return this.#wanted.size === 0 && this.#roots === 1 ? this.#root : null;
  }
}
