import { beyondChance } from "./chance.ts";
import type { Claim } from "./claim.ts";
import type { ContentMatches } from "./content_match.ts";
import type { CommitFacts } from "./facts.ts";
import { STRONG } from "./weigh.ts";

/** From this strength on, evidence tells who sits in front of a session. */
const CERTAIN = 0.9;
/** From this strength on, a commit may be of the person who sits in front of a session. */
const POSSIBLE = 0.5;

/** Whose commits the sessions of a repository make, as far as it is certain. */
export class SessionAuthors {
  readonly #possible = new Map<number, Set<string>>();
  readonly #certain = new Set<number>();

  /**
   * Takes what speaks for any session to have made or written a commit.
   *
   * Of lines only those make certain that no other session wrote and no other change has: what several people commit
   * tells nobody's name.
   */
  learn(
    commit: CommitFacts,
    { claims, content: { matches, telling } }: {
      claims: readonly Claim[];
      content: ContentMatches;
    },
  ): void {
    for (const { session, strength, evidence: { rule } } of claims) {
      if (!STRONG.has(rule) || strength < POSSIBLE) continue;
      let names = this.#possible.get(session);
      if (names === undefined) this.#possible.set(session, names = new Set());
      for (const name of namesOf(commit)) names.add(name);
      if (rule !== "content" && strength >= CERTAIN) this.#certain.add(session);
    }
    for (const { session, sole } of matches) {
      if (beyondChance(sole, telling) >= CERTAIN) this.#certain.add(session);
    }
  }

  /** Tells whether a session is certain to make commits, and none of this one's author is known among them. */
  isOthers(session: number, commit: CommitFacts): boolean {
    if (!this.#certain.has(session)) return false;
    const names = this.#possible.get(session);
    return names !== undefined && !namesOf(commit).some((name) => names.has(name));
  }
}

/** What may name the same person: an e-mail address, or the name where several addresses are used. */
function namesOf({ authorEmail, authorName }: CommitFacts): string[] {
  return [authorEmail.toLowerCase(), `name ${authorName.toLowerCase()}`];
}
