import type { Activity, SessionEvent } from "./session_events.ts";
import type { AgentId, CommitHash, SessionId } from "./ids.ts";

/** All that the links of one repository are a pure function of. */
export interface RepositoryFacts {
  /** The `user.email` that the repository is set up with, or null. */
  userEmail: string | null;
  /**
   * Other addresses of whoever has that `user.email`, by the repository's `.mailmap`: in lower case, and with a tab and a
   * name where only that name with the address is meant. @default {[]}
   */
  ownAddresses?: readonly string[];
  commits: readonly CommitFacts[];
  sessions: readonly SessionWork[];
  /** What a commit changes, by its hash; null where that is unknown. */
  changeOf(hash: CommitHash): CommitChange | null;
  /** What recorders left in the repository, or null where there is none. */
  named: Attributions | null;
}

/** What recorders' branches and notes say of sessions. */
export interface Attributions {
  /** Session ids by the checkpoint that a commit's trailer names. */
  checkpoints: ReadonlyMap<string, readonly string[]>;
  /** What notes say, by the hash of the commit that they are on. */
  notes: ReadonlyMap<string, readonly CommitNote[]>;
}

/** What a recorder's note says of one session, or of one tool, that wrote a commit. */
export interface CommitNote {
  /** The ref that the note is kept under. */
  ref: string;
  /** The tool as the note names it, or "". */
  tool: string;
  /** The session's id; null where the note names the tool alone. */
  session: string | null;
  /** How many of the commit's lines are ascribed to it; null where the note does not count lines. */
  lines: number | null;
  /** The first of the files that it wrote in. */
  files: readonly string[];
  fileCount: number;
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

/** A commit's difference from its first parent. */
export interface CommitChange {
  files: readonly FileChange[];
  /** Only which files it changes was read, since no session had edited one of them. @default {false} */
  pathsOnly?: boolean;
  /** Of some files only the paths are known, since git misses objects. @default {false} */
  partial?: boolean;
}

/** A file's lines where none are known. */
export const NO_LINES: Readonly<Pick<FileChange, "added" | "places" | "removed" | "around">> = {
  added: new Uint32Array(0),
  places: new Uint32Array(0),
  removed: new Uint32Array(0),
  around: new Uint32Array(0),
};

/** The files that a commit changes, by their paths. */
export interface ChangedPaths {
  /** Those that are new. */
  added: string[];
  others: string[];
}

/** What a commit does to one file. */
export interface FileChange {
  /** The path after the commit, or the one that was deleted. */
  path: string;
  /** The path before it, where the file was renamed. */
  oldPath: string | null;
  /** Hashes of the lines added, in order; blank ones are 0. */
  added: Uint32Array;
  /** The place of each added line in the new version, from 1. */
  places: Uint32Array;
  /** Hashes of the lines removed. */
  removed: Uint32Array;
  /** Hashes of the lines that stay, up to three on either side of what is added or removed. */
  around: Uint32Array;
}

/** What a session did in one repository. */
export interface SessionWork {
  id: SessionId;
  /** The agent whose session it is. */
  agent: AgentId;
  /** Other ids by which trailers may name it. */
  externalIds: readonly string[];
  /** When it worked there: disjoint, ascending. */
  activities: readonly Activity[];
  /** What it did there, in the order of time. */
  actions: readonly Action[];
}

interface ActionBase {
  /** Unix milliseconds. */
  at: number;
  /** The store's number of the event. */
  event: number;
}

/** Something a session did that speaks of commits. */
export type Action = ActionBase & ActionDetail;

export type ActionDetail =
  /** A tool's result showed a commit being made. */
  | {
    kind: "commit";
    hash: string;
    branch: string | null;
    subject: string | null;
    amend: boolean;
    source: "output" | "structured";
    /** A rebase made it: what it changes was written before. */
    rebased: boolean;
  }
  /** It asked git for a commit. */
  | {
    kind: "commitCommand";
    verb: "commit" | "merge" | "revert" | "cherry-pick";
    /** The message's subject as far as the command tells it, or null. */
    subject: string | null;
    amend: boolean;
    /** What was to be merged, reverted or picked. */
    targets: string[];
    /**
     * How the tool call ended. One that failed or was interrupted may have made the commit before; of one that is unknown
     * the source does not tell whether it ran.
     */
    ended: "well" | "failed" | "interrupted" | "unknown";
  }
  /** A skill was invoked. */
  | { kind: "skill"; skill: string }
  /** It wrote lines of a file. */
  | {
    kind: "edit";
    /** The path as the repository tracks it, as far as known. */
    path: string;
    by: "tool" | "command" | "worktree";
    /** The first and the last line may be parts of lines. */
    partial: boolean;
    /**
     * Since when somebody else may have written it meanwhile: a command's work tree changed, and the command names no such
     * file. Null if the session surely wrote it.
     */
    doubtfulSince: number | null;
    added: Uint32Array;
    removed: Uint32Array;
  };

/** A commit as its repository has it. Times are Unix milliseconds. */
export interface ScannedCommit {
  hash: CommitHash;
  parents: CommitHash[];
  authorAt: number;
  committerAt: number;
  authorName: string;
  authorEmail: string;
  committerEmail: string;
  /** The message's first paragraph on one line, as git shows it. */
  subject: string;
  trailers: Trailer[];
}

/** An event with the store's number of it. */
export type StoredEvent = SessionEvent & { event: number };
