import type { Claim, LinkRule } from "./claim.ts";
import type { RepositoryFacts } from "./facts.ts";
import { type Evidence, type Link, type Rule, RULES, type Tier } from "./link.ts";
import { commitOutput } from "./rules/commit_output.ts";
import { commitSkill } from "./rules/commit_skill.ts";
import { duringSession } from "./rules/during_session.ts";

const LINK_RULES: readonly LinkRule[] = [commitOutput, commitSkill, duringSession];

const RECORDED: ReadonlySet<Rule> = new Set([
  "commit_output",
  "trailer",
  "commit_command",
  "commit_skill",
]);

const CONFIDENCE: Partial<Record<Rule, number>> = {
  commit_output: 0.99,
  commit_skill: 0.9,
  during_session: 0.5,
};

/**
 * Links the sessions and commits of one repository.
 *
 * The result depends on nothing but the facts and the rules, and not on the order of either.
 */
export function linkRepository(
  facts: RepositoryFacts,
  options: { withoutRules?: readonly Rule[] } = {},
): Link[] {
  const pairs = new Map<number, { session: number; commit: number; evidence: Evidence[] }>();
  for (const { rule, find } of LINK_RULES) {
    if (options.withoutRules?.includes(rule)) continue;
    for (const claim of find(facts)) collect(pairs, claim, facts.sessions.length);
  }
  const links: Link[] = [];
  for (const { session, commit, evidence } of pairs.values()) {
    links.push({
      sessionId: facts.sessions[session].id,
      commit: facts.commits[commit].hash,
      tier: tierOf(evidence),
      confidence: Math.max(...evidence.map(({ rule }) => CONFIDENCE[rule] ?? 0)),
      share: null,
      evidence: evidence.sort((a, b) => RULES.indexOf(a.rule) - RULES.indexOf(b.rule)),
    });
  }
  return links;
}

function collect(
  pairs: Map<number, { session: number; commit: number; evidence: Evidence[] }>,
  { session, commit, evidence }: Claim,
  sessions: number,
): void {
  const key = commit * sessions + session;
  const pair = pairs.get(key);
  if (pair === undefined) pairs.set(key, { session, commit, evidence: [evidence] });
  else if (!pair.evidence.some(({ rule }) => rule === evidence.rule)) pair.evidence.push(evidence);
}

function tierOf(evidence: readonly Evidence[]): Tier {
  return evidence.some(({ rule }) => RECORDED.has(rule)) ? 1 : 2;
}
