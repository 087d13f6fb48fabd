import type { SessionId } from "./ids.ts";

/** What every event of a session carries. */
interface EventBase {
  /** Unix milliseconds, UTC. */
  at: number;
  /** The hash of the message's identity, a safe integer; 0 if the agent gives it none. */
  message: number;
  /** The folder the agent worked in, as the source spells it; null if the source does not say. */
  cwd: string | null;
  /** The id of the tool call that the event belongs to, or null. */
  call: string | null;
  /** The subagent that did it, or null for the session itself. */
  subagent: string | null;
}

/** What a session did that linking or a page needs, in the order it was written. */
export type SessionEvent = EventBase & EventDetail;

export type EventDetail =
  | PromptDetail
  | CommandDetail
  | CommitDetail
  | FailureDetail
  | SkillDetail
  | EditDetail
  | PublishedDetail;

/** What the user asked; `text` is cut at 16 KB. */
export interface PromptDetail {
  kind: "prompt";
  text: string;
}

/** A shell command that runs git or writes a file; `command` is cut at 16 KB. */
export interface CommandDetail {
  kind: "command";
  command: string;
  background: boolean;
}

/** A commit that a tool's result shows being made. */
export interface CommitDetail {
  kind: "commit";
  /** May be abbreviated. */
  hash: string;
  branch: string | null;
  subject: string | null;
  amend: boolean;
  /** Git's own output, or a record that the agent made of it. */
  source: "output" | "structured";
}

/**
 * The tool call did not succeed. A call without such an event ran, as far as its source tells; of several the last
 * stands.
 */
export interface FailureDetail {
  kind: "failure";
  /**
   * `failed`: ran and reported a failure. `denied`: never ran. `interrupted`: ran and was cut short, so it may have had
   * its effect. `unknown`: the source does not tell whether it ran.
   */
  reason: "failed" | "denied" | "interrupted" | "unknown";
  /** The exit code of a command, or null where the agent records none. */
  exitCode: number | null;
}

/** A skill or slash command was invoked, by the agent or by the user. */
export interface SkillDetail {
  kind: "skill";
  skill: string;
}

/** A file was edited. */
export interface EditDetail {
  kind: "edit";
  /**
   * `tool`: an editing tool. `command`: text that a shell command writes (a heredoc). `worktree`: the difference of the
   * work tree before and after a command, which may hold what others wrote meanwhile.
   */
  by: "tool" | "command" | "worktree";
  /** Absolute where the source allows it. */
  path: string;
  /** The file's path before, if the edit renamed it. */
  movedFrom: string | null;
  /** The first and the last of the lines may be parts of lines, since the source holds only the replaced text. */
  partial: boolean;
  /** Hashes of the lines written (`lib/domain/line_hashes.ts`). */
  added: Uint32Array;
  /** Hashes of the lines replaced. */
  removed: Uint32Array;
}

/** A push or a pull request that a result reports. */
export interface PublishedDetail {
  kind: "published";
  branch: string | null;
  url: string | null;
}

/** Hashes of the lines that an edit wrote and of those it replaced. */
export interface EditLines {
  added: Uint32Array;
  removed: Uint32Array;
}

/** No lines at all. */
export const NO_LINES: EditLines = { added: new Uint32Array(), removed: new Uint32Array() };

/** Tokens that one answer of a model used. */
export interface TokenUse {
  /** The hash of the answer's identity: a later record of the same key replaces an earlier one where it is larger. */
  key: number;
  /** The hash of the message that holds it (`EventBase.message`), by which a copy is told from its original. */
  message: number;
  /** Unix milliseconds, UTC. */
  at: number;
  model: string;
  /** Input that was neither read from nor written to the prompt cache. */
  input: number;
  cacheRead: number;
  cacheWrite: number;
  /** Output, reasoning included. */
  output: number;
}

/** What one source says of one session, but for its messages. Those of several sources add up in any order. */
export interface SessionFacts {
  session: SessionId;
  /** How many messages were sent from each folder. */
  cwds: Record<string, number>;
  branches: Record<string, number>;
  models: Record<string, number>;
  tools: Record<string, number>;
  /** The folder of the earliest message. */
  firstCwd: string | null;
  /** Times of the first and the last message, Unix milliseconds. */
  firstAt: number | null;
  lastAt: number | null;
  /** The earliest time of a record that a fork does not copy, or null where the source has none. */
  bornAt: number | null;
  /** A title that the user gave. */
  customTitle: string | null;
  /** A title that a model gave. */
  generatedTitle: string | null;
  summary: string | null;
  firstPrompt: string | null;
  lastMessage: string | null;
  /** The session that this one was forked from, where the source names it. */
  forkedFrom: SessionId | null;
  /** Other ids by which trailers may name the session. */
  externalIds: string[];
  /** Worktrees that the session worked in, with the folder they were made from. */
  worktrees: { path: string; from: string; head: string | null }[];
  /** The agent's version. */
  version: string | null;
}

/** What one source says of one session: its facts and its messages, in the source's order. */
export interface SessionPart extends SessionFacts {
  /** Hashes of the messages' identities and their times (Unix milliseconds), side by side. */
  messageHashes: Float64Array;
  messageTimes: Float64Array;
}

/** A stretch of work, both ends inclusive, Unix milliseconds. */
export interface Activity {
  startedAt: number;
  endedAt: number;
}

/** A whole session, as its parts add up to it. */
export interface FoldedSession {
  project: string | null;
  title: string | null;
  firstMessage: string | null;
  lastMessage: string | null;
  startedAt: number | null;
  endedAt: number | null;
  branch: string | null;
  /** Most used first. */
  models: string[];
  /** Most used first. */
  cwds: string[];
  tools: Record<string, number>;
  forkedFrom: SessionId | null;
  externalIds: string[];
  worktrees: SessionFacts["worktrees"];
  messageCount: number;
  activities: Activity[];
}

/** Facts of which nothing is known yet. */
export function emptyFacts(session: SessionId): SessionFacts {
  return {
    session,
    cwds: {},
    branches: {},
    models: {},
    tools: {},
    firstCwd: null,
    firstAt: null,
    lastAt: null,
    bornAt: null,
    customTitle: null,
    generatedTitle: null,
    summary: null,
    firstPrompt: null,
    lastMessage: null,
    forkedFrom: null,
    externalIds: [],
    worktrees: [],
    version: null,
  };
}
