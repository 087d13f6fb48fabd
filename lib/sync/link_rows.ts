import type { Decision } from "../links/engine.ts";
import type { CommitFacts, RepositoryFacts } from "../links/facts.ts";
import { lineRanges } from "../links/line_ranges.ts";
import { evidenceOf, type Verdict } from "../links/weigh.ts";
import type { Keyed } from "../store/link_facts.ts";
import type { CommitLinks } from "../store/links.ts";

/** The most sessions that are kept of those considered for a commit and not linked. */
const MAX_CONSIDERED = 8;

/** What was decided of a commit, as the store keeps it. */
export function rowsOf(
  { commit, verdicts, shares, lines, elsewhere, copies }: Decision,
  { facts, commits, keys }: {
    facts: RepositoryFacts;
    commits: readonly Keyed<CommitFacts>[];
    keys: readonly number[];
  },
): CommitLinks {
  const lost = verdicts.filter(({ linked }) => !linked).slice(0, MAX_CONSIDERED);
  return {
    commit: commits[commit].key,
    elsewhere,
    copies: copies.map(({ commit, reason }) => ({ copy: commits[commit].key, reason })),
    links: verdicts.filter(({ linked }) => linked).map((verdict) => ({
      session: keys[verdict.session],
      tier: verdict.tier,
      confidence: verdict.confidence,
      share: shares.get(verdict.session) ?? null,
      evidence: JSON.stringify(evidenceOf(verdict)),
    })),
    ranges: lineRanges(lines).map((range) => ({ ...range, session: keys[range.session] })),
    considered: lost.length === 0
      ? null
      : JSON.stringify(lost.map((verdict) => consideredOf(verdict, facts))),
  };
}

function consideredOf(verdict: Verdict, { sessions }: RepositoryFacts): unknown {
  const { session, confidence, reason, by } = verdict;
  return {
    sessionId: sessions[session].id,
    confidence,
    reason,
    by: by === null ? null : sessions[by].id,
    evidence: evidenceOf(verdict),
  };
}
