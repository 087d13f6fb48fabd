declare const brand: unique symbol;
type Branded<Value, Name extends string> = Value & { readonly [brand]: Name };

/** A session's id as its transcript spells it, most often a UUID. */
export type SessionId = Branded<string, "SessionId">;

/** A commit's full hash: 40 hex digits, or 64 in a SHA-256 repository. */
export type CommitHash = Branded<string, "CommitHash">;

/**
 * A repository's id, which survives a merge with what others store: the hash of its root commit, the smallest of several;
 * of a shallow clone, which does not have it, the remote as `github.com:ada:loom`; of one with neither its folder's hash.
 * Further clones of the same history have a number behind it.
 */
export type RepositoryId = Branded<string, "RepositoryId">;

/** A project's id: its folder's name and its path's hash. */
export type ProjectId = Branded<string, "ProjectId">;

/** A prompt's id within its session: the hash of its message, or its time where the agent gives messages no identity. */
export type PromptId = Branded<string, "PromptId">;

/** The store's number for a repository, which stays inside. */
export type RepositoryKey = Branded<number, "RepositoryKey">;

/** A product that holds sessions. */
export type AgentId =
  | "claude-code"
  | "codex"
  | "opencode"
  | "copilot"
  | "gemini"
  | "qwen"
  | "pi"
  | "cline";
