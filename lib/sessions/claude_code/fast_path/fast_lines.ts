import type { EditLines } from "../../../domain/session_events.ts";
import { NO_LINES } from "../../../domain/session_events.ts";
import { onlyReads } from "../../../shell/effects.ts";
import { mayShowCommit, PUBLISHED_SIGNS } from "../../../shell/git_output.ts";
import { isObject, type JsonObject, name, object, path } from "../../../text/json.ts";
import { TIME_LENGTH, TimeReader } from "../../../time/iso_time.ts";
import { type Chunk, copyBytes, NO_CHUNK } from "../../jsonl/line_reader.ts";
import { hashUuidAt, UUID_LENGTH } from "../../message_hash.ts";
import type { SessionBuilder } from "../../session_builder.ts";
import type { Call, Collector, Envelope, Scope } from "../collector.ts";
import { inputLines } from "../edits.ts";
import {
  addEdit,
  countAnswer,
  isPromptOrigin,
  readFile,
  readResult,
  readShellUse,
  readText,
  readToolUse,
  type ToolResult,
  type Usage,
} from "../messages.ts";
import { type Entry, Fields, NONE, RECORD, RecordIndex } from "./record_index.ts";

/*
 * Most lines say no more than that a message was sent: when, in which folder, with which model, by which tool. Such a
 * line is indexed and not parsed, and of the others only the values are that somebody looks at. It goes by what has to
 * be there, a type, a uuid, a time, a session: what else a line holds, and in which order, makes no difference.
 */

const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const DELETE = 127;

/** Lines with one of these types are parsed, as `readLine` does; of one with any other no more than the type matters. */
const TELLING_TYPES: ReadonlySet<string> = new Set([
  "pr-link",
  "summary",
  "custom-title",
  "ai-title",
  "bridge-session",
  "worktree-state",
]);

/** What is looked at of a line, or of a message that stands in one. */
const LINE_KEYS = [
  "type",
  "uuid",
  "timestamp",
  "sessionId",
  "cwd",
  "gitBranch",
  "version",
  "agentId",
  "isSidechain",
  "forkedFrom",
  "message",
  "requestId",
  "toolUseResult",
  "isMeta",
  "isCompactSummary",
  "isVisibleInTranscriptOnly",
  "origin",
] as const;
type LineFields = Fields<typeof LINE_KEYS[number]>;

/** The keys of a line by which the scope of its message is known. */
const SCOPE_KEYS = ["sessionId", "cwd", "gitBranch", "version", "agentId", "isSidechain"] as const;
/** How many scopes are remembered: a session's own and those of subagents that work side by side. */
const MAX_SCOPES = 8;

/** A scope with what the lines say that have it: how the values are spelled, null for one that is not there. */
interface KnownScope {
  scope: Scope;
  spelled: (string | null)[];
  /** The subagent that a progress line names. */
  agent: string | null;
}

/** Something that a message does besides having been sent: done once the message counts. */
type Effect = (envelope: Envelope) => void;
const NO_EFFECTS: Effect[] = [];

// Lines are taken up one at a time, whatever file they are from.
const record = new RecordIndex();
const ofLine: LineFields = new Fields(LINE_KEYS);
/** Of a message that stands in a progress line. */
const ofInner: LineFields = new Fields(LINE_KEYS);
const ofMessage = new Fields(["id", "model", "content", "usage"]);
const ofBlock = new Fields(["type", "text", "id", "name", "input", "tool_use_id", "is_error"]);
const ofUsage = new Fields([
  "input_tokens",
  "cache_read_input_tokens",
  "cache_creation_input_tokens",
  "output_tokens",
]);
/** The values of {@linkcode SCOPE_KEYS} in the current line, and of the session that it was forked from. */
const ofScope = new Int32Array(SCOPE_KEYS.length + 1);

/** Takes up lines of one file without parsing them as a whole. */
export class FastLines {
  readonly #collector: Collector;
  readonly #time = new TimeReader();
  readonly #scopes: KnownScope[] = [];
  #model = "";
  /** How the last answer's ids and counts were spelled, and whose it was. */
  #answer: { session: SessionBuilder; id: string; request: string; usage: string } | null = null;
  #chunk = NO_CHUNK;
  /** NULs are left where a write was lost, and would be part of a string. */
  #hasNul = false;

  constructor(collector: Collector) {
    this.#collector = collector;
  }

  /** Turns to another chunk. */
  turnTo(chunk: Chunk): void {
    this.#chunk = chunk;
    this.#hasNul = chunk.text.includes("\0");
  }

  /**
   * Takes up the line that stands at [start, end).
   *
   * @returns Whether it did; otherwise the line is to be parsed, which changes nothing that was taken up of it already.
   */
  take(start: number, end: number): boolean {
    if (this.#hasNul && this.#chunk.text.slice(start, end).includes("\0")) return false;
    if (!record.read(this.#chunk, start, end)) return false;
    record.fields(RECORD, ofLine);
    const type = ofLine.get("type");
    if (record.isSpelled(type, '"assistant"') || record.isSpelled(type, '"user"')) {
      const scope = this.#scope(null);
      return scope !== null && this.#message(ofLine, scope);
    }
    const named = record.value(type);
    switch (named) {
      case "progress":
        return this.#progress();
      case "attachment":
        return !isOf(record.find(RECORD, "attachment"), "type", "queued_command");
      case "system":
        return !isOf(RECORD, "subtype", "bridge_status");
      case "queue-operation":
      case "api-request":
      case "api-request-shape":
        return this.#birth();
      default:
        return typeof named === "string" && !TELLING_TYPES.has(named);
    }
  }

  /** A record of the running program's own, of which the time is all that matters. */
  #birth(): boolean {
    const session = this.#collector.session(record.value(ofLine.get("sessionId")));
    const at = this.#timeOf(ofLine.get("timestamp"));
    if (session === null || at === null) return false;
    this.#collector.noteBirth(session, at);
    return true;
  }

  /** A line in which messages of a subagent stand: its latest, and maybe all that came before. */
  #progress(): boolean {
    const data = record.find(RECORD, "data");
    if (!isOf(data, "type", "agent_progress")) return true;
    const scope = this.#scope(name(record.value(record.find(data, "agentId"))) ?? "sidechain");
    if (scope === null || !this.#innerMessage(record.find(data, "message"), scope)) return false;
    const earlier = record.find(data, "normalizedMessages");
    for (let one = record.first(earlier); one !== NONE; one = record.next(earlier, one)) {
      if (!this.#innerMessage(one, scope)) return false;
    }
    return true;
  }

  #innerMessage(inner: Entry, scope: Scope): boolean {
    record.fields(inner, ofInner);
    const type = record.value(ofInner.get("type"));
    if (type !== "user" && type !== "assistant") return true;
    if (ofInner.get("uuid") === NONE || ofInner.get("timestamp") === NONE) return true;
    return this.#message(ofInner, scope);
  }

  /** The scope of the line's message; null if the line has to be parsed to know. */
  #scope(agent: string | null): Scope | null {
    for (let i = 0; i < SCOPE_KEYS.length; i++) ofScope[i] = ofLine.get(SCOPE_KEYS[i]);
    const forkedFrom = ofLine.get("forkedFrom");
    ofScope[SCOPE_KEYS.length] = record.find(forkedFrom, "sessionId");
    const scopes = this.#scopes;
    for (let i = 0; i < scopes.length; i++) {
      if (scopes[i].agent !== agent || !isScope(scopes[i].spelled)) continue;
      if (i > 0) scopes.unshift(...scopes.splice(i, 1));
      return scopes[0].scope;
    }
    const line: JsonObject = { forkedFrom: record.value(forkedFrom) };
    SCOPE_KEYS.forEach((key, i) => line[key] = record.value(ofScope[i]));
    const scope = this.#collector.scope(line, agent);
    if (scope === null) return null;
    const spelled = Array.from(
      ofScope,
      (value) => value === NONE ? null : record.spelling(value),
    );
    scopes.unshift({ scope, spelled, agent });
    if (scopes.length > MAX_SCOPES) scopes.pop();
    return scope;
  }

  /**
   * Takes up a message.
   *
   * @param holder The line that holds it, or the part of one.
   */
  #message(holder: LineFields, scope: Scope): boolean {
    const message = holder.get("message");
    const hash = this.#identity(holder);
    const at = this.#timeOf(holder.get("timestamp"));
    if (!record.isObject(message) || hash === 0 || at === null) return false;
    if (scope.session.has(hash)) return true;
    record.fields(message, ofMessage);
    return record.isSpelled(holder.get("type"), '"assistant"')
      ? this.#assistant({ holder, scope, hash, at })
      : this.#user({ holder, scope, hash, at });
  }

  /** The hash of the message's identity; 0 if that is spelled otherwise than a uuid. */
  #identity(holder: LineFields): number {
    const forkedFrom = holder.get("forkedFrom");
    const original = forkedFrom === NONE ? NONE : record.find(forkedFrom, "messageUuid");
    const uuid = original === NONE ? holder.get("uuid") : original;
    if (!record.isString(uuid) || record.end(uuid) - record.at(uuid) !== UUID_LENGTH + 2) return 0;
    return hashUuidAt(this.#chunk.text, record.at(uuid) + 1);
  }

  #timeOf(timestamp: Entry): number | null {
    if (!record.isString(timestamp)) return null;
    const at = record.at(timestamp);
    return record.end(timestamp) - at === TIME_LENGTH + 2
      ? this.#time.at(this.#chunk.text, at + 1)
      : null;
  }

  /** An assistant's message. What it does is read before anything of it counts. */
  #assistant({ holder, scope, hash, at }: Message): boolean {
    const content = ofMessage.get("content");
    if (!record.isList(content)) return false;
    let calls = NO_EFFECTS;
    let speaks = false;
    for (let block = record.first(content); block !== NONE; block = record.next(content, block)) {
      record.fields(block, ofBlock);
      const type = ofBlock.get("type");
      if (record.isSpelled(type, '"text"')) {
        speaks ||= scope.subagent === null && this.#hasWords(ofBlock.get("text"));
      } else if (record.isSpelled(type, '"tool_use"')) {
        const call = this.#toolUse(block, scope);
        if (call === null) return false;
        calls = [...calls, call];
      } else if (!this.#isPlain(type)) return false;
    }
    const envelope = this.#collector.admit(scope, hash, at);
    if (envelope === null) return true;
    this.#countAnswer(holder, envelope);
    for (const call of calls) call(envelope);
    if (speaks) this.#collector.noteLastText(envelope.session);
    return true;
  }

  #countAnswer(holder: LineFields, envelope: Envelope): void {
    const { session } = envelope;
    const model = this.#modelOf(ofMessage.get("model"));
    if (model === null) return;
    const id = ofMessage.get("id");
    const request = holder.get("requestId");
    const usage = ofMessage.get("usage");
    const last = this.#answer;
    const told = last !== null && last.session === session && record.isSpelled(id, last.id) &&
      record.isSpelled(request, last.request) && record.isSpelled(usage, last.usage);
    countAnswer(this.#collector, envelope, model, told ? null : readUsage(id, request, usage));
    if (told || id === NONE || request === NONE || usage === NONE) return;
    const [theId, theRequest, theUsage] = [id, request, usage].map((one) => record.spelling(one));
    this.#answer = { session, id: theId, request: theRequest, usage: theUsage };
  }

  /** A model's name, which is mostly that of the message before. */
  #modelOf(value: Entry): string | null {
    if (!record.isString(value)) return null;
    const spelled = this.#chunk.text.slice(record.at(value) + 1, record.end(value) - 1);
    if (spelled !== this.#model) this.#model = name(record.value(value)) ?? "";
    return this.#model === "" ? null : this.#model;
  }

  /** Whether a text is more than white space. */
  #hasWords(text: Entry): boolean {
    if (!record.isString(text)) return false;
    const first = this.#chunk.bytes[record.at(text) + 1];
    return first > SPACE && first < DELETE && first !== QUOTE && first !== BACKSLASH ||
      `${record.value(text)}`.trim() !== "";
  }

  /** Whether a value is not there, or a string that is spelled as it reads. */
  #isPlain(value: Entry): boolean {
    return value === NONE ||
      record.isString(value) &&
        !this.#chunk.text.slice(record.at(value), record.end(value)).includes("\\");
  }

  /** What the tool's call in the current block does; null if the line has to be parsed to know. */
  #toolUse(block: Entry, scope: Scope): Effect | null {
    const tool = name(record.value(ofBlock.get("name")));
    if (tool === null) return null;
    const collector = this.#collector;
    switch (tool) {
      case "Bash":
      case "PowerShell": {
        const id = name(record.value(ofBlock.get("id")));
        const given = ofBlock.get("input");
        const input = {
          command: record.value(record.find(given, "command")),
          run_in_background: record.value(record.find(given, "run_in_background")),
        };
        return (envelope) => {
          envelope.session.countTool(tool);
          readShellUse(collector, envelope, { id, input });
        };
      }
      case "Edit":
      case "Write":
        return this.#edit(tool);
      case "MultiEdit":
      case "NotebookEdit":
      case "Skill": {
        const call = record.value(block);
        return isObject(call) ? (envelope) => readToolUse(collector, envelope, call) : null;
      }
      case "Read": {
        if (scope.subagent === null) break;
        const id = name(record.value(ofBlock.get("id")));
        const file = path(record.value(record.find(ofBlock.get("input"), "file_path")));
        return (envelope) => {
          envelope.session.countTool(tool);
          if (file !== null) readFile(collector, envelope, { id, path: file });
        };
      }
    }
    return ({ session }) => session.countTool(tool);
  }

  /** The edit in the current block, of which only the path is read: its result mostly tells better what was written. */
  #edit(tool: "Edit" | "Write"): Effect | null {
    const input = ofBlock.get("input");
    const file = path(record.value(record.find(input, "file_path")));
    const texts = tool === "Edit" ? ["old_string", "new_string"] : ["content"];
    if (file === null || !texts.every((key) => record.isString(record.find(input, key)))) {
      return null;
    }
    const id = name(record.value(ofBlock.get("id")));
    const bytes = copyBytes(this.#chunk, record.at(input), record.end(input));
    const lines = (): EditLines => inputLines(tool, object(parse(bytes)))?.() ?? NO_LINES;
    return (envelope) => {
      envelope.session.countTool(tool);
      addEdit(this.#collector, envelope, { tool, id, path: file, lines });
    };
  }

  /** A message in the user's name. What it does is read before anything of it counts. */
  #user({ holder, scope, hash, at }: Message): boolean {
    const effects = this.#userEffects(holder, scope);
    if (effects === null) return false;
    const envelope = this.#collector.admit(scope, hash, at);
    if (envelope !== null) { for (const effect of effects) effect(envelope); }
    return true;
  }

  /** What a message in the user's name does; null if the line has to be parsed to know. */
  #userEffects(holder: LineFields, scope: Scope): Effect[] | null {
    const content = ofMessage.get("content");
    const isTrue = (key: "isMeta" | "isCompactSummary" | "isVisibleInTranscriptOnly") =>
      record.isSpelled(holder.get(key), "true");
    const speaks = scope.subagent === null && !isTrue("isMeta") && !isTrue("isCompactSummary") &&
      !isTrue("isVisibleInTranscriptOnly") && isPromptOrigin(record.value(holder.get("origin")));
    if (record.isString(content)) return speaks ? this.#words(content) : NO_EFFECTS;
    if (!record.isList(content)) return null;
    let effects = NO_EFFECTS;
    let results = 0;
    for (let block = record.first(content); block !== NONE; block = record.next(content, block)) {
      record.fields(block, ofBlock);
      const type = ofBlock.get("type");
      if (record.isSpelled(type, '"tool_result"')) results++;
      else if (!record.isSpelled(type, '"text"')) {
        if (!this.#isPlain(type)) return null;
      } else if (speaks && record.isString(ofBlock.get("text"))) {
        const said = this.#words(ofBlock.get("text"));
        if (said === null) return null;
        effects = [...effects, ...said];
      }
    }
    if (results === 0) return effects;
    // Results and words in one message are rare, and their order counts.
    return effects.length > 0 ? null : this.#results(holder, content, results);
  }

  #words(text: Entry): Effect[] | null {
    const said = record.value(text);
    return typeof said === "string"
      ? [(envelope) => readText(this.#collector, envelope, said)]
      : null;
  }

  /** What the results in a message do that somebody waits for. */
  #results(holder: LineFields, content: Entry, count: number): Effect[] {
    const beside = count === 1 ? holder.get("toolUseResult") : NONE;
    let effects = NO_EFFECTS;
    for (let block = record.first(content); block !== NONE; block = record.next(content, block)) {
      record.fields(block, ofBlock);
      if (!record.isSpelled(ofBlock.get("type"), '"tool_result"')) continue;
      const id = name(record.value(ofBlock.get("tool_use_id")));
      const call = id === null ? undefined : this.#collector.pending.get(id);
      if (call === undefined) continue;
      const found = this.#tells(call, block, beside) ? toolResult(holder, block, beside) : null;
      effects = [...effects, (envelope) => {
        // Another result of the same message may have been the same call's.
        if (this.#collector.pending.take(call.id) === undefined || found === null) return;
        readResult(this.#collector, envelope, call, found);
      }];
    }
    return effects;
  }

  /** Whether the result in the current block may say more than that it came. */
  #tells(call: Call, block: Entry, beside: Entry): boolean {
    const isError = record.isSpelled(ofBlock.get("is_error"), "true");
    if (call.kind !== "shell") return isError || call.kind !== "skill";
    if (isError && call.told) return true;
    const has = (key: string) => record.find(beside, key) !== NONE;
    return has("gitOperation") || has("bashEditDiff") ||
      call.told && record.isSpelled(record.find(beside, "interrupted"), "true") ||
      this.#mayShow(call, block, beside);
  }

  /** Whether a shell command's output may show a commit, or something published. */
  #mayShow(call: Extract<Call, { kind: "shell" }>, block: Entry, beside: Entry): boolean {
    const { text } = this.#chunk;
    const printed = record.find(beside, "stdout");
    const errors = record.find(beside, "stderr");
    const output = record.isString(printed)
      ? text.slice(record.at(printed), record.end(printed)) +
        (errors === NONE ? "" : text.slice(record.at(errors), record.end(errors)))
      : text.slice(record.at(block), record.end(block));
    if (call.publishes && PUBLISHED_SIGNS.some((sign) => output.includes(sign))) return true;
    if (!(call.told ? call.git : output.includes(" changed"))) return false;
    return mayShowCommit(output, { command: call.command }) && !onlyReads(call.command);
  }
}

/** Whether an object says this under a key, however it is spelled. */
function isOf(object: Entry, key: string, value: string): boolean {
  return record.value(record.find(object, key)) === value;
}

/** Whether the values that make a scope are spelled like this. */
function isScope(spelled: readonly (string | null)[]): boolean {
  for (let i = 0; i < ofScope.length; i++) {
    const json = spelled[i];
    if (json === null ? ofScope[i] !== NONE : !record.isSpelled(ofScope[i], json)) return false;
  }
  return true;
}

function readUsage(id: Entry, request: Entry, usage: Entry): Usage {
  record.fields(usage, ofUsage);
  return {
    id: name(record.value(id)),
    request: name(record.value(request)),
    input: record.amount(ofUsage.get("input_tokens")),
    cacheRead: record.amount(ofUsage.get("cache_read_input_tokens")),
    cacheWrite: record.amount(ofUsage.get("cache_creation_input_tokens")),
    output: record.amount(ofUsage.get("output_tokens")),
  };
}

const DENIAL_KEYS = ["toolDenialKind", "toolDenialBeforeRun", "permissionDecision"] as const;

/** What is looked at of `toolUseResult`. */
const RESULT_KEYS = [
  "stdout",
  "stderr",
  "interrupted",
  "gitOperation",
  "bashEditDiff",
  "structuredPatch",
  "original_file",
  "updated_file",
  "new_source",
] as const;

/** The parts of a tool's result that somebody looks at. */
function toolResult(holder: LineFields, block: Entry, beside: Entry): ToolResult {
  return {
    block: pick(block, ["is_error", "content"]),
    result: record.isObject(beside) ? pick(beside, RESULT_KEYS) : record.value(beside),
    line: holder === ofLine ? pick(RECORD, DENIAL_KEYS) : {},
  };
}

function pick(object: Entry, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, record.value(record.find(object, key))]));
}

/** A message whose line is being taken up. */
interface Message {
  holder: LineFields;
  scope: Scope;
  hash: number;
  /** Unix milliseconds. */
  at: number;
}

const decoder = new TextDecoder();

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}
