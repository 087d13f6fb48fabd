import type { Claim, LinkRule } from "../claim.ts";
import type { RepositoryFacts } from "../facts.ts";
import { within } from "../time_index.ts";

/** The commit's author time lies in an activity of the session in the same repository. */
export const duringSession: LinkRule = { rule: "during_session", find };

function* find(facts: RepositoryFacts): Generator<Claim> {
  const commits = within(facts.commits.map((commit) => commit.authorAt));
  for (const [session, { activities }] of facts.sessions.entries()) {
    for (const { startedAt, endedAt } of activities) {
      // git keeps whole seconds: a commit of the activity's last second is still inside.
      for (const commit of commits(Math.floor(startedAt / 1000) * 1000, endedAt)) {
        yield {
          session,
          commit,
          evidence: { rule: "during_session", from: startedAt, to: endedAt },
        };
      }
    }
  }
}
