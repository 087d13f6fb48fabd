import type { CommitHash } from "../domain/ids.ts";
import type { CommitChange, SessionFacts } from "../links/facts.ts";
import type { Database } from "../store/database.ts";

/** Facts of sessions and commits are kept between runs up to about so many lines: some 16 MB. */
const MAX_LINES = 1_000_000;
/** What an act or a file takes besides its lines, in lines. */
const LINES_PER_PART = 20;

interface Entry<Facts> {
  /** What the facts were read from. */
  version: string;
  facts: Facts;
  lines: number;
}

/**
 * Facts that linking has read from the store, for its next run: a session that goes on costs the reading of that one
 * alone. What was read from another version is read anew, so that keeping facts changes no link.
 */
export class KeptFacts {
  readonly #sessions = new Map<string, Entry<SessionFacts>>();
  readonly #changes = new Map<string, Entry<CommitChange>>();
  #lines = 0;

  /** What a session did in a repository, as `load` reads it where it is not kept. */
  session(
    { session, repository, version }: { session: number; repository: number; version: string },
    load: () => SessionFacts,
  ): SessionFacts {
    return this.#kept(this.#sessions, { key: `${session} ${repository}`, version }, {
      load,
      linesOf: ({ acts }) =>
        acts.reduce(
          (sum, act) =>
            sum + LINES_PER_PART +
            (act.kind === "edit" ? act.added.length + act.removed.length : 0),
          LINES_PER_PART,
        ),
    });
  }

  /** What a commit changes, as `load` reads it where it is not kept; null stays unknown. */
  change(
    { repository, hash, level }: { repository: number; hash: CommitHash; level: string },
    load: () => CommitChange | null,
  ): CommitChange | null {
    const key = `${repository} ${hash}`;
    return this.#kept<CommitChange | null>(
      this.#changes as Map<string, Entry<CommitChange | null>>,
      { key, version: level },
      {
        load,
        linesOf: (change) =>
          (change?.files ?? []).reduce(
            // An added line has its place beside it.
            (sum, { added, removed }) => sum + LINES_PER_PART + 2 * added.length + removed.length,
            LINES_PER_PART,
          ),
      },
    );
  }

  #kept<Facts>(
    entries: Map<string, Entry<Facts>>,
    { key, version }: { key: string; version: string },
    { load, linesOf }: { load: () => Facts; linesOf: (facts: Facts) => number },
  ): Facts {
    const known = entries.get(key);
    if (known?.version === version) return known.facts;
    const facts = load();
    const lines = linesOf(facts);
    if (known !== undefined) {
      entries.delete(key);
      this.#lines -= known.lines;
    }
    if (this.#lines + lines <= MAX_LINES) {
      entries.set(key, { version, facts, lines });
      this.#lines += lines;
    }
    return facts;
  }
}

const kept = new WeakMap<Database, KeptFacts>();

/** What is kept of a database's facts as long as it is open. */
export function keptFactsOf(db: Database): KeptFacts {
  let facts = kept.get(db);
  if (facts === undefined) kept.set(db, facts = new KeptFacts());
  return facts;
}
