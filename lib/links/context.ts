import type { CommitFacts, RepositoryFacts } from "../domain/link_facts.ts";
import { Ancestry } from "./ancestry.ts";
import { Copies, isRevert, plainSubject } from "./copies.ts";
import { ContentIndex } from "./lines/line_index.ts";
import { type ContentMatches, matchContent } from "./lines/match.ts";
import { type Neighbours, neighboursOf } from "./lines/proximity.ts";
import { Identity } from "./people.ts";
import { Squashes } from "./squashes.ts";
import { within } from "./time_index.ts";

/** How few hex digits of a hash are believed. */
const MIN_DIGITS = 7;

/** Commits are matched three times over: to learn who works here, to weigh, and to tell. So many lines are kept. */
const KEPT_LINES = 300_000;
/** What a commit's matches take besides their lines, in lines. */
const LINES_PER_COMMIT = 8;

const NOTHING: ContentMatches = { matches: [], telling: 0 };

/** The facts of a repository with what rules look up in them. */
export class LinkContext {
  readonly facts: RepositoryFacts;
  readonly #content = new ContentIndex();
  #matched: { commit: number; matches: ContentMatches } | null = null;
  readonly #matches = new Map<number, ContentMatches>();
  #kept = 0;
  #copies: Copies | null = null;
  #squashes: Squashes | null = null;
  /** Who works in this repository here. */
  readonly identity = new Identity();
  #ancestry: Ancestry | null = null;
  #byPrefix: Map<string, number[]> | null = null;
  #bySubject: Map<string, number[]> | null = null;
  #authored: ((from: number, to: number) => number[]) | null = null;
  #committed: ((from: number, to: number) => number[]) | null = null;

  private constructor(facts: RepositoryFacts) {
    this.facts = facts;
  }

  /** Prepares the facts, a piece at a time: each step is a moment to let others work. */
  static *over(facts: RepositoryFacts): Generator<void, LinkContext> {
    const context = new LinkContext(facts);
    yield* context.#content.fill(facts);
    context.#squashes = yield* Squashes.over(facts, {
      index: context.#content,
      ancestry: context.#ancestors,
      byHash: (hash) => context.byHash(hash),
      bySubject: (subject) => context.bySubject(subject),
      isCopy: (a, b) => context.copies.are(a, b),
    });
    yield* context.identity.learn(context);
    return context;
  }

  /** The commit at a place of the facts. */
  commit(place: number): CommitFacts {
    return this.facts.commits[place];
  }

  /** The commit with a hash that may be cut short; null where there is none, or more than one. */
  byHash(hash: string): number | null {
    if (hash.length < MIN_DIGITS) return null;
    this.#byPrefix ??= grouped(this.facts.commits, (commit) => commit.hash.slice(0, MIN_DIGITS));
    const found = (this.#byPrefix.get(hash.slice(0, MIN_DIGITS)) ?? [])
      .filter((place) => this.commit(place).hash.startsWith(hash));
    return found.length === 1 ? found[0] : null;
  }

  /** The commits with a subject, white space and the number of a pull request aside. */
  bySubject(subject: string): readonly number[] {
    this.#bySubject ??= grouped(this.facts.commits, (commit) => plainSubject(commit.subject));
    return this.#bySubject.get(plainSubject(subject)) ?? [];
  }

  /** The commits whose author time lies between two times, both inclusive, in the order of time. */
  authoredWithin(from: number, to: number): number[] {
    this.#authored ??= within(this.facts.commits.map(({ authorAt }) => authorAt));
    return this.#authored(from, to);
  }

  /** The commits whose committer time lies between two times, both inclusive, in the order of time. */
  committedWithin(from: number, to: number): number[] {
    this.#committed ??= within(this.facts.commits.map(({ committerAt }) => committerAt));
    return this.#committed(from, to);
  }

  /** Which commits are copies of one change. */
  get copies(): Copies {
    return this.#copies ??= new Copies(this.facts, this.#ancestors);
  }

  /** Tells whether a commit leads to another one. */
  isAncestor(ancestor: number, commit: number): boolean {
    return this.#ancestors.isAncestor(ancestor, commit);
  }

  /** Which commits hold the commits of another branch. */
  get squashes(): Squashes {
    return this.#squashes!;
  }

  /** Which sessions wrote a commit's lines. */
  content(commit: number): ContentMatches {
    if (this.#matched?.commit === commit) return this.#matched.matches;
    const known = this.#matches.get(commit);
    if (known !== undefined) return known;
    const matches = this.#match(commit);
    if (this.#kept < KEPT_LINES) {
      this.#matches.set(commit, matches);
      this.#kept += LINES_PER_COMMIT;
      for (const { lines } of matches.matches) this.#kept += lines.length;
    }
    this.#matched = { commit, matches };
    return matches;
  }

  #match(commit: number): ContentMatches {
    const facts = this.commit(commit);
    const change = this.facts.changeOf(facts.hash);
    return change === null || isRevert(facts) ? NOTHING : matchContent({
      commit: facts,
      change,
      index: this.#content,
      landings: (commits) => this.#landings(commits, commit),
      firstLanding: (commits, since) => this.#firstLanding(commits, { since, commit }),
    });
  }

  /** Which sessions wrote the lines that a commit removes or is next to. */
  neighbours(commit: number): Neighbours {
    const facts = this.commit(commit);
    const change = this.facts.changeOf(facts.hash);
    return change === null || isRevert(facts)
      ? { sessions: new Map(), telling: 0, known: 0 }
      : neighboursOf({ commit: facts, change, index: this.#content });
  }

  /** Tells whether a commit changes nothing but white space: its lines, as they are compared, stay in their order. */
  isRestyled(commit: number): boolean {
    const files = this.facts.changeOf(this.commit(commit).hash)?.files ?? [];
    return files.some(({ added, removed }) => added.length + removed.length > 0) &&
      files.every(({ added, removed }) => isSame(added.filter(isText), removed.filter(isText)));
  }

  get #ancestors(): Ancestry {
    return this.#ancestry ??= new Ancestry(this.facts.commits);
  }

  /** The author times of those of some commits that were made before a commit and lead to it, the latest first. */
  #landings(commits: readonly number[], commit: number): number[] {
    const { authorAt } = this.commit(commit);
    const times: number[] = [];
    let last = -1;
    let leads = false;
    for (const landing of commits) {
      const at = this.commit(landing).authorAt;
      if (landing !== last) {
        last = landing;
        leads = landing !== commit && at < authorAt && this.#ancestors.isAncestor(landing, commit);
      }
      if (leads) times.push(at);
    }
    return times.sort((a, b) => b - a);
  }

  /** The author time of the first of some commits that the commit holds, if it is a squash, else its own. */
  #firstLanding(
    commits: readonly number[],
    { since, commit }: { since: number; commit: number },
  ): number {
    let first = this.commit(commit).authorAt;
    const parts = this.squashes.partsOf(commit);
    if (parts.length === 0) return first;
    for (const landing of commits) {
      const { authorAt } = this.commit(landing);
      if (authorAt >= since && authorAt < first && parts.includes(landing)) first = authorAt;
    }
    return first;
  }

  /** The paths that a commit changes, generated files aside, with those before a rename; null where that is unknown. */
  paths(commit: number): string[] | null {
    const change = this.facts.changeOf(this.commit(commit).hash);
    return change === null ? null : this.#content.filesOf(change).map(({ path }) => path);
  }
}

function grouped<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  values.forEach((value, place) => {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else group.push(place);
  });
  return groups;
}

function isText(hash: number): boolean {
  return hash !== 0;
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((hash, i) => hash === b[i]);
}
