import type { CommitHash } from "./ids.ts";
/**
 * Why git is not asked whose a file's lines are: it is too large, its name cannot be asked for, or the answer was too long
 * in coming.
 */
export type Skipped = "large" | "name" | "slow";

/** Neighbouring lines that one commit brought. */
export interface BlameGroup {
  /** In the file asked about, from 1. */
  line: number;
  count: number;
  hash: CommitHash;
  /** The first line's number, and the file's path, in that commit. */
  originalLine: number;
  originalPath: string;
  /** What git says of the commit, which may not be stored. Unix milliseconds. */
  authorName: string;
  authorAt: number;
  subject: string;
  /** The version before that commit; null where the file begins with it. */
  previous: { hash: CommitHash; path: string } | null;
}
