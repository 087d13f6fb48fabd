import type { CommitHash, SessionId } from "./ids.ts";

/** Every rule, in the order of DESIGN: what records a connection before what infers it. */
export const RULES = [
  "commit_output",
  "trailer",
  "commit_command",
  "commit_skill",
  "content",
  "files",
  "during_session",
] as const;

/** A rule's name. */
export type Rule = typeof RULES[number];

/** 1: somebody or something recorded the connection. 2: it was inferred. */
export type Tier = 1 | 2;

/** One reason for a link: a rule's name and the facts it saw, small enough to show and to store as JSON. */
export interface Evidence {
  rule: Rule;
  [fact: string]: string | number | boolean | null | string[];
}

/** A session and a commit that belong together. */
export interface Link {
  sessionId: SessionId;
  commit: CommitHash;
  tier: Tier;
  /** How surely, from 0 to 1. */
  confidence: number;
  /** The share of the commit's lines that the session wrote, from 0 to 1; null where no lines tell. */
  share: number | null;
  evidence: Evidence[];
}
