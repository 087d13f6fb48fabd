import { readToolUse } from "./assistant_message.ts";
import { type Chunk, decode, isWhole, NO_CHUNK } from "./chunk.ts";
import type { Collector, Envelope } from "./collector.ts";
import { patchLines } from "./edit_lines.ts";
import { EnvelopeMemo } from "./envelope_memo.ts";
import { isObject, type JsonObject } from "./json.ts";
import * as shape from "./line_shapes.ts";
import { count, type Scope } from "./part.ts";
import type { PendingCall } from "./pending.ts";
import { TIME_LENGTH, timeAt } from "./times.ts";
import { hashUuidAt, UUID_LENGTH } from "./uuid_hash.ts";

/*
 * Nine lines in ten say no more than that a message was sent: when, in which folder, with which model, by which tool.
 * They are recognised by how Claude Code spells them, without parsing. Two things make that sound. A quote inside a
 * JSON string is escaped, so `,"uuid":"` can only be a key. And whatever looks the least bit unusual is refused, to be
 * parsed in full: a refused line costs time, a misread one would cost truth.
 */

/** How far from a message's end its content may end: token counts stand between. */
const MAX_USAGE = 2_000;
/** How far from a progress line's end the subagent is named. */
const MAX_PROGRESS_TAIL = 800;

const { matches } = shape;
const { TIMESTAMP } = shape;
const BRACE = 125;
const QUOTE = 34;

/** A line with its end, and what its envelope says. */
interface Line {
  start: number;
  end: number;
  /** Where the keys begin that end the line and repeat; or its last brace. */
  tail: number;
  scope: Scope;
}

/** Takes up lines of one file without parsing them, where that is enough. */
export class FastLines {
  readonly #collector: Collector;
  readonly #memo: EnvelopeMemo;
  #chunk = NO_CHUNK;
  #agent: { base: Scope; scope: Scope } | null = null;
  #agentTail = 0;

  constructor(collector: Collector) {
    this.#collector = collector;
    this.#memo = new EnvelopeMemo(collector);
  }

  /** Turns to another chunk. */
  turnTo(chunk: Chunk): void {
    this.#chunk = chunk;
  }

  /**
   * Takes up the line that stands at [start, end).
   *
   * @returns Whether it did; otherwise nothing happened, and the line is to be parsed.
   */
  take(start: number, end: number): boolean {
    const { text } = this.#chunk;
    if (text.charCodeAt(end - 1) !== BRACE) return false;
    if (!text.startsWith(shape.PARENT, start)) {
      return matches(shape.SILENT_TYPE, text, start) && isWhole(text, start + 1, end);
    }
    const value = start + shape.PARENT.length;
    const comma = text.charCodeAt(value) === QUOTE ? value + UUID_LENGTH + 2 : value + 4;
    const head = this.#memo.head(this.#chunk, comma, end);
    if (head === null) return false;
    const at = comma + head.raw.length;
    const progress = text.startsWith(shape.PROGRESS, at);
    if (progress ? matches(shape.SILENT_PROGRESS, text, at) : this.#isSilent(at)) {
      return isWhole(text, at, end);
    }
    const { scope, at: tail } = head.scope === null
      ? this.#memo.tail(this.#chunk, head, end)
      : { scope: head.scope, at: end - 1 };
    if (scope === null) return false;
    const line = { start, end, tail, scope };
    if (progress) return this.#agentProgress(line, at + shape.PROGRESS.length);
    if (text.startsWith(shape.USER, at)) return this.#user(line, at + shape.USER.length);
    return this.#assistant(line, at);
  }

  #isSilent(at: number): boolean {
    const { text } = this.#chunk;
    return matches(shape.SILENT_SYSTEM, text, at) || matches(shape.SILENT_ATTACHMENT, text, at);
  }

  /** A line whose message comes first and whose type, uuid and time come last. */
  #assistant(line: Line, at: number): boolean {
    const { text } = this.#chunk;
    const time = line.tail - 1 - TIME_LENGTH;
    const uuid = time - TIMESTAMP.length - UUID_LENGTH;
    const contentEnd = uuid - shape.ASSISTANT_END.length;
    if (!text.startsWith(shape.ASSISTANT_END, contentEnd)) return false;
    const before = text.slice(Math.max(at, contentEnd - shape.MAX_BEFORE_END), contentEnd);
    if (!shape.BEFORE_ASSISTANT_END.test(before)) return false;
    return this.#assistantBlock(line, { at, contentEnd, uuid, time });
  }

  #assistantBlock(
    line: Line,
    found: { at: number; contentEnd: number; uuid: number; time: number },
  ): boolean {
    const { text } = this.#chunk;
    const { start, end, scope } = line;
    shape.ASSISTANT.lastIndex = found.at;
    const match = shape.ASSISTANT.exec(text);
    if (match === null) return false;
    const [, model, kind] = match;
    const body = shape.ASSISTANT.lastIndex;
    let tool: string | null = null;
    let call: JsonObject | null = null;
    if (kind === "tool_use") {
      shape.TOOL_USE.lastIndex = body;
      tool = shape.TOOL_USE.exec(text)?.[1] ?? null;
      if (tool === null) return false;
      if (shape.TELLING_TOOLS.has(tool)) {
        call = this.#onlyBlock(body - '{"type":"tool_use",'.length, found.contentEnd);
        if (call === null) return false;
      }
    } else if (kind === "text" && !matches(shape.WORDS, text, body)) return false;
    if (call === null && !isWhole(text, body, found.contentEnd)) return false;
    const envelope = this.#admit(scope, found.uuid, found.time);
    if (typeof envelope === "string") return envelope === "known";
    scope.part.addModel(model);
    if (call !== null) readToolUse(this.#collector, envelope, call);
    else if (tool !== null) count(scope.part.facts.tools, tool);
    if (kind === "text" && scope.agent === null) {
      scope.part.lastWords = { offset: this.#chunk.base + start, length: end - start };
    }
    return true;
  }

  /** The block at `start`, parsed, if it is the only one of its message. */
  #onlyBlock(start: number, contentEnd: number): JsonObject | null {
    const from = Math.max(start, contentEnd - MAX_USAGE);
    const end = this.#chunk.text.slice(from, contentEnd).lastIndexOf(shape.CONTENT_END);
    if (end < 0 || !isWhole(this.#chunk.text, from + end, contentEnd)) return null;
    const block = this.#parse(start, from + end);
    return isObject(block) ? block : null;
  }

  /** A line with the result of one tool call. */
  #user(line: Line, at: number): boolean {
    const { text } = this.#chunk;
    const { tail, scope } = line;
    const messageEnd = text.indexOf(shape.MESSAGE_END_START, at);
    if (messageEnd < 0 || messageEnd >= tail) return false;
    if (!text.startsWith(shape.MESSAGE_END, messageEnd)) return false;
    const uuid = messageEnd + shape.MESSAGE_END.length;
    const time = uuid + UUID_LENGTH + TIMESTAMP.length;
    const next = time + TIME_LENGTH + 1;
    if (next !== tail) {
      if (!text.startsWith(',"toolUseResult":', next)) return false;
      if (!this.#endsAsItBegan(line) && !isWhole(text, next, tail)) return false;
    }
    if (text.startsWith('"messageUuid":"', tail - UUID_LENGTH - 17)) return false;
    const id = this.#resultId(at, messageEnd);
    if (id === null) return false;
    const call = this.#collector.pending.get(id);
    if (call === undefined) return this.#admit(scope, uuid, time) !== "odd";
    return this.#result(scope, call, { at, messageEnd, uuid, time, tail });
  }

  /** Whether a result's line names its parent at both ends, so that no other line was written into it. */
  #endsAsItBegan({ start, tail }: Line): boolean {
    const { text } = this.#chunk;
    const source = tail - 1 - UUID_LENGTH;
    if (!text.startsWith(shape.SOURCE, source - shape.SOURCE.length)) return false;
    const parent = start + shape.PARENT.length + 1;
    return text.slice(source, source + UUID_LENGTH) === text.slice(parent, parent + UUID_LENGTH);
  }

  /** A result that somebody waits for: most say no more than that it came. */
  #result(
    scope: Scope,
    call: PendingCall,
    found: { at: number; messageEnd: number; uuid: number; time: number; tail: number },
  ): boolean {
    const { text } = this.#chunk;
    const { at, messageEnd, uuid, time, tail } = found;
    if (text.slice(at, messageEnd).includes('"is_error":true')) return false;
    if (call.kind === "shell") {
      if (call.git || call.publishes) return false;
      const whole = text.slice(at, tail);
      if (whole.includes('"gitOperation":') || whole.includes('"interrupted":true')) return false;
      if (!call.told && whole.includes(" changed")) return false;
    }
    const patch = call.kind === "edit" ? this.#patch(messageEnd, tail) : null;
    if (patch === undefined) return false;
    const envelope = this.#admit(scope, uuid, time);
    if (typeof envelope === "string") return envelope === "known";
    this.#collector.pending.take(call.id);
    const lines = patchLines(patch);
    if (lines !== null) this.#collector.revise(call.id, lines);
    return true;
  }

  /**
   * The patch in an editing tool's result: the last key but a few of a long object, most of which is the old file.
   *
   * @returns Null where there is none, undefined where it cannot be told.
   */
  #patch(from: number, end: number): unknown {
    const { text } = this.#chunk;
    const key = text.slice(from, end).lastIndexOf(shape.PATCH);
    if (key < 0) return null;
    const start = from + key + shape.PATCH.length - 1;
    const rest = text.slice(start, end);
    const ends = shape.AFTER_PATCH.map((next) => rest.indexOf(next)).filter((place) => place >= 0);
    return ends.length === 0 ? undefined : this.#parse(start, start + Math.min(...ends) + 1);
  }

  /** A line in which a subagent's message stands whole, with one more envelope. */
  #agentProgress(line: Line, at: number): boolean {
    const { text } = this.#chunk;
    const end = this.#agentEnd(line, at);
    const scope = end === null ? null : this.#agentScope(line, end);
    if (end === null || scope === null) return false;
    const agentLine = { ...line, scope };
    if (text.startsWith(shape.AGENT_ASSISTANT, at)) {
      const time = at + shape.AGENT_ASSISTANT.length;
      const uuid = end - UUID_LENGTH;
      const message = time + TIME_LENGTH + 2;
      if (!text.startsWith('"uuid":"', uuid - 8)) return false;
      return this.#assistantBlock(agentLine, { at: message, contentEnd: uuid, uuid, time });
    }
    if (!text.startsWith(shape.AGENT_USER, at)) return false;
    const time = end - TIME_LENGTH;
    const uuid = time - TIMESTAMP.length - UUID_LENGTH;
    const messageEnd = uuid - shape.MESSAGE_END.length;
    if (!text.startsWith(shape.MESSAGE_END, messageEnd)) return false;
    const block = at + shape.AGENT_USER.length;
    const id = this.#resultId(block, messageEnd);
    if (id === null) return false;
    const call = this.#collector.pending.get(id);
    return call === undefined
      ? this.#admit(scope, uuid, time) !== "odd"
      : this.#result(scope, call, { at: block, messageEnd, uuid, time, tail: messageEnd });
  }

  /** Where a subagent's message ends: mostly as far from the line's end as in the line before, a prompt away. */
  #agentEnd({ end }: Line, at: number): number | null {
    const { text } = this.#chunk;
    const likely = end - this.#agentTail;
    if (likely > at && text.startsWith(shape.AGENT_END, likely)) return likely;
    const found = text.slice(at, end).indexOf(shape.AGENT_END);
    if (found < 0) return null;
    this.#agentTail = end - at - found;
    return at + found;
  }

  /** The scope of the subagent that a progress line names behind its prompt. */
  #agentScope({ end, scope }: Line, from: number): Scope | null {
    const start = Math.max(from, end - MAX_PROGRESS_TAIL);
    const agent = shape.AGENT_ID.exec(this.#chunk.text.slice(start, end))?.[1];
    if (agent === undefined) return null;
    if (this.#agent?.base !== scope || this.#agent.scope.agent !== agent) {
      this.#agent = { base: scope, scope: { ...scope, agent } };
    }
    return this.#agent.scope;
  }

  /** The tool call that the only block of a message answers; null where there may be more blocks. */
  #resultId(at: number, messageEnd: number): string | null {
    const { text } = this.#chunk;
    if (!isWhole(text, at, messageEnd)) return null;
    if (text.startsWith(shape.TOOL_USE_ID, at)) {
      const id = at + shape.TOOL_USE_ID.length;
      const idEnd = text.indexOf('"', id);
      return text.startsWith(`,${shape.RESULT}`, idEnd + 1) ? text.slice(id, idEnd) : null;
    }
    if (!text.startsWith(shape.RESULT, at)) return null;
    const last = text.slice(Math.max(at, messageEnd - 100), messageEnd);
    return /"tool_use_id":"([\w-]+)"\}$/.exec(last)?.[1] ?? null;
  }

  /** What stands at [start, end), parsed; undefined where it is no JSON. */
  #parse(start: number, end: number): unknown {
    try {
      return JSON.parse(decode(this.#chunk, start, end));
    } catch {
      return undefined;
    }
  }

  #admit(scope: Scope, uuid: number, time: number): Envelope | "known" | "odd" {
    const { text } = this.#chunk;
    if (text.charCodeAt(uuid + UUID_LENGTH) !== QUOTE) return "odd";
    if (text.charCodeAt(time + TIME_LENGTH) !== QUOTE) return "odd";
    if (!text.startsWith('"timestamp":"', time - 13)) return "odd";
    const at = timeAt(text, time);
    const hash = hashUuidAt(text, uuid);
    if (at === null || hash === 0) return "odd";
    return this.#collector.admit(scope, hash, at) ?? "known";
  }
}
