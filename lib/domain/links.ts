import type { CommitHash, SessionId } from "./ids.ts";

/** Every rule, in the order of DESIGN: what records a connection before what infers it. */
export const RULES = [
  "commit_output",
  "trailer",
  "commit_command",
  "commit_skill",
  "conflict_resolution",
  "content",
  "notes",
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

/** Why two commits are taken for copies of one change. */
export type CopyReason =
  /** Author, author time and subject are the same: rebases and reworked amends keep them. */
  | "sameAuthorship"
  /** They change the same lines of the same files. */
  | "sameChange"
  /** Each is a copy of a third one, by one of these. */
  | "sameThird";

/** Why a session with some evidence got no link. */
export type Reason =
  /** Another session's evidence explains the commit. */
  | "outweighed"
  /** It was at work at that time, and nothing else connects it. */
  | "timeOnly"
  /** The commit's author does not work here or not in this session, and the only evidence is time and files. */
  | "otherPerson"
  /** The commit was made on the web, and the only evidence is time and files. */
  | "onTheWeb"
  /** The evidence is too weak. */
  | "tooLittle";

/** What came of the lines that a session wrote in one file. Each different line counts once. */
export interface WrittenFile {
  /** The session's place in the facts. */
  session: number;
  /** As the repository tracks it, as far as known. */
  path: string;
  /** The first and the last edit, Unix milliseconds. */
  firstAt: number;
  lastAt: number;
  /** Lines that tell anything. */
  written: number;
  /** Those of them that a commit has which a ref holds. */
  landed: number;
  /** Those in no commit that the session itself took away again. */
  undone: number;
  /** Lines that say too little to be told apart, of generated files, or of which git could not tell. */
  uncounted: number;
}

/** How much of what was written is in a commit: nothing, a part, all; `missing` is nothing or a part. */
export type Landed = "missing" | "none" | "some" | "all";

/** Every {@linkcode Landed}, for those who parse one. */
export const LANDED: readonly Landed[] = ["missing", "none", "some", "all"];
