import type { SessionId } from "../../domain/ids.ts";
import { readShellCommand } from "../../shell/effects.ts";
import { mayShowCommit } from "../../shell/git_output.ts";
import { clip, excerpt } from "../../text/clip.ts";
import { isObject, type JsonObject, name, object, text } from "../../text/json.ts";
import { TIME_LENGTH, TimeReader } from "../../time/iso_time.ts";
import { addCall, addEdit, addOutcome, addUserCommand, makesEvents } from "../gemini_base/calls.ts";
import { partsOf, readUserParts } from "../gemini_base/contents.ts";
import { readAskedEdit, readShownEdit } from "../gemini_base/results.ts";
import type { LogContext, LogInterpreter } from "../jsonl/append_log.ts";
import { isOneRecord } from "../jsonl/line_reader.ts";
import { hashUuid, hashUuidAt, sessionIdOf, UUID_LENGTH } from "../message_hash.ts";
import type { MessageContext, SessionBuilder } from "../session_builder.ts";
import { outcomeOf } from "./outcome.ts";
import type { SessionFile } from "./paths.ts";
import { RootByHash } from "./project_root.ts";

/** How many calls are remembered as handed over: those of the last messages. */
const MAX_RECENT = 256;

/** How records begin that are not parsed, and what of them is looked at. */
const TIME_ONLY = '{"$set":{"lastUpdated":"';
const TIME_ONLY_LENGTH = TIME_ONLY.length + TIME_LENGTH + '"}}'.length;
const MESSAGE = '{"id":"';
const TIMESTAMP = '","timestamp":"';
const ANSWERS = '","type":"user","content":[{"functionResponse":{';
const ANSWER = '","type":"gemini",';
const CALLS = '"toolCalls":[{"id":"';
const CALL = '{"id":"';
const NAME = ',"name":"';
const ARGUMENTS = ',"args":{';
const RESPONSE = ',"response":{';
const COMMAND = '"command":"';
const CLOSING_BRACE = 125;
const BACKSLASH = 92;

/** What the reading of a session's records goes on from. */
export interface RecordsState {
  session: SessionId | null;
  projectHash: string | null;
  /** The folder that the session was started in, as far as it is known. */
  root: string | null;
  summary: string | null;
  /** When the model last answered; its calls are written once they have ended. */
  answeredAt: number | null;
  /** The history is being written again, under new ids. */
  repeats: boolean;
  /** The message whose tokens were handed over last. */
  tokensOf: number;
  /** Hashes of the calls that were handed over last. */
  recent: number[];
}

/**
 * Takes up the records of a session of Gemini CLI one by one. They are not replayed: what was rewound happened.
 *
 * A message is written again under its id when more is known of it. When history changes, all of it is written again: as
 * a list that replaces all messages and, before that, after a refusal, as single messages under new ids.
 */
export class SessionRecords implements LogInterpreter<RecordsState> {
  readonly #context: Pick<LogContext, "session" | "skip">;
  readonly #file: SessionFile;
  readonly #state: RecordsState;
  readonly #recent: Set<number>;
  readonly #roots = new RootByHash();
  readonly #times = new TimeReader();

  /** @param root The folder that the project's sessions were started in, if it is known. */
  constructor(
    context: Pick<LogContext, "session" | "skip">,
    file: SessionFile,
    { state, root }: { state: RecordsState | null; root: string | null },
  ) {
    this.#context = context;
    this.#file = file;
    this.#state = state === null
      ? {
        session: file.parent,
        projectHash: null,
        root,
        summary: null,
        answeredAt: null,
        repeats: false,
        tokensOf: 0,
        recent: [],
      }
      : { ...state, root: root ?? state.root };
    this.#recent = new Set(this.#state.recent);
  }

  state(): RecordsState {
    return { ...this.#state, recent: [...this.#recent] };
  }

  passesOver(line: string, start: number, end: number): boolean {
    if (line.startsWith(TIME_ONLY, start)) return end - start === TIME_ONLY_LENGTH;
    if (!line.startsWith(MESSAGE, start) || this.#state.repeats) return false;
    const id = start + MESSAGE.length;
    const time = id + UUID_LENGTH + TIMESTAMP.length;
    if (!line.startsWith(TIMESTAMP, id + UUID_LENGTH)) return false;
    const session = this.#session();
    const message = hashUuidAt(line, id);
    if (message === 0 || session === null) return false;
    if (line.startsWith(ANSWERS, time + TIME_LENGTH)) {
      const at = this.#times.at(line, time);
      if (at === null || !isWhole(line, start, end)) return false;
      session.addMessage(this.#contextOf(message, at));
      return true;
    }
    if (!line.startsWith(ANSWER, time + TIME_LENGTH) || !session.has(message)) return false;
    return this.#state.root !== null && this.#countCalls(session, message, line, { start, end });
  }

  record(record: JsonObject): void {
    if (typeof record.$rewindTo === "string") return;
    if (typeof record.id === "string") return this.#message(record, this.#state.repeats);
    const changed = record.$set;
    if (isObject(changed)) {
      this.#metadata(changed);
      if (!Array.isArray(changed.messages)) return;
      this.#messages(changed.messages, true);
      this.#state.repeats = false;
    } else if (typeof record.sessionId === "string") {
      this.#metadata(record);
      if (Array.isArray(record.messages)) this.#messages(record.messages, false);
    } else {
      this.#context.skip("wrongShape");
    }
  }

  settle(): void {
    if (this.#state.summary === null || this.#file.subagent !== null) return;
    const session = this.#session();
    if (session !== null) session.facts.summary = this.#state.summary;
  }

  /**
   * Takes up a session that is one document.
   *
   * @returns How many messages it has.
   */
  document(session: JsonObject): number {
    this.#metadata(session);
    if (!Array.isArray(session.messages)) {
      this.#context.skip("wrongShape");
      return 0;
    }
    for (const message of session.messages) {
      for (const call of listOf(object(message).toolCalls)) this.#tryRoot(object(call.args));
    }
    this.#messages(session.messages, false);
    this.settle();
    return session.messages.length;
  }

  /**
   * Counts the calls of an answer that was read without them, if none of them makes an event.
   *
   * @returns Whether the line is done with.
   */
  #countCalls(
    session: SessionBuilder,
    message: number,
    line: string,
    { start, end }: { start: number; end: number },
  ): boolean {
    const tools: [string, string][] = [];
    let at = line.indexOf(CALLS, start) + CALLS.length - CALL.length;
    if (at < start || at > end) return false;
    for (; at >= 0 && at < end; at = line.indexOf(CALL, at + 1)) {
      const id = stringAt(line, at + CALL.length);
      const name = at + CALL.length + id.length + 1;
      const tool = line.startsWith(NAME, name) ? stringAt(line, name + NAME.length) : "";
      const rest = name + NAME.length + tool.length + 1;
      if (line.startsWith(RESPONSE, rest)) continue;
      if (id === "" || tool === "" || !line.startsWith(ARGUMENTS, rest)) return false;
      if (makesEvents(tool) && !isQuietCommand(line, rest + ARGUMENTS.length, end)) return false;
      tools.push([id, tool]);
    }
    if (!isWhole(line, start, end)) return false;
    for (const [id, tool] of tools) {
      if (this.#isNew(message, id)) session.countTool(tool);
    }
    return true;
  }

  #metadata(record: JsonObject): void {
    if (this.#file.parent === null) {
      this.#state.session = sessionIdOf(record.sessionId) ?? this.#state.session;
    }
    this.#state.projectHash = name(record.projectHash) ?? this.#state.projectHash;
    this.#state.summary = excerpt(record.summary) ?? this.#state.summary;
  }

  #messages(messages: readonly unknown[], repeats: boolean): void {
    for (const message of messages) {
      if (isObject(message)) this.#message(message, repeats);
      else this.#context.skip("wrongShape");
    }
  }

  #message(record: JsonObject, repeats: boolean): void {
    const id = name(record.id);
    if (id === null) return this.#context.skip("wrongShape");
    const session = this.#session();
    if (session === null) return this.#context.skip("noSession");
    const at = this.#times.read(record.timestamp);
    if (at === null) return this.#context.skip("badTime");
    const message = this.#contextOf(hashMessageId(session.facts.session, id), at);
    switch (record.type) {
      case "user":
        return this.#userMessage(session, message, record, repeats);
      case "gemini":
        return this.#answer(session, message, record, repeats);
      case "info":
      case "error":
      case "warning":
        session.addMessage(message);
        return;
      default:
        return this.#context.skip("wrongShape");
    }
  }

  #userMessage(
    session: SessionBuilder,
    message: MessageContext,
    record: JsonObject,
    repeats: boolean,
  ): void {
    const parts = partsOf(record.content);
    if (opensHistory(record)) {
      this.#state.repeats = true;
      return;
    }
    if (repeats || !session.addMessage(message)) return;
    const shown = partsOf(record.displayContent);
    const said = readUserParts(shown.length > 0 ? shown : parts);
    if (said.kind === "shell") {
      addUserCommand(session, message, { id: name(record.id) ?? "", ...said });
    }
    if (said.kind !== "prompt" || message.subagent !== null) return;
    session.facts.firstPrompt ??= excerpt(said.text);
    session.emit(message, { kind: "prompt", text: clip(said.text).toWellFormed() });
  }

  #answer(
    session: SessionBuilder,
    message: MessageContext,
    record: JsonObject,
    repeats: boolean,
  ): void {
    const calls = listOf(record.toolCalls);
    const model = name(record.model);
    // An answer names no model when it is written again under a new id.
    if (model !== null) this.#state.repeats = false;
    else if (repeats && calls.length === 0) return;
    if (repeats && session.has(message.message)) return;
    if (session.addMessage(message)) {
      if (model !== null) session.countModel(model);
      const words = message.subagent === null ? lastWords(record.content) : null;
      if (words !== null) session.facts.lastMessage = words;
    }
    this.#tokens(session, message, record.tokens, model);
    if (calls.length === 0) {
      this.#state.answeredAt = message.at;
      return;
    }
    const ends = calls.map((call) => this.#times.read(call.timestamp) ?? message.at);
    const wasLate = ends.every((end) => end <= message.at);
    const began = wasLate ? Math.min(this.#state.answeredAt ?? message.at, message.at) : message.at;
    calls.forEach((call, i) =>
      this.#call(session, { ...message, at: began }, call, Math.max(began, ends[i]))
    );
  }

  #tokens(
    session: SessionBuilder,
    { message, at }: MessageContext,
    recorded: unknown,
    model: string | null,
  ): void {
    if (!isObject(recorded)) return;
    const cacheRead = countOf(recorded.cached);
    const input = Math.max(0, countOf(recorded.input) - cacheRead) + countOf(recorded.tool);
    const output = countOf(recorded.output) + countOf(recorded.thoughts);
    if (input + cacheRead + output === 0) return;
    if (message === this.#state.tokensOf) return;
    this.#state.tokensOf = message;
    session.addTokens({
      key: message,
      message,
      at,
      model: model ?? "",
      input,
      cacheRead,
      cacheWrite: 0,
      output,
    });
  }

  #call(
    session: SessionBuilder,
    message: MessageContext,
    record: JsonObject,
    endedAt: number,
  ): void {
    const id = name(record.id);
    const tool = name(record.name);
    if (id === null || tool === null) return this.#context.skip("wrongShape");
    if (!this.#isNew(message.message, id)) return;
    const args = object(record.args);
    this.#tryRoot(args);
    const within = { ...message, cwd: this.#state.root };
    const made = addCall(session, within, { id, tool, args });
    const outcome = outcomeOf(record, made.kind);
    if (made.kind === "edit" && outcome.failure === null) {
      const edit = readShownEdit(record.resultDisplay) ?? readAskedEdit(args);
      if (edit !== null) addEdit(session, within, id, edit);
    }
    addOutcome(session, { ...within, at: endedAt }, made, outcome);
  }

  #tryRoot(args: JsonObject): void {
    const { root, projectHash } = this.#state;
    if (root !== null || projectHash === null) return;
    this.#state.root = this.#roots.find(projectHash, args);
  }

  #session(): SessionBuilder | null {
    const { session } = this.#state;
    return session === null ? null : this.#context.session(session);
  }

  #contextOf(message: number, at: number): MessageContext {
    return { message, at, cwd: this.#state.root, subagent: this.#file.subagent };
  }

  /** Whether a call is handed over for the first time, as far as that is remembered. */
  #isNew(message: number, call: string): boolean {
    const hash = (message + hashUuid(call)) % Number.MAX_SAFE_INTEGER;
    if (this.#recent.has(hash)) return false;
    this.#recent.add(hash);
    if (this.#recent.size > MAX_RECENT) {
      this.#recent.delete(this.#recent.values().next().value!);
    }
    return true;
  }
}

/** Whether a line ends as a record does, and is but one. */
function isWhole(line: string, start: number, end: number): boolean {
  return line.charCodeAt(end - 1) === CLOSING_BRACE && isOneRecord(line, start + 1, end);
}

/** The string that begins at a place, up to its quote; empty if it has anything escaped in it or is long. */
function stringAt(line: string, start: number): string {
  const end = line.indexOf('"', start);
  const string = end < 0 || end - start > 200 ? "" : line.slice(start, end);
  return string.includes("\\") ? "" : string;
}

/** Whether the arguments at a place are those of a command that makes no event, nor does its output. */
function isQuietCommand(line: string, start: number, end: number): boolean {
  if (!line.startsWith(COMMAND, start)) return false;
  const first = start + COMMAND.length - 1;
  let last = line.indexOf('"', first + 1);
  while (last > 0 && line.charCodeAt(last - 1) === BACKSLASH) last = line.indexOf('"', last + 1);
  if (last < 0 || last >= end) return false;
  try {
    const { git, writes } = readShellCommand(JSON.parse(line.slice(first, last + 1)));
    return !git && !writes && !mayShowCommit(line.slice(last, end));
  } catch {
    return false;
  }
}

/** The hash of a message's identity. An id that is no UUID is the same in every session. */
export function hashMessageId(session: SessionId, id: string): number {
  return hashUuid(id.length === UUID_LENGTH ? id : `${session} ${id}`);
}

/** Whether a message opens the history, which is written as a single message only when all of it is written again. */
export function opensHistory(message: JsonObject): boolean {
  return text(partsOf(message.content)[0]?.text)?.trimStart().startsWith("<session_context>") ??
    false;
}

/** The last text of an answer that is no thought. */
function lastWords(content: unknown): string | null {
  if (typeof content === "string") return excerpt(content);
  const said = partsOf(content).filter((part) => part.thought !== true);
  return said.map((part) => excerpt(part.text)).findLast((words) => words !== null) ?? null;
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function countOf(value: unknown): number {
  return Number.isSafeInteger(value) && value as number > 0 ? value as number : 0;
}
