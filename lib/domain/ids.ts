declare const brand: unique symbol;
type Branded<Value, Name extends string> = Value & { readonly [brand]: Name };

/** A session's id as its transcript spells it, most often a UUID. */
export type SessionId = Branded<string, "SessionId">;

/** A commit's full hash: 40 hex digits, or 64 in a SHA-256 repository. */
export type CommitHash = Branded<string, "CommitHash">;

/** The store's number for a repository. */
export type RepositoryId = Branded<number, "RepositoryId">;

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
