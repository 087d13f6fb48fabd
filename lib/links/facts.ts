import type { CommitHash, SessionId } from "../ids.ts";

/** All that the links of one repository are a pure function of. */
export interface RepositoryFacts {
  /** The `user.email` that the repository is set up with, or null. */
  userEmail: string | null;
  commits: readonly CommitFacts[];
  sessions: readonly SessionFacts[];
}

/** What the engine knows of a commit. Times are Unix milliseconds. */
export interface CommitFacts {
  hash: CommitHash;
  parents: readonly string[];
  authorAt: number;
  committerAt: number;
  authorName: string;
  authorEmail: string;
  committerEmail: string;
  subject: string;
  trailers: readonly Trailer[];
  /** False once no ref holds it any more. */
  reachable: boolean;
}

/** A `Key: value` line anywhere in a commit's message. */
export interface Trailer {
  key: string;
  value: string;
}

/** What a session did in one repository. */
export interface SessionFacts {
  id: SessionId;
  bridgeId: string | null;
  /** When it worked there: disjoint, ascending. */
  activities: readonly Activity[];
  /** What it did there, in the order of time. */
  acts: readonly Act[];
}

/** A stretch of work, both ends inclusive, Unix milliseconds. */
export interface Activity {
  startedAt: number;
  endedAt: number;
}

interface ActBase {
  /** Unix milliseconds. */
  at: number;
  /** The store's number of the event. */
  event: number;
}

/** Something a session did that speaks of commits. */
export type Act = ActBase & ActDetail;

export type ActDetail =
  /** A tool's result showed a commit being made. */
  | {
    kind: "commit";
    hash: string;
    branch: string | null;
    subject: string | null;
    amend: boolean;
    source: "output" | "gitOperation";
  }
  /** A skill was invoked. */
  | { kind: "skill"; skill: string };
