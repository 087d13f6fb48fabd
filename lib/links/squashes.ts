import type { RepositoryFacts } from "../domain/link_facts.ts";
import { isDistinctive } from "../domain/line_hashes.ts";
import { DAY_MS } from "../time/days.ts";
import type { Ancestry } from "./ancestry.ts";
import { plainSubject } from "./copies.ts";
import { type ContentIndex, writtenFiles } from "./lines/line_index.ts";

/** How a subject that a squash's message lists is kept among the trailers. */
const LISTED = "Squashed-subject";
/** The share of a commit's lines that its squash has: later commits of the branch rework some. Fitted, see docs/linking.md. */
const HELD = 0.8;
/** The fewest lines by which a commit is recognized in a squash. */
const MIN_LINES = 3;
/** Lines that more changes than this have tell no squash from other commits. */
const COMMON = 8;
/** Branches live no longer than this, as far as a subject alone tells. */
const BRANCH_MS = 180 * DAY_MS;
/** The most commits that one squash is taken to hold. */
const MAX_PARTS = 200;

/** What squashes are recognized by. */
export interface SquashSources {
  index: ContentIndex;
  ancestry: Ancestry;
  /** The commit with a hash that may be cut short, or null. */
  byHash(hash: string): number | null;
  /** The commits with a subject. */
  bySubject(subject: string): readonly number[];
  /** Tells whether two commits are copies of one change. */
  isCopy(a: number, b: number): boolean;
}

/**
 * Which commits hold the commits of another branch, as the squash of a branch does.
 *
 * They are recognized by what the squash's message lists, hashes or subjects, or by the lines that sessions wrote.
 */
export class Squashes {
  readonly #parts = new Map<number, readonly number[]>();

  /** The squashes that list a subject. */
  readonly #listing = new Map<string, number[]>();
  readonly #facts: RepositoryFacts;

  private constructor(facts: RepositoryFacts) {
    this.#facts = facts;
    for (const [squash, { trailers }] of facts.commits.entries()) {
      for (const { key, value } of trailers) {
        if (key !== LISTED) continue;
        const subject = plainSubject(value);
        const known = this.#listing.get(subject);
        if (known === undefined) this.#listing.set(subject, [squash]);
        else known.push(squash);
      }
    }
  }

  /** Looks at every commit, a piece at a time: each step is a moment to let others work. */
  static *over(facts: RepositoryFacts, sources: SquashSources): Generator<void, Squashes> {
    const squashes = new Squashes(facts);
    for (const squash of facts.commits.keys()) {
      const parts = partsOf(squash, { facts, sources });
      if (parts.length > 0) squashes.#parts.set(squash, parts);
      yield;
    }
    yield* sources.index.joinChanges(facts, squashes.#parts);
    return squashes;
  }

  /** The squash whose message lists a commit that was made at a time, by its subject; null where none or several do. */
  listing(subject: string, at: number): number | null {
    const found = (this.#listing.get(plainSubject(subject)) ?? []).filter((squash) => {
      const { committerAt } = this.#facts.commits[squash];
      return at <= committerAt && at >= committerAt - BRANCH_MS;
    });
    return found.length === 1 ? found[0] : null;
  }

  /** The commits that a commit holds, in the order of the facts. */
  partsOf(squash: number): readonly number[] {
    return this.#parts.get(squash) ?? [];
  }
}

function partsOf(
  squash: number,
  { facts, sources }: { facts: RepositoryFacts; sources: SquashSources },
): number[] {
  const { ancestry, isCopy } = sources;
  const { committerAt, parents } = facts.commits[squash];
  if (parents.length > 1) return [];
  const parts = new Set([
    ...listed(squash, { facts, sources }),
    ...held(squash, { facts, sources }),
  ]);
  return [...parts].filter((part) => {
    const { authorAt, parents: of } = facts.commits[part];
    return part !== squash && of.length < 2 && authorAt <= committerAt && !isCopy(part, squash) &&
      !ancestry.isAncestor(part, squash) && !ancestry.isAncestor(squash, part);
  }).sort((a, b) => a - b).slice(0, MAX_PARTS);
}

/** The commits that the message lists. */
function* listed(
  squash: number,
  { facts, sources }: { facts: RepositoryFacts; sources: SquashSources },
): Generator<number> {
  const { trailers, committerAt } = facts.commits[squash];
  for (const { key, value } of trailers) {
    if (key === "Squashes") {
      const part = sources.byHash(value);
      if (part !== null) yield part;
    } else if (key === LISTED) {
      const named = sources.bySubject(value).filter((part) => {
        const { authorAt } = facts.commits[part];
        return authorAt <= committerAt && authorAt >= committerAt - BRANCH_MS;
      });
      // The same name at several times is nobody's.
      if (new Set(named.map((part) => facts.commits[part].authorAt)).size === 1) yield* named;
    }
  }
}

/** The commits whose lines a commit has, nearly all of them. */
function* held(
  squash: number,
  { facts, sources: { index } }: { facts: RepositoryFacts; sources: SquashSources },
): Generator<number> {
  if (!index.added.sharing.has(squash)) return;
  const change = facts.changeOf(facts.commits[squash].hash);
  const lines = new Map<number, number>();
  const seen = new Set<number>();
  for (const { added } of change === null ? [] : writtenFiles(change)) {
    for (const hash of added) {
      const line = isDistinctive(hash) ? index.added.find(hash) : undefined;
      if (line === undefined || (line.commits?.length ?? 0) < 2 || line.spread > COMMON) continue;
      if (seen.has(hash)) continue;
      seen.add(hash);
      for (const commit of new Set(line.commits)) {
        if (commit !== squash) lines.set(commit, (lines.get(commit) ?? 0) + 1);
      }
    }
  }
  for (const [commit, count] of lines) {
    if (count >= MIN_LINES && count >= HELD * index.linesOf(commit)) yield commit;
  }
}
