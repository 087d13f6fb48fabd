import type { Claim, LinkRule } from "../claim.ts";
import type { RepositoryFacts } from "../facts.ts";

/** The fewest hex digits that git abbreviates a hash to, and the fewest that are believed. */
const MIN_DIGITS = 7;

/**
 * The session's own tool result shows the commit being made: `[branch abc1234] subject`, or a `gitOperation` with its
 * hash.
 */
export const commitOutput: LinkRule = { rule: "commit_output", find };

function* find(facts: RepositoryFacts): Generator<Claim> {
  const byPrefix = new Map<string, number[]>();
  facts.commits.forEach((commit, place) => {
    const key = commit.hash.slice(0, MIN_DIGITS);
    const places = byPrefix.get(key);
    if (places === undefined) byPrefix.set(key, [place]);
    else places.push(place);
  });
  for (const [session, { acts }] of facts.sessions.entries()) {
    for (const act of acts) {
      if (act.kind !== "commit" || act.hash.length < MIN_DIGITS) continue;
      const found = (byPrefix.get(act.hash.slice(0, MIN_DIGITS)) ?? [])
        .filter((place) => facts.commits[place].hash.startsWith(act.hash));
      if (found.length !== 1) continue;
      yield {
        session,
        commit: found[0],
        evidence: {
          rule: "commit_output",
          hash: act.hash,
          source: act.source,
          at: act.at,
          event: act.event,
        },
      };
    }
  }
}
