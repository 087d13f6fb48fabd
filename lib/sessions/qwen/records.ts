import type { SessionId } from "../../domain/ids.ts";
import { mayShowCommit } from "../../shell/git_output.ts";
import { clip, excerpt } from "../../text/clip.ts";
import { isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { TIME_LENGTH, TimeReader } from "../../time/iso_time.ts";
import {
  addCall,
  addEdit,
  addOutcome,
  addUserCommand,
  type MadeCall,
} from "../gemini_base/calls.ts";
import { partsOf, readUserParts } from "../gemini_base/contents.ts";
import { type FileEdit, readAskedEdit, readShownEdit } from "../gemini_base/results.ts";
import type { LogContext, LogInterpreter, RecordPlace } from "../jsonl/append_log.ts";
import { isOneRecord } from "../jsonl/line_reader.ts";
import { hashUuid, hashUuidAt, sessionIdOf, UUID_LENGTH } from "../message_hash.ts";
import { PendingCalls } from "../pending_calls.ts";
import type { MessageContext, SessionBuilder } from "../session_builder.ts";
import { outcomeOf } from "./outcome.ts";
import type { SessionFile } from "./paths.ts";

/** A call without a result yet, and the answer that made it. */
type WaitingCall = MadeCall & {
  context: MessageContext;
  /** Where the answer's record stands. */
  place: RecordPlace;
};

/** What the reading of a session's records goes on from. */
export interface RecordsState {
  calls: WaitingCall[];
  /** The last titles; they may come before the first message. */
  titles: { session: SessionId; custom: string | null; generated: string | null } | null;
}

/** How a record begins: what stands before its uuid, its parent's, its session's, its time and its type. */
const UUID = '{"uuid":"';
const PARENT = '","parentUuid":';
const NO_PARENT = "null,";
const SESSION = '"sessionId":"';
const TIME = '","timestamp":"';
const TYPE = '","type":"';
const SYSTEM = 'system",';
const TOOL_RESULT = 'tool_result",';
const SUBTYPE = '"subtype":"';
/** Records about the program itself: counters, copies, backups. */
const USELESS = ["ui_telemetry", "attribution_snapshot", "file_history_snapshot"];
const ANSWER = ',"message":{"role":"user","parts":[{"functionResponse":{"id":"';
const FORK = '"forkedFrom":{';
/** How far from the end of a copied record the session it was copied from is named, at most. */
const MAX_FORK = 1_200;
/** The longest stretch between the type of a record and its message. */
const MAX_ENVELOPE = 8_000;
const CLOSING_BRACE = 125;

/** Messages that the program sends in the user's name. */
const NO_PROMPTS = new Set(["cron", "notification", "goal_runtime"]);

/** Takes up the records of a session of Qwen Code, one a message. Records that a fork copied keep their UUIDs. */
export class SessionRecords implements LogInterpreter<RecordsState> {
  readonly #log: LogContext;
  readonly #file: SessionFile;
  readonly #calls: PendingCalls<WaitingCall>;
  #titles: RecordsState["titles"];
  readonly #times = new TimeReader();
  #envelope: { text: string; value: JsonObject } = { text: "", value: {} };
  /** The model that a subagent was started with. */
  readonly #model: string | null;

  constructor(
    log: LogContext,
    file: SessionFile,
    { state, model }: { state: RecordsState | null; model: string | null },
  ) {
    this.#log = log;
    this.#file = file;
    this.#calls = new PendingCalls(state?.calls);
    this.#titles = state?.titles ?? null;
    this.#model = model;
  }

  state(): RecordsState {
    return { calls: this.#calls.list(), titles: this.#titles };
  }

  settle(): void {
    if (this.#titles === null) return;
    const { session, custom, generated } = this.#titles;
    const { facts } = this.#log.session(session);
    facts.customTitle = custom;
    facts.generatedTitle = generated;
  }

  passesOver(line: string, start: number, end: number): boolean {
    const head = headAt(line, start);
    if (head === null || line.charCodeAt(end - 1) !== CLOSING_BRACE) return false;
    if (line.startsWith(SYSTEM, head.type)) {
      const subtype = line.indexOf(SUBTYPE, head.type) + SUBTYPE.length;
      return subtype < end && USELESS.some((kind) => line.startsWith(`${kind}"`, subtype));
    }
    return line.startsWith(TOOL_RESULT, head.type) && this.#countResult(line, head, end);
  }

  /**
   * Counts a result by its head, if it makes no event.
   *
   * @returns Whether the line is done with.
   */
  #countResult(line: string, head: Head, end: number): boolean {
    const at = head.type + TOOL_RESULT.length;
    const answer = line.slice(at, Math.min(end, at + MAX_ENVELOPE)).indexOf(ANSWER);
    const id = at + answer + ANSWER.length;
    const call = answer < 0 ? undefined : this.#calls.get(line.slice(id, line.indexOf('"', id)));
    if (call === undefined || !isQuiet(call, line.slice(id, end))) return false;
    const message = hashUuidAt(line, head.uuid);
    const time = this.#times.at(line, head.time);
    const envelope = this.#envelopeOf(line.slice(at, at + answer));
    const session = sessionIdOf(line.slice(head.session, head.session + UUID_LENGTH));
    if (message === 0 || time === null || envelope === null || session === null) return false;
    if (!isOneRecord(line, head.uuid - UUID.length + 1, end)) return false;
    const context = { ...contextOf(envelope, this.#file, time), message };
    this.#add(this.#log.session(session), context, envelope);
    this.#calls.take(call.id);
    return true;
  }

  /** The fields between a record's type and its message, mostly the same as in the record before. */
  #envelopeOf(text: string): JsonObject | null {
    if (text !== this.#envelope.text) {
      const value = parseObject(`{${text}}`);
      if (value === null) return null;
      this.#envelope = { text, value };
    }
    return this.#envelope.value;
  }

  record(record: JsonObject, place: RecordPlace): void {
    const id = sessionOf(record, this.#file);
    if (id === null) return this.#log.skip("noSession");
    const at = this.#times.read(record.timestamp);
    if (at === null) return this.#log.skip("badTime");
    const session = this.#log.session(id);
    const context = contextOf(record, this.#file, at);
    switch (record.type) {
      case "user":
        if (this.#add(session, context, record)) readUser(session, context, record);
        return;
      case "assistant":
        if (this.#add(session, context, record)) this.#readAnswer(session, context, record, place);
        return;
      case "tool_result":
        if (this.#add(session, context, record)) this.#readResult(session, context, record);
        return;
      case "system":
        return this.#readSystem(session, context, record);
      default:
        return this.#log.skip("wrongShape");
    }
  }

  /**
   * Counts a record's message.
   *
   * @returns Whether it is new.
   */
  #add(session: SessionBuilder, context: MessageContext, record: JsonObject): boolean {
    if (!session.addMessage(context, name(record.gitBranch))) return false;
    const { facts } = session;
    facts.version = name(record.version) ?? facts.version;
    const original = sessionIdOf(object(record.forkedFrom).sessionId);
    if (original === null || original === facts.session) {
      facts.bornAt = Math.min(facts.bornAt ?? context.at, context.at);
    } else {
      facts.forkedFrom ??= original;
    }
    return true;
  }

  #readAnswer(
    session: SessionBuilder,
    context: MessageContext,
    record: JsonObject,
    place: RecordPlace,
  ): void {
    const model = name(record.model);
    if (model !== null) session.countModel(model);
    addTokens(session, context, record.usageMetadata, model ?? this.#model);
    for (const part of partsOf(object(record.message).parts)) {
      const call = callOf(part);
      const words = context.subagent === null && part.thought !== true ? excerpt(part.text) : null;
      if (words !== null) session.facts.lastMessage = words;
      if (call === null) continue;
      this.#calls.add({ ...addCall(session, context, call), context, place });
    }
  }

  #readResult(session: SessionBuilder, context: MessageContext, record: JsonObject): void {
    const result = object(record.toolCallResult);
    const responses = partsOf(object(record.message).parts)
      .map((part) => object(part.functionResponse))
      .filter((response) => name(response.id) !== null);
    for (const { id, response } of responses) {
      const call = this.#calls.take(id as string);
      if (call === undefined) continue;
      const own = responses.length === 1 || result.callId === id ? result : {};
      const outcome = outcomeOf(object(response), own);
      if (call.kind === "edit" && outcome.failure === null) {
        const edit = readShownEdit(own.resultDisplay) ?? this.#askedEdit(call);
        if (edit !== null) addEdit(session, call.context, call.id, edit);
      }
      addOutcome(session, context, call, outcome);
    }
  }

  /** The edit that a call asked for, if its result does not record the texts. */
  #askedEdit({ id, place }: WaitingCall): FileEdit | null {
    const parts = partsOf(object(this.#log.record(place)?.message).parts);
    const call = parts.map(callOf).find((call) => call?.id === id);
    return call ? readAskedEdit(call.args) : null;
  }

  #readSystem(session: SessionBuilder, context: MessageContext, record: JsonObject): void {
    const payload = object(record.systemPayload);
    if (record.subtype === "custom_title") {
      const title = excerpt(payload.customTitle);
      const before = this.#titles?.session === session.facts.session ? this.#titles : null;
      const { custom = null, generated = null } = before ?? {};
      const titles = payload.titleSource === "auto"
        ? { custom, generated: title }
        : { custom: title, generated };
      this.#titles = { session: session.facts.session, ...titles };
    } else if (record.subtype === "slash_command") {
      const skill = /^\s*\/([^\s/]{1,200})/.exec(text(payload.rawCommand) ?? "")?.[1];
      if (skill === undefined || payload.phase !== "invocation" || payload.sentToModel !== true) {
        return;
      }
      if (!this.#add(session, context, record)) return;
      session.emit(context, { kind: "skill", skill: skill.toWellFormed() });
    }
  }
}

/** Where in a line the parts of a record's head stand. */
interface Head {
  uuid: number;
  session: number;
  time: number;
  type: number;
}

/** The head of a record; null if it is not written as usual. */
function headAt(line: string, start: number): Head | null {
  const uuid = start + UUID.length;
  if (!line.startsWith(UUID, start) || !line.startsWith(PARENT, uuid + UUID_LENGTH)) return null;
  const parent = uuid + UUID_LENGTH + PARENT.length;
  const isFirst = line.startsWith(NO_PARENT, parent);
  const named = parent + (isFirst ? NO_PARENT.length : UUID_LENGTH + '"",'.length);
  const session = named + SESSION.length;
  const time = session + UUID_LENGTH + TIME.length;
  const type = time + TIME_LENGTH + TYPE.length;
  return line.startsWith(SESSION, named) && line.startsWith(TIME, session + UUID_LENGTH) &&
      line.startsWith(TYPE, time + TIME_LENGTH)
    ? { uuid, session, time, type }
    : null;
}

/** Whether a call's result makes no event, by the rest of its line. */
function isQuiet(call: WaitingCall, result: string): boolean {
  if (result.slice(-MAX_FORK).includes(FORK)) return false;
  return call.kind === "other" ||
    call.kind === "shell" && !call.told && !mayShowCommit(result);
}

function parseObject(json: string): JsonObject | null {
  try {
    const value = JSON.parse(json);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The session of a record. */
export function sessionOf(record: JsonObject, file: SessionFile): SessionId | null {
  return sessionIdOf(record.sessionId) ?? file.session;
}

/** The context of a record's message. */
export function contextOf(record: JsonObject, file: SessionFile, at: number): MessageContext {
  const uuid = text(record.uuid);
  return {
    message: uuid === null ? 0 : hashUuid(uuid),
    at,
    cwd: path(record.cwd),
    subagent: name(record.agentId) ?? file.subagent,
  };
}

/** The parts of a user's message: the text as typed, if it was expanded. */
export function userPartsOf(record: JsonObject): JsonObject[] {
  const typed = text(object(record.systemPayload).displayText);
  return typed === null ? partsOf(object(record.message).parts) : [{ text: typed }];
}

function readUser(session: SessionBuilder, context: MessageContext, record: JsonObject): void {
  if (typeof record.subtype === "string" && NO_PROMPTS.has(record.subtype)) return;
  const said = readUserParts(userPartsOf(record));
  if (said.kind === "shell") {
    return addUserCommand(session, context, { id: userCommandId(record), ...said });
  }
  if (said.kind !== "prompt" || context.subagent !== null) return;
  session.facts.firstPrompt ??= excerpt(said.text);
  session.emit(context, { kind: "prompt", text: clip(said.text).toWellFormed() });
}

/** The id by which a command that the user ran is known. */
export function userCommandId(record: JsonObject): string {
  return name(record.uuid) ?? "user";
}

function callOf(part: JsonObject): { id: string; tool: string; args: JsonObject } | null {
  const call = object(part.functionCall);
  const id = name(call.id);
  const tool = name(call.name);
  return id === null || tool === null ? null : { id, tool, args: object(call.args) };
}

function addTokens(
  session: SessionBuilder,
  { message, at }: MessageContext,
  usage: unknown,
  model: string | null,
): void {
  if (!isObject(usage) || message === 0) return;
  const prompt = countOf(usage.promptTokenCount);
  const cacheRead = Math.min(countOf(usage.cachedContentTokenCount), prompt);
  const answer = countOf(usage.candidatesTokenCount);
  const thoughts = countOf(usage.thoughtsTokenCount);
  // OpenAI's interface counts thoughts as part of the answer, Gemini's counts them apart. The total tells which.
  const apart = countOf(usage.totalTokenCount) >= prompt + answer + thoughts;
  const output = answer + (apart ? thoughts : 0);
  const input = prompt - cacheRead + countOf(usage.toolUsePromptTokenCount);
  if (input + cacheRead + output === 0) return;
  const counts = { input, cacheRead, cacheWrite: 0, output };
  session.addTokens({ key: message, message, at, model: model ?? "", ...counts });
}

function countOf(value: unknown): number {
  return Number.isSafeInteger(value) && value as number > 0 ? value as number : 0;
}
