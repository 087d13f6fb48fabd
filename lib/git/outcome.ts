/**
 * What a folder is to git. Every kind but `repository` is an expected outcome, not an error.
 */
export type FolderOutcome =
  | ({ kind: "repository" } & RepositoryIdentity)
  /** The folder exists and no repository holds it. */
  | { kind: "notARepository" }
  /** The folder is gone, and no parent of it that still exists is a repository. */
  | { kind: "gone" }
  /** The folder or its git directory cannot be read. */
  | { kind: "unreadable"; message: string }
  /** The repository at `top` belongs to another user, and git refuses it until `safe.directory` allows it. */
  | { kind: "notOwned"; message: string; top: string }
  /** A git directory is there, at `top`, and git cannot use it. */
  | { kind: "corrupt"; message: string; top: string }
  /** git or the file system did not answer in time. */
  | { kind: "timeout" };

/** One git common directory with what tells it apart, and where the path asked for lies in it. */
export interface RepositoryIdentity {
  /** The canonical path of the common directory: the repository's identity. */
  commonDir: string;
  /** The main worktree's folder, or the git directory of a bare repository. */
  path: string;
  /** The canonical folder of the worktree that holds, or held, the path asked for; null for a bare repository. */
  worktree: string | null;
  /** The path asked for, as seen from `worktree`; "" for that folder itself. */
  inside: string;
  bare: boolean;
  /** The path asked for no longer exists; this repository was found at a parent of it. */
  pathGone: boolean;
}
