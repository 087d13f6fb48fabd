import type { Dice } from "./dice.ts";

/** One line of a transcript. */
export type Line = Record<string, unknown>;

/** What is the same on every line of a session. */
export interface TranscriptOptions {
  sessionId: string;
  cwd: string;
  /** The branch checked out at the moment. */
  branch: () => string;
  version: string;
  model: string;
  dice: Dice;
  /** The subagent whose transcript this is; null for the session's own. */
  agent?: string | null;
  /** Where lines go. */
  write: (line: Line) => void;
}

/** A tool call and what came of it. */
export interface ToolCall {
  name: string;
  input: Line;
  /** What the model gets to see. */
  content: string | Line[];
  /** What the program keeps beside it. */
  result: Line | string;
  failed?: boolean;
}

/** From this version on, `cwd` and `sessionId` stand at a line's end. */
const CWD_LAST_FROM = 91;

/** Writes a session's messages, each the child of the one before. */
export class Transcript {
  readonly options: TranscriptOptions;
  #last: string | null = null;
  #message: { id: string; request: string } | null = null;

  constructor(options: TranscriptOptions) {
    this.options = options;
  }

  /** The newest message's uuid. */
  get last(): string | null {
    return this.#last;
  }

  /** Goes on after a message that stands elsewhere. */
  follow(uuid: string): void {
    this.#last = uuid;
  }

  /** What the user types. */
  user(at: number, text: string): void {
    this.#message = null;
    this.#envelope(at, { type: "user", message: { role: "user", content: text } });
  }

  /** What the model says. Blocks of one answer are lines of their own that share its id. */
  say(at: number, text: string): void {
    this.#assistant(at, [{ type: "text", text }]);
  }

  /**
   * A tool call with its result.
   *
   * @returns The call's id.
   */
  tool(at: number, call: ToolCall & { tookMs: number }): string {
    const id = this.call(at, call);
    this.result(at + call.tookMs, { ...call, id });
    return id;
  }

  call(at: number, { name, input }: { name: string; input: Line }): string {
    const id = this.options.dice.token("toolu_01");
    this.#assistant(at, [{ type: "tool_use", id, name, input }]);
    return id;
  }

  result(at: number, call: Pick<ToolCall, "content" | "result" | "failed"> & { id: string }): void {
    this.#message = null;
    const { id, content, result, failed = false } = call;
    this.#envelope(at, {
      type: "user",
      message: {
        role: "user",
        content: [{ tool_use_id: id, type: "tool_result", content, is_error: failed }],
      },
      toolUseResult: result,
    });
  }

  /** A line about the session that is nobody's message: it has neither uuid nor cwd. */
  note(line: Line): void {
    this.options.write({ ...line, sessionId: this.options.sessionId });
  }

  /** A line of the program's own among the messages. */
  event(at: number, line: Line): void {
    this.#envelope(at, line);
  }

  #assistant(at: number, content: Line[]): void {
    const { dice, model } = this.options;
    this.#message ??= { id: dice.token("msg_01"), request: dice.token("req_011C") };
    const written = dice.between(900, 6_000);
    this.#envelope(at, {
      message: {
        model,
        id: this.#message.id,
        type: "message",
        role: "assistant",
        content,
        stop_reason: null,
        stop_sequence: null,
        usage: {
          input_tokens: dice.between(1, 9),
          cache_creation_input_tokens: written,
          cache_read_input_tokens: dice.between(14_000, 90_000),
          output_tokens: dice.between(20, 700),
          service_tier: "standard",
        },
      },
      requestId: this.#message.request,
      type: "assistant",
    });
  }

  #envelope(at: number, body: Line): void {
    const { sessionId, cwd, branch, version, dice, agent = null, write } = this.options;
    const parentUuid = this.#last;
    const uuid = dice.uuid();
    this.#last = uuid;
    const head = { parentUuid, isSidechain: agent !== null, userType: "external" };
    const place = { cwd, sessionId, version, gitBranch: branch() };
    const agentId = agent === null ? {} : { agentId: agent };
    const tail = { uuid, timestamp: new Date(at).toISOString() };
    const cwdLast = Number(version.split(".")[2]) >= CWD_LAST_FROM;
    write(
      cwdLast
        ? { ...head, ...agentId, ...body, ...tail, entrypoint: "cli", ...place }
        : { ...head, ...place, ...agentId, ...body, ...tail },
    );
  }
}
