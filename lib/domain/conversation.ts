/** Where a message stands in its source: the reader's own words, opaque to everybody else. */
export type MessagePlace = string;

/** Some messages of a conversation, in its order. */
export interface MessagePage {
  messages: ConversationMessage[];
  /** The place to ask for what comes after these, or null at the end. */
  next: MessagePlace | null;
}

/** One message of a conversation, as a page shows it. */
export interface ConversationMessage {
  place: MessagePlace;
  /** The hash of the message's identity, as in `SessionEvent.message`. */
  message: number;
  /** Unix milliseconds, or null. */
  at: number | null;
  role: "user" | "assistant" | "system";
  model: string | null;
  /** The subagent that speaks, or null. */
  subagent: string | null;
  blocks: ConversationBlock[];
}

export type ConversationBlock =
  /** Markdown. */
  | { kind: "text"; text: string }
  | { kind: "thinking"; text: string }
  | { kind: "image"; mediaType: string | null }
  /** A tool call; `title` is its one line: a command, a file, a pattern. `input` is what it was called with. */
  | { kind: "call"; call: string; tool: string; title: string; input: string }
  /** What came of a call. `diff` is a unified diff, where the call edited a file. */
  | { kind: "result"; call: string; text: string; failed: boolean; diff: string | null }
  /** Something that the program noted: a compaction, an interruption. */
  | { kind: "notice"; text: string };
