/** What every call of git may be told. */
export interface GitOptions {
  /** The folder that git works in: a worktree's, or a bare repository's git directory. Without it, `/`. */
  cwd?: string;
  /** Parents that git must not look for a repository in or above. */
  ceiling?: string;
  signal?: AbortSignal;
  /** The longest that the call may take. @default {30_000} */
  timeoutMs?: number;
  /** What git reads; without it, nothing. */
  input?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** What `run` may be told besides. */
export interface RunOptions extends GitOptions {
  /** How much output is taken before the call is given up. @default {67_108_864} */
  maxBytes?: number;
}

/** What `stream` may be told besides. */
export interface StreamOptions extends Omit<GitOptions, "timeoutMs"> {
  /** The longest that the whole call may take. @default {600_000} */
  timeoutMs?: number;
  /** The longest that git may stay silent while it is being read from. @default {60_000} */
  idleMs?: number;
}

/** How a call of git ended, when not well. */
export type GitFailure =
  /** git said no: its exit code, and the first 16 KB of what it said. */
  | { kind: "failed"; code: number; stderr: string }
  /** git took too long, or was silent for too long, and was killed. */
  | { kind: "timeout" }
  /** `signal` was aborted; git was killed. */
  | { kind: "aborted" }
  /** git said more than `maxBytes` and was killed. */
  | { kind: "tooLarge" }
  /** There is no git on this machine, or we may not run it. */
  | { kind: "gitMissing"; message: string };

/** How a call of git ended. `stderr` may hold warnings. */
export type GitEnd = { kind: "ok"; stderr: string } | GitFailure;

/** How a call of git ended, with what it said. */
export type GitOutcome = { kind: "ok"; stdout: Uint8Array; stderr: string } | GitFailure;

/** A call of git whose output is read while it runs. git waits while nobody reads. */
export interface GitStream extends AsyncIterable<Uint8Array> {
  /** Resolves once git has ended and was reaped. Leaving the iteration early kills git: `aborted`. */
  readonly ended: Promise<GitEnd>;
}

/** Runs git, and nothing that a repository's configuration names. */
export interface GitRunner {
  /** Runs git to its end and gives all that it said. */
  run(args: readonly string[], options?: RunOptions): Promise<GitOutcome>;
  /** Runs git and gives its output piece by piece. */
  stream(args: readonly string[], options?: StreamOptions): GitStream;
}
