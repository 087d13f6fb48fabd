import type { ContentMatches } from "./lines/match.ts";
import type { CommitFacts } from "../domain/link_facts.ts";
import { type Evidence, type Reason, type Rule, RULES, type Tier } from "../domain/links.ts";
import type { Claim, Verdict } from "./claim.ts";

/** Rare lines that are as good as none: the first two or three make the difference. */
const RARE = 0.8;
/** What lines like a session's come to by chance, squared and by line of the commit. */
const CHANCE = 0.15;

/**
 * How surely so many rare lines agree for a reason, from 0 to 1.
 *
 * A few are enough in a small commit. Chance matches grow with the commit, by the root of its lines, so that a large one
 * takes more.
 *
 * @param weight How many rare lines those are worth that agree.
 * @param telling How many lines could have.
 */
export function beyondChance(weight: number, telling: number): number {
  const rare = 1 - Math.exp(-weight / RARE);
  return rare * (1 - Math.exp(-(weight * weight) / Math.max(1, telling) / CHANCE));
}

/** Links below this confidence are not made: more of them would be wrong than right. */
export const THRESHOLD = 0.5;

/** Below this strength nothing is said of evidence when a reason is given. */
const SAID = 0.05;

/** How far a session's strong evidence explains away what is weak for the others. */
const EXPLAINED = 0.9;

/** What weak evidence is worth for a commit of somebody who does not work here. */
const OTHER_PERSON: Partial<Record<Rule, number>> = {
  commit_skill: 0.2,
  files: 0.5,
  during_session: 0.2,
};
/** What weak evidence is worth where the session is known to make another person's commits, or none was made here. */
const OTHERS = 0.2;
/** Who commits what is edited or merged on GitHub's pages: in no checkout, so by no session's hand. */
const WEB_COMMITTER = "noreply@github.com";
/** What time is worth for a merge: most are made by a button or by a pull. */
const MERGE: Partial<Record<Rule, number>> = { commit_skill: 0.7, during_session: 0.3 };

/** Rules whose evidence says what the session did to this commit, not just when and where it worked. */
export const STRONG: ReadonlySet<Rule> = new Set([
  "commit_output",
  "trailer",
  "commit_command",
  "conflict_resolution",
  "content",
  "notes",
]);
const RECORDED: ReadonlySet<Rule> = new Set([
  "commit_output",
  "trailer",
  "commit_command",
  "commit_skill",
  "notes",
]);

/**
 * Weighs all evidence that sessions made or wrote a commit.
 *
 * What a session's own evidence says adds up and never takes away; only other sessions' strong evidence takes from a
 * session, and only from what is weak: being at work at the time, or in the same files.
 *
 * @param made Whether the commit's author works here; null where nothing is known of who does.
 * @returns Every session that has a claim, the surest first.
 */
export function weigh(
  claims: readonly Claim[],
  { commit, made, isOthers }: {
    commit: CommitFacts;
    made: boolean | null;
    isOthers: (session: number) => boolean;
  },
): Verdict[] {
  const bySession = new Map<number, Claim[]>();
  for (const claim of claims) {
    const own = bySession.get(claim.session);
    if (own === undefined) bySession.set(claim.session, [claim]);
    else own.push(claim);
  }
  const strong = new Map<number, number>();
  const rivals = new Map<Rule, number>();
  for (const [session, own] of bySession) {
    strong.set(session, together(own.filter(({ evidence }) => STRONG.has(evidence.rule))));
    for (const { evidence } of own) {
      rivals.set(evidence.rule, (rivals.get(evidence.rule) ?? 0) + 1);
    }
  }
  const onTheWeb = commit.committerEmail.toLowerCase() === WEB_COMMITTER;
  const verdicts: Verdict[] = [];
  for (const [session, own] of bySession) {
    let left = 1;
    let by: number | null = null;
    for (const [other, strength] of strong) {
      if (other === session) continue;
      left *= 1 - EXPLAINED * strength;
      if (strength >= THRESHOLD && (by === null || strength > strong.get(by)!)) by = other;
    }
    const others = isOthers(session);
    const weighed = own.map((claim) => {
      const { rule } = claim.evidence;
      if (STRONG.has(rule)) return claim;
      const strength = claim.strength * (claim.evidence.confirmed === true ? 1 : left) /
        (rule === "files" ? 1 : rivals.get(rule)!) *
        (others || onTheWeb ? OTHERS : made === false ? OTHER_PERSON[rule] ?? 1 : 1) *
        (commit.parents.length > 1 ? MERGE[rule] ?? 1 : 1);
      return { ...claim, strength };
    });
    const confidence = Math.round(together(weighed) * 1000) / 1000;
    const linked = confidence >= THRESHOLD;
    verdicts.push({
      session,
      tier: tierOf(weighed),
      confidence,
      claims: weighed.sort(byRule),
      linked,
      reason: linked ? null : reasonOf(weighed, { by, onTheWeb, other: others || made === false }),
      by: linked ? null : by,
    });
  }
  return verdicts.sort((a, b) => b.confidence - a.confidence || a.session - b.session);
}

/** A session's evidence, each piece with its weight: the likelihood of the link by it alone, less its rivals'. */
export function evidenceOf({ claims }: Verdict): Evidence[] {
  return claims.map(({ evidence, strength }) => ({
    ...evidence,
    strength: Math.round(strength * 1000) / 1000,
  }));
}

/** The likelihood of a link that several independent claims support. */
function together(claims: readonly Claim[]): number {
  return 1 - claims.reduce((left, { strength }) => left * (1 - strength), 1);
}

function tierOf(claims: readonly Claim[]): Tier {
  return claims.some(({ evidence: { rule } }) => RECORDED.has(rule)) ? 1 : 2;
}

function reasonOf(
  claims: readonly Claim[],
  { by, onTheWeb, other }: { by: number | null; onTheWeb: boolean; other: boolean },
): Reason {
  if (by !== null) return "outweighed";
  const isStrong = claims.some(({ strength, evidence: { rule } }) =>
    STRONG.has(rule) && strength >= SAID
  );
  if (onTheWeb && !isStrong) return "onTheWeb";
  if (other && !isStrong) return "otherPerson";
  return claims.every(({ evidence }) => evidence.rule === "during_session")
    ? "timeOnly"
    : "tooLittle";
}

function byRule(a: Claim, b: Claim): number {
  return RULES.indexOf(a.evidence.rule) - RULES.indexOf(b.evidence.rule);
}

/** Whose commits the sessions of a repository make, as far as it is certain. */
export class SessionAuthors {
  readonly #possible = new Map<number, Set<string>>();
  readonly #certain = new Set<number>();

  /**
   * Takes the evidence that sessions made or wrote a commit.
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

/** From this strength on, evidence tells who sits in front of a session. */
const CERTAIN = 0.9;

/** From this strength on, a commit may be of the person who sits in front of a session. */
const POSSIBLE = 0.5;

/** What may name the same person: an e-mail address, or the name where several addresses are used. */
function namesOf({ authorEmail, authorName }: CommitFacts): string[] {
  return [authorEmail.toLowerCase(), `name ${authorName.toLowerCase()}`];
}
