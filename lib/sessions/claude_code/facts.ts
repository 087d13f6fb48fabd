import type { SessionId } from "../../domain/ids.ts";

/** What every event of a session carries. */
interface EventBase {
  /** Unix milliseconds, UTC. */
  at: number;
  /** The hash of the message's uuid, a safe integer; 0 where the line has none. */
  message: number;
  /** The folder the agent stood in, as the transcript spells it; null where it does not say. */
  cwd: string | null;
  /** The tool call that the event belongs to, or null. */
  toolUse: string | null;
  /** The subagent that did it, or null for the session itself. */
  agent: string | null;
}

/** What a session did that linking or a page needs, in the order it was written. */
export type SessionEvent = EventBase & EventDetail;

export type EventDetail =
  /** What the user asked; `text` is cut at 16 KB. */
  | { kind: "prompt"; text: string }
  /** A shell command that speaks to git or writes a file; `command` is cut at 16 KB. */
  | { kind: "command"; command: string; background: boolean }
  /** A commit that a tool's result shows being made. `hash` may be abbreviated. */
  | {
    kind: "commit";
    hash: string;
    branch: string | null;
    subject: string | null;
    amend: boolean;
    source: "output" | "gitOperation";
  }
  /** That tool call failed, was interrupted, or the user rejected it. */
  | { kind: "failure"; rejected: boolean }
  /** A skill or slash command was invoked, by the agent or by the user. */
  | { kind: "skill"; skill: string }
  /** A file was edited by a tool, or written by a shell command's heredoc. */
  | {
    kind: "edit";
    tool: "Edit" | "MultiEdit" | "Write" | "NotebookEdit" | "Shell";
    path: string;
    /** Hashes of the lines written (`lib/lines.ts`); a first or last line may be a part of one. */
    added: Uint32Array;
    /** Hashes of the lines replaced. */
    removed: Uint32Array;
  }
  /** A push or a pull request that a result reports. */
  | { kind: "published"; branch: string | null; url: string | null };

/** Why a line of a transcript was not used. */
export type SkipReason =
  | "notJson"
  | "notAnObject"
  | "wrongShape"
  | "badTime"
  | "tooLong"
  | "noSession";

/** What one file says of one session. Parts of a session add up in any order. */
export interface SessionPart {
  session: SessionId;
  /** Messages in file order: uuid hashes and times (Unix milliseconds), side by side. */
  messageHashes: Float64Array;
  messageTimes: Float64Array;
  /** How many messages were sent from each folder. */
  cwds: Record<string, number>;
  branches: Record<string, number>;
  models: Record<string, number>;
  tools: Record<string, number>;
  /** The folder of the earliest message. */
  firstCwd: string | null;
  firstAt: number | null;
  lastAt: number | null;
  customTitle: string | null;
  aiTitle: string | null;
  summary: string | null;
  firstPrompt: string | null;
  lastMessage: string | null;
  forkedFrom: SessionId | null;
  bridgeId: string | null;
  version: string | null;
}
