import type { CommitHash, SessionId } from "../domain/ids.ts";
import type { Evidence, Reason, Tier } from "../domain/links.ts";
import { explainCommit, explainEvidence, explainReason, explainWeight } from "../links/explain.ts";

import type { CommitDetail, CopiedCommit } from "../store/read/commit_detail.ts";
import type { SessionRef } from "../store/read/refs.ts";

/** One piece of evidence in a sentence, with the facts it tells. */
export interface ExplainedEvidence {
  rule: Evidence["rule"];
  /** What was seen. */
  sentence: string;
  /** What it weighed, in a sentence; "" where that was not kept. */
  weighed: string;
  facts: Evidence;
}

/** A session that was considered for a commit. */
export interface ExplainedSession {
  sessionId: SessionId;
  title: string | null;
  linked: boolean;
  /** null for a session that was not linked. */
  tier: Tier | null;
  confidence: number;
  /** The share of the commit's lines that it wrote; null where no lines tell, and where it was not linked. */
  share: number | null;
  /** Why it was not linked; null where it was. */
  reason: Reason | null;
  /** The session whose evidence outweighed it, where one did. */
  by: SessionRef | null;
  /** The verdict in a sentence. */
  verdict: string;
  evidence: ExplainedEvidence[];
}

/** Why a commit is linked with its sessions, and why not with others. */
export interface Explanation {
  commit: CommitHash;
  subject: string;
  /** What about the commit itself changed how it was judged. */
  notes: string[];
  /** Commits of the same change, the oldest first. */
  copies: CopiedCommit[];
  /** Linked sessions first, then those that were considered, each the surest first. */
  sessions: ExplainedSession[];
}

/** Puts in sentences what is stored of how a commit's links were decided. Times in them are ISO 8601, UTC. */
export function explanationOf(commit: CommitDetail): Explanation {
  const linked = commit.sessions.map((session): ExplainedSession => ({
    sessionId: session.sessionId,
    title: session.title,
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

function explained(facts: Evidence): ExplainedEvidence {
  return {
    rule: facts.rule,
    sentence: explainEvidence(facts, (at) => new Date(at).toISOString()),
    weighed: explainWeight(facts),
    facts,
  };
}
