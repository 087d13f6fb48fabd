import { type Claim, ClaimTable, type LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";

/** Of commits made in a session's activity that nothing else connects with it, about this share is its work. */
const STRENGTH = 0.25;

/** The commit's author time lies in an activity of the session, same repository. */
export const duringSession: LinkRule = {
  rule: "during_session",
  reads: ["commits", "activities"],
  prepare,
};

function prepare(context: LinkContext): (commit: number) => Claim[] {
  const claims = new ClaimTable();
  context.facts.sessions.forEach(({ activities }, session) => {
    for (const { startedAt, endedAt } of activities) {
      // git keeps whole seconds: a commit of the activity's first second is still inside.
      for (const commit of context.authoredWithin(Math.floor(startedAt / 1000) * 1000, endedAt)) {
        claims.add(commit, {
          session,
          strength: STRENGTH,
          evidence: { rule: "during_session", from: startedAt, to: endedAt },
        });
      }
    }
  });
  return (commit) => claims.of(commit);
}
