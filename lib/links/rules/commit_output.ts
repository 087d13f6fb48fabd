import { type Claim, ClaimTable, type LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";
import { plainSubject } from "../copies.ts";
import type { Action } from "../../domain/link_facts.ts";

type CommitAct = Extract<Action, { kind: "commit" }>;

/** Nothing but a forged or copied output gives a hash to the wrong session. */
const SEEN = 0.995;
/** The hash is gone; a commit has its subject and was authored while the command ran. */
const SUCCESSOR = 0.95;
/** The hash is gone, and a squash lists the subject. Fitted, see docs/linking.md. */
const LISTED = 0.8;

/** A rebase made the commit again: that writes nothing, unless other evidence shows that conflicts were solved. */
const REBASED = 0.45;

/** How long a commit's hooks may run between its author time and its output. */
const RUNNING_MS = 15 * 60_000;
/** git keeps whole seconds. */
const SECOND_MS = 1_000;

/**
 * The session's own tool result shows the commit being made: `[branch abc1234] subject`, or a `gitOperation` with its
 * hash. A hash that a rewrite made vanish leads to its successor by author time and subject.
 */
export const commitOutput: LinkRule = {
  rule: "commit_output",
  reads: ["commits", "commit"],
  prepare,
};

function prepare(context: LinkContext): (commit: number) => Claim[] {
  const claims = new ClaimTable();
  context.facts.sessions.forEach(({ actions }, session) => {
    for (const action of actions) {
      if (action.kind !== "commit") continue;
      const found = context.byHash(action.hash);
      const claim = (strength: number, through: string | null): Claim => ({
        session,
        strength: action.rebased ? Math.min(strength, REBASED) : strength,
        evidence: {
          rule: "commit_output",
          hash: action.hash,
          source: action.source,
          ...(action.rebased ? { rebased: true } : {}),
          ...(through === null ? {} : { through }),
          at: action.at,
          event: action.event,
        },
      });
      if (found !== null) {
        claims.add(found, claim(SEEN, null));
      } else {
        const found = successors(context, action);
        for (const successor of found) {
          claims.add(successor, claim(SUCCESSOR, "authorTimeAndSubject"));
        }
        const squash = found.length > 0 || action.subject === null
          ? null
          : context.squashes.listing(action.subject, action.at);
        if (squash !== null) claims.add(squash, claim(LISTED, "listedSubject"));
      }
    }
  });
  return (commit) => claims.of(commit);
}

/** The commits that have the subject of one that is gone, and its author time. */
function successors(context: LinkContext, { subject, at }: CommitAct): number[] {
  if (subject === null || plainSubject(subject).length < 3) return [];
  return context.bySubject(subject).filter((place) => {
    const { authorAt } = context.commit(place);
    return authorAt <= at + SECOND_MS && authorAt >= at - RUNNING_MS;
  });
}
