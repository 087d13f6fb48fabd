import type { Evidence, Tier } from "../domain/links.ts";
import { explainCommit, explainEvidence, explainReason, explainWeight } from "../links/explain.ts";
import type { CommitDetail } from "../store/shapes.ts";
import { findCommit } from "./commits.ts";
import { defineQuery } from "./query.ts";
import type { Explanation } from "./schemas.ts";

type ExplainedSession = Explanation["sessions"][number];

/** Why a commit is linked with its sessions, and why not with others. */
export const explanation = defineQuery("explanation", async (context, input) => {
  return explanationOf(await findCommit(context, input));
});

/** Puts in sentences what is stored of how a commit's links were decided. Times in them are ISO 8601, UTC. */
export function explanationOf(commit: CommitDetail): Explanation {
  const linked = commit.sessions.map((session): ExplainedSession => ({
    sessionId: session.sessionId,
    title: session.title,
    agent: session.agent,
    linked: true,
    tier: session.tier,
    confidence: session.confidence,
    share: session.share,
    reason: null,
    by: null,
    verdict: linkedSentence(session),
    evidence: session.evidence.map(explained),
  }));
  const considered = commit.considered.map((session): ExplainedSession => ({
    sessionId: session.sessionId,
    title: session.title,
    agent: session.agent,
    linked: false,
    tier: null,
    confidence: session.confidence,
    share: null,
    reason: session.reason,
    by: session.by,
    verdict: `Not linked. ${explainReason(session, session.by?.sessionId ?? null)}`,
    evidence: session.evidence.map(explained),
  }));
  return {
    commit: commit.hash,
    subject: commit.subject,
    notes: explainCommit(commit),
    copies: commit.copies,
    sessions: [...linked, ...considered],
  };
}

function linkedSentence(
  { tier, confidence, share }: { tier: Tier; confidence: number; share: number | null },
): string {
  const how = tier === 1 ? "recorded" : "inferred";
  const part = share === null || share === 0
    ? ""
    : `, with ${Math.round(share * 100)}% of the commit's lines`;
  return `Linked: ${how}, ${Math.round(confidence * 100)}% sure${part}.`;
}

function explained(facts: Evidence): ExplainedSession["evidence"][number] {
  return {
    rule: facts.rule,
    sentence: explainEvidence(facts, (at) => new Date(at).toISOString()),
    weighed: explainWeight(facts),
    facts,
  };
}
