import type { Evidence, Rule } from "./link.ts";
import type { RepositoryFacts } from "./facts.ts";

/** One rule's evidence that a session and a commit belong together; both are places in the facts' lists. */
export interface Claim {
  session: number;
  commit: number;
  evidence: Evidence;
}

/** A rule: facts in, evidence out. */
export interface LinkRule {
  rule: Rule;
  find(facts: RepositoryFacts): Iterable<Claim>;
}
