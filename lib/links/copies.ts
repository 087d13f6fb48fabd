import type { CommitChange, CommitFacts, RepositoryFacts } from "../domain/link_facts.ts";
import type { CopyReason } from "../domain/links.ts";
import { FNV_START, mixFnv } from "../text/fnv.ts";
import type { Ancestry } from "./ancestry.ts";

/** Tells whether a commit undoes another one: its lines keep the authors they had before. */
export function isRevert(
  { subject, trailers }: Pick<CommitFacts, "subject" | "trailers">,
): boolean {
  // A squashed pull request may hold reverts among other things.
  return /^revert(?:s|ed)?\b\s*(?:["“(:]|commit\b|[0-9a-f]{7})/i.test(subject) ||
    (trailers.some(({ key }) => key === "Reverts") && !SQUASHED.test(subject));
}

const SQUASHED = / \(#\d+\)$/;

/** A subject as it is compared: white space once, and no ` (#12)` that a merge on GitHub adds. */
export function plainSubject(subject: string): string {
  return subject.replace(/\s+/g, " ").trim().replace(/ \(#\d+\)$/, "");
}

/** The fewest lines by which two commits are known as copies: smaller changes are alike by chance. */
const MIN_LINES = 3;

/** The most copies of one commit that are named, of which at most so many times ten are looked at. */
const MOST_NAMED = 50;

/** A commit that another one is a copy of, or that is a copy of it. */
export interface CopyOf {
  /** The commit's place in the facts. */
  commit: number;
  reason: CopyReason;
}

/**
 * Which commits are copies of one change, as rebasing, amending a message and cherry-picking make them.
 *
 * A commit is no copy of one that it descends from: that brings back what was undone in between.
 */
export class Copies {
  readonly #groups = new Map<number, number[]>();
  readonly #facts: RepositoryFacts;
  readonly #ancestry: Ancestry;

  /** Commits are copies of each other if author, author time and subject are the same, or what they change is. */
  constructor(facts: RepositoryFacts, ancestry: Ancestry) {
    this.#facts = facts;
    this.#ancestry = ancestry;
    const parents = facts.commits.map((_, place) => place);
    const find = (place: number): number => {
      while (parents[place] !== place) place = parents[place] = parents[parents[place]];
      return place;
    };
    const first = new Map<string, number>();
    const join = (key: string, place: number) => {
      const other = first.get(key);
      if (other === undefined) first.set(key, place);
      else parents[find(place)] = find(other);
    };
    facts.commits.forEach(({ hash, authorAt, authorEmail, subject, parents: of }, place) => {
      if (of.length > 1) return;
      join(`${authorAt}\0${authorEmail}\0${subject}`, place);
      const change = facts.changeOf(hash);
      const signature = change === null ? null : signatureOf(change);
      if (signature !== null) join(signature, place);
    });
    const groups = new Map<number, number[]>();
    parents.forEach((_, place) => {
      const root = find(place);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [place]);
      else group.push(place);
    });
    for (const group of groups.values()) {
      if (group.length > 1) { for (const place of group) this.#groups.set(place, group); }
    }
  }

  /** The other commits that are copies of a commit's change. */
  of(commit: number): number[] {
    return (this.#groups.get(commit) ?? []).filter((place) => this.#isCopy(place, commit));
  }

  /** Tells whether two commits are copies of one change. */
  are(a: number, b: number): boolean {
    return this.#groups.get(a)?.includes(b) ?? false;
  }

  /** The same with the reason for each, as far as a reader can use. */
  named(commit: number): CopyOf[] {
    const group = this.#groups.get(commit)?.slice(0, MOST_NAMED * 10) ?? [];
    return group.filter((place) => this.#isCopy(place, commit)).slice(0, MOST_NAMED)
      .map((place) => ({ commit: place, reason: this.#reason(place, commit) }));
  }

  #isCopy(place: number, commit: number): boolean {
    return place !== commit && !this.#ancestry.isAncestor(place, commit) &&
      !this.#ancestry.isAncestor(commit, place);
  }

  #reason(place: number, commit: number): CopyReason {
    const [a, b] = [this.#facts.commits[place], this.#facts.commits[commit]];
    if (
      a.authorAt === b.authorAt && a.authorEmail === b.authorEmail && a.subject === b.subject
    ) return "sameAuthorship";
    const [before, after] = [a, b].map(({ hash }) => {
      const change = this.#facts.changeOf(hash);
      return change === null ? null : signatureOf(change);
    });
    return before !== null && before === after ? "sameChange" : "sameThird";
  }
}

/** What a change does, wherever in its files, as one text; null where it does too little to be known by it. */
function signatureOf({ files }: CommitChange): string | null {
  let lines = 0;
  let low = FNV_START;
  let high = 0x1b873593;
  const mix = (value: number) => {
    low = mixFnv(low, value);
    high = Math.imul(high ^ (value >>> 3) ^ low, 0x85ebca6b);
  };
  const inOrder = files.toSorted((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  for (const { path, added, removed } of inOrder) {
    for (let i = 0; i < path.length; i++) mix(path.charCodeAt(i));
    for (const hash of added) mix(hash);
    mix(0x5bd1e995);
    for (const hash of removed) mix(hash);
    lines += added.length + removed.length;
  }
  return lines < MIN_LINES ? null : `${lines} ${low >>> 0} ${high >>> 0}`;
}
