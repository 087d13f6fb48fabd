import type { LinkContext } from "./context.ts";
import type { Action } from "../domain/link_facts.ts";
import type { Evidence, Reason, Rule, Tier } from "../domain/links.ts";

/** One rule's evidence that a session made or wrote a commit. */
export interface Claim {
  /** The session's place in the facts. */
  session: number;
  /** How likely the link is by this evidence alone, from 0 to 1, if there is no evidence for another session. */
  strength: number;
  evidence: Evidence;
}

/** A kind of facts of a repository. */
export type FactKind =
  /** What commits say of themselves: people, times, parents, subjects, trailers. */
  | "commits"
  /** The files and lines that commits change. */
  | "changes"
  /** What recorders left in the repository. */
  | "recorded"
  /** The ids of sessions. */
  | "ids"
  /** When sessions were at work. */
  | "activities"
  /** What sessions did, by the kind of action. */
  | Action["kind"];

/** A rule: facts in, evidence out. */
export interface LinkRule {
  rule: Rule;
  /** All the facts that its evidence depends on; as long as they stay, so does the evidence. */
  reads: readonly FactKind[];
  /**
   * Prepares what the rule looks up.
   *
   * @returns A function that takes a commit's place in the facts and gives at most one claim a session.
   */
  prepare(context: LinkContext): (commit: number) => Claim[];
}

/** Collects the strongest claim of each session for each commit. */
export class ClaimTable {
  readonly #claims = new Map<number, Map<number, Claim>>();

  /** Adds a claim for a commit; of two for one session the stronger one stays, the first of equals. */
  add(commit: number, claim: Claim): void {
    let sessions = this.#claims.get(commit);
    if (sessions === undefined) this.#claims.set(commit, sessions = new Map());
    const known = sessions.get(claim.session);
    if (known === undefined || claim.strength > known.strength) sessions.set(claim.session, claim);
  }

  /** The claims for a commit. */
  of(commit: number): Claim[] {
    return [...this.#claims.get(commit)?.values() ?? []];
  }
}

/** A session considered for a commit. */
export interface Verdict {
  /** The session's place in the facts. */
  session: number;
  tier: Tier;
  confidence: number;
  claims: Claim[];
  linked: boolean;
  /** Why not, where it was not linked. */
  reason: Reason | null;
  /** The session whose evidence outweighed it, where one did. */
  by: number | null;
}
