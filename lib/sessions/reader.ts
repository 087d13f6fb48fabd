import type { ConversationMessage, MessagePage, MessagePlace } from "../domain/conversation.ts";
import type { AgentId, SessionId } from "../domain/ids.ts";
import type { EditLines, SessionEvent, SessionFacts, TokenUse } from "../domain/session_events.ts";

export type { AgentId, ConversationMessage, MessagePage, MessagePlace };

export type Os = "linux" | "darwin" | "windows";

/** All that the program knows of an agent. */
export interface AgentReader<Checkpoint = unknown> {
  readonly id: AgentId;
  /** The agent's own name. */
  readonly title: string;
  /** Raised whenever reading the same source gives other facts: sources are read again. */
  readonly version: number;
  /** What the agent's sources can tell; pages say so where one cannot. */
  readonly tells: Capabilities;
  readonly roots: AgentRoots;
  /** Finds sources by folders and stamps; reads no content. */
  discover(roots: readonly string[]): Discovery;
  /** What to watch so that a change is noticed at once. */
  watch(roots: readonly string[]): readonly WatchRoot[];
  /**
   * Opens a source at its beginning, or where an earlier reading ended if it still is the same source.
   *
   * @throws {Error} If it cannot be opened. Its content never throws: what cannot be used is counted.
   */
  open(source: SessionSource, known: KnownSource<Checkpoint> | null): SourceReading<Checkpoint>;
  /**
   * A part of a session's conversation, from its source.
   *
   * @param at Where to begin, or null for the beginning.
   */
  messages(
    source: SessionSource,
    session: SessionId,
    at: MessagePlace | null,
    limit: number,
  ): MessagePage;
  /** The agent's own command that goes on with a session: program and arguments; null if it has none. */
  resumeCommand(session: SessionId): readonly string[] | null;
}

export interface Capabilities {
  prompts: boolean;
  /** Edits with the lines they wrote. */
  edits: boolean;
  /** Commands with what they printed. */
  output: boolean;
  exitCodes: boolean;
  subagents: boolean;
  tokens: boolean;
}

/** Where an agent keeps its sessions. */
export interface AgentRoots {
  /** The command line's option, without dashes: `codex-dir`. */
  flag: string;
  /** Every environment variable that `resolve` looks at; the first is named in help. */
  variables: readonly string[];
  /**
   * The folders, in order.
   *
   * @param env Looks a variable up; only those in `variables` may be asked for.
   */
  resolve(env: (name: string) => string | undefined, home: string, os: Os): string[];
}

/** What an agent keeps one or more sessions in: a file, a folder, a database. */
export interface SessionSource {
  /** Unique among the agent's sources and the same at the next discovery. */
  key: string;
  path: string;
  /** Equal stamp: unchanged. */
  stamp: string;
  bytes: number;
  /** When it was last written, Unix milliseconds. */
  modifiedAt: number;
  /** What stays the same when the source is moved (its inode and name, say), or null. */
  identity: string | null;
}

/** A place that could not be used. */
export interface DiscoveryProblem {
  path: string;
  /** One sentence for the user. */
  message: string;
}

/** Everything found under an agent's folders, by key. */
export interface Discovery {
  sources: SessionSource[];
  problems: DiscoveryProblem[];
  /** Paths under which nothing can be told to be gone, since they could not be read. */
  unreadable: string[];
}

/** A folder or file to watch. */
export interface WatchRoot {
  path: string;
  recursive: boolean;
}

/** What was known of a source before it is read on. */
export interface KnownSource<Checkpoint> {
  checkpoint: Checkpoint;
  sessions: readonly KnownSession[];
}

export interface KnownSession {
  facts: SessionFacts;
  /** Hashes of all its messages in that source. */
  messageHashes: Float64Array;
}

/** A source that is being read, some of it at a time. */
export interface SourceReading<Checkpoint = unknown> extends Disposable {
  /**
   * Reads on: bounded work, synchronous.
   *
   * @param budget About how many bytes.
   * @returns Whether more is left.
   */
  step(budget: number): boolean;
  /** Bytes and events that wait to be taken. */
  readonly waiting: { bytes: number; events: number };
  /** What was read since the last call, to be stored. */
  take(): SourceDelta<Checkpoint>;
}

/** What was read of a source since the last time. */
export interface SourceDelta<Checkpoint = unknown> {
  /** `replace`: what was known of the source before is replaced. `append`: it goes on from there. */
  mode: "append" | "replace";
  sessions: SessionDelta[];
  skipped: SkipCounts;
  /** How many records were read. */
  records: number;
  bytes: number;
  /** JSON; what the next reading goes on from. */
  checkpoint: Checkpoint;
}

/** What was read of one session. */
export interface SessionDelta {
  /** `replace`: what the source was known to hold of the session is replaced. */
  mode: "append" | "replace";
  /** The facts as they stand now, whole. */
  facts: SessionFacts;
  /** The new messages, side by side: hashes of their identity, and times (Unix milliseconds). */
  messageHashes: Float64Array;
  messageTimes: Float64Array;
  /** The new events, in the source's order. */
  events: SessionEvent[];
  /** Better knowledge of edits, by the call's id: whole lines, so that `partial` holds no more. */
  revisions: { call: string; lines: EditLines }[];
  tokens: TokenUse[];
}

/** Why a record of a source was not used. */
export type SkipReason =
  | "notJson"
  | "notAnObject"
  | "wrongShape"
  | "badTime"
  | "tooLong"
  | "noSession";

/** How many records were skipped, by reason. */
export type SkipCounts = Partial<Record<SkipReason, number>>;
