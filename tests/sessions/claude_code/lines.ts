import { Random } from "../../support/random.ts";

/** How Claude Code orders the keys of a line: up to 2.1.90, from 2.1.91 on, or as no version did. */
export type Layout = "old" | "new" | "shuffled";

/** What the lines of a test's transcript have in common. */
export interface Envelope {
  layout?: Layout;
  sessionId?: string;
  cwd?: string;
  gitBranch?: string;
  version?: string;
  agentId?: string;
  isSidechain?: boolean;
  slug?: string;
}

/** What only some lines have. */
export interface LineExtras {
  at?: number;
  uuid?: string;
  parentUuid?: string | null;
  extra?: Record<string, unknown>;
}

export const SESSION = "0b0ba5e5-0000-4000-8000-000000000001";
export const START = Date.parse("2026-02-12T10:00:00.000Z");

/** Writes the lines of one session as Claude Code does, each a second after the one before. */
export class TranscriptLines {
  readonly lines: string[] = [];
  readonly envelope: Envelope;
  readonly #random: Random;
  at = START;
  #last: string | null = null;

  constructor(envelope: Envelope = {}, seed = 1) {
    this.envelope = { layout: "old", sessionId: SESSION, cwd: "/home/me/app", ...envelope };
    this.#random = new Random(seed);
  }

  /** The whole as a file's text. */
  get text(): string {
    return this.lines.map((line) => `${line}\n`).join("");
  }

  /** What the user typed. */
  prompt(content: unknown, extras: LineExtras = {}): string {
    return this.#user({ role: "user", content }, extras);
  }

  /** What the agent said. */
  says(text: string, extras: LineExtras = {}): string {
    return this.#assistant([{ type: "text", text }], extras);
  }

  thinks(extras: LineExtras = {}): string {
    return this.#assistant([{ type: "thinking", thinking: "Hm {", signature: "c2ln" }], extras);
  }

  /** Blocks of one message in one line. */
  blocks(blocks: unknown[], extras: LineExtras = {}): string {
    return this.#assistant(blocks, extras);
  }

  /** The agent calls a tool. @returns The call's id. */
  calls(name: string, input: unknown, extras: LineExtras = {}): string {
    const id = this.#toolId();
    this.#assistant([{ type: "tool_use", id, name, input, caller: { type: "direct" } }], extras);
    return id;
  }

  /** A tool answers. */
  answers(
    id: string,
    content: unknown,
    { result, isError, ...extras }: LineExtras & { result?: unknown; isError?: boolean } = {},
  ): string {
    const block = isError
      ? { type: "tool_result", content, is_error: true, tool_use_id: id }
      : { tool_use_id: id, type: "tool_result", content };
    return this.#user({ role: "user", content: [block] }, {
      ...extras,
      extra: {
        ...(result === undefined ? {} : { toolUseResult: result }),
        ...(this.#last === null ? {} : { sourceToolAssistantUUID: this.#last }),
        ...extras.extra,
      },
    });
  }

  /** A shell command and what it printed. */
  shell(command: string, stdout: string, options: { isError?: boolean; result?: object } = {}) {
    const id = this.calls("Bash", { command, description: "Run it" });
    const result = options.isError
      ? `Error: ${stdout}`
      : { stdout, stderr: "", interrupted: false, isImage: false, ...options.result };
    this.answers(id, stdout, { result, isError: options.isError });
    return id;
  }

  /** A message of a subagent in the progress of its parent. */
  agentProgress(inner: Record<string, unknown>, agentId = "a1b2c3d"): string {
    return this.add({
      type: "progress",
      data: {
        message: inner,
        normalizedMessages: [],
        type: "agent_progress",
        prompt: 'Look around {"type":"x"}',
        agentId,
      },
      toolUseID: "agent_msg_01",
      parentToolUseID: this.#toolId(),
    });
  }

  /** Any line with the session's envelope. */
  add(body: Record<string, unknown>, extras: LineExtras = {}): string {
    const uuid = extras.uuid ?? this.#random.uuid();
    const parentUuid = extras.parentUuid === undefined ? this.#last : extras.parentUuid;
    const timestamp = new Date(extras.at ?? this.at).toISOString();
    if (extras.at === undefined) this.at += 1_000;
    const { layout, ...common } = this.envelope;
    const line = layout === "new"
      ? inNewOrder({ parentUuid, common, body, uuid, timestamp, extra: extras.extra })
      : inOldOrder({ parentUuid, common, body, uuid, timestamp, extra: extras.extra });
    this.#last = uuid;
    this.raw(layout === "shuffled" ? this.#shuffled(line) : line);
    return uuid;
  }

  /** A line as it is. */
  raw(line: unknown): void {
    this.lines.push(typeof line === "string" ? line : JSON.stringify(line));
  }

  #user(message: unknown, extras: LineExtras): string {
    return this.add({ type: "user", message }, extras);
  }

  #assistant(content: unknown[], extras: LineExtras): string {
    return this.add({
      message: {
        model: "claude-opus-4-5-20251101",
        id: `msg_${this.#random.uuid().replaceAll("-", "")}`,
        type: "message",
        role: "assistant",
        content,
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 3, cache_creation: { ephemeral_5m_input_tokens: 0 } },
      },
      requestId: "req_011",
      type: "assistant",
    }, extras);
  }

  #toolId(): string {
    return `toolu_${this.#random.uuid().replaceAll("-", "").slice(0, 24)}`;
  }

  #shuffled(line: Record<string, unknown>): Record<string, unknown> {
    const keys = Object.keys(line).map((key) => ({ key, place: this.#random.next() }))
      .sort((a, b) => a.place - b.place);
    return Object.fromEntries(keys.map(({ key }) => [key, line[key]]));
  }
}

interface Parts {
  parentUuid: string | null;
  common: Omit<Envelope, "layout">;
  body: Record<string, unknown>;
  uuid: string;
  timestamp: string;
  extra: Record<string, unknown> | undefined;
}

function inOldOrder({ parentUuid, common, body, uuid, timestamp, extra }: Parts) {
  const { sessionId, cwd, version = "2.1.39", gitBranch, agentId, slug } = common;
  return {
    parentUuid,
    isSidechain: common.isSidechain ?? false,
    userType: "external",
    cwd,
    sessionId,
    version,
    ...(gitBranch === undefined ? {} : { gitBranch }),
    ...(agentId === undefined ? {} : { agentId }),
    ...(slug === undefined ? {} : { slug }),
    ...body,
    uuid,
    timestamp,
    ...extra,
  };
}

function inNewOrder({ parentUuid, common, body, uuid, timestamp, extra }: Parts) {
  const { sessionId, cwd, version = "2.1.150", gitBranch, agentId, slug } = common;
  return {
    parentUuid,
    isSidechain: common.isSidechain ?? false,
    ...(agentId === undefined ? {} : { agentId }),
    ...(body.type === "user" ? { promptId: "9c0ffee0-0000-4000-8000-000000000009" } : {}),
    ...body,
    uuid,
    timestamp,
    ...extra,
    userType: "external",
    entrypoint: "cli",
    cwd,
    sessionId,
    version,
    ...(gitBranch === undefined ? {} : { gitBranch }),
    ...(slug === undefined ? {} : { slug }),
  };
}

/** The text of a transcript that `write` makes. */
export function written(write: (lines: TranscriptLines) => void): string {
  const lines = new TranscriptLines();
  write(lines);
  return lines.text;
}
