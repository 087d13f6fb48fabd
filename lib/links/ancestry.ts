import type { CommitFacts } from "./facts.ts";

/** The most commits that are looked through for one answer. */
const MAX_STEPS = 5_000;
/** Clocks of different machines, and rebases, put parents later than their children by this much. */
const SKEW_MS = 86_400_000;

/** Which commits descend from which, by their parents. */
export class Ancestry {
  readonly #commits: readonly CommitFacts[];
  readonly #places: Map<string, number>;
  #last: { commit: number; since: number; ancestors: Set<number> } | null = null;

  constructor(commits: readonly CommitFacts[]) {
    this.#commits = commits;
    this.#places = new Map(commits.map(({ hash }, place) => [hash, place]));
  }

  /** Tells whether `ancestor` is one of `commit`'s. What lies too far back is none. */
  isAncestor(ancestor: number, commit: number): boolean {
    const since = this.#commits[ancestor].committerAt - SKEW_MS;
    if (this.#last === null || this.#last.commit !== commit || this.#last.since > since) {
      this.#last = { commit, since, ancestors: this.#ancestors(commit, since) };
    }
    return this.#last.ancestors.has(ancestor);
  }

  #ancestors(commit: number, since: number): Set<number> {
    const seen = new Set<number>();
    const queue = [commit];
    for (let i = 0; i < queue.length && i < MAX_STEPS; i++) {
      for (const hash of this.#commits[queue[i]].parents) {
        const parent = this.#places.get(hash);
        if (parent === undefined || seen.has(parent)) continue;
        if (this.#commits[parent].committerAt < since) continue;
        seen.add(parent);
        queue.push(parent);
      }
    }
    return seen;
  }
}
