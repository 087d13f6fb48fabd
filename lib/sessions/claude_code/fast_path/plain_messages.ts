import { onlyReads } from "../../../shell/effects.ts";
import { mayShowCommit, PUBLISHED_SIGNS } from "../../../shell/git_output.ts";
import { isObject, object } from "../../../text/json.ts";
import { TIME_LENGTH, TimeReader } from "../../../time/iso_time.ts";
import { NO_LINES } from "../../../domain/session_events.ts";
import { inputLines, patchLines } from "../../edit_lines.ts";
import {
  type Chunk,
  copyBytes,
  isOneBlock,
  isOneRecord,
  NO_CHUNK,
  rawText,
} from "../../jsonl/line_reader.ts";
import { hashUuidAt } from "../../message_hash.ts";
import { count } from "../../session_builder.ts";
import { type Collector, type Envelope, type PendingCall, type Scope } from "../collector.ts";
import { readToolUse, tellEdit } from "../messages.ts";
import * as shape from "./shapes.ts";

/** How far from a message's end its content may end: token counts stand between. */
const MAX_USAGE = 2_000;
const QUOTE = 34;

/** Where an assistant's message stands. */
export interface PlainAnswer {
  /** Where its line begins and ends, if its words may be the session's last. */
  line: { start: number; end: number } | null;
  /** Where the message's key stands. */
  at: number;
  /** Where the message has surely ended. */
  contentEnd: number;
  uuid: number;
  time: number;
}

/** Where a tool's result stands. */
export interface PlainResult {
  call: PendingCall;
  at: number;
  messageEnd: number;
  uuid: number;
  time: number;
  /** Where the last key of the result's line ends. */
  tail: number;
}

/**
 * Takes up messages that stand in a chunk, by their places. Every method tells whether it did: otherwise nothing
 * happened, and the message's line is to be parsed.
 */
export class PlainMessages {
  readonly #collector: Collector;
  readonly #time = new TimeReader();
  #chunk = NO_CHUNK;

  constructor(collector: Collector) {
    this.#collector = collector;
  }

  /** Turns to another chunk. */
  turnTo(chunk: Chunk): void {
    this.#chunk = chunk;
  }

  /** An assistant's message with one block. */
  answer(scope: Scope, found: PlainAnswer): boolean {
    const { text } = this.#chunk;
    const { line } = found;
    shape.ASSISTANT.lastIndex = found.at;
    const match = shape.ASSISTANT.exec(text);
    if (match === null) return false;
    const [, model, kind] = match;
    const body = shape.ASSISTANT.lastIndex;
    if (kind === "tool_use") return this.#call(scope, { ...found, model, body });
    if (kind === "text" && !shape.matches(shape.WORDS, text, body)) return false;
    if (!isOneBlock(text, body, found.contentEnd)) return false;
    const envelope = this.admit(scope, found.uuid, found.time);
    if (typeof envelope === "string") return envelope === "known";
    scope.part.addModel(model);
    if (kind === "text" && line !== null && scope.subagent === null) {
      const { start, end } = line;
      scope.part.lastAssistantText = { offset: this.#chunk.base + start, length: end - start };
    }
    return true;
  }

  /** A message that calls one tool. */
  #call(
    scope: Scope,
    found: { model: string; body: number; contentEnd: number; uuid: number; time: number },
  ): boolean {
    const { text } = this.#chunk;
    const { model, body, contentEnd } = found;
    shape.TOOL_USE.lastIndex = body;
    const tool = shape.TOOL_USE.exec(text)?.[1];
    if (tool === undefined) return false;
    const telling = shape.TELLING_TOOLS.has(tool);
    const tell = telling ? this.#edit(body, contentEnd) ?? this.#block(body, contentEnd) : null;
    if (telling ? tell === null : !isOneBlock(text, body, contentEnd)) return false;
    const envelope = this.admit(scope, found.uuid, found.time);
    if (typeof envelope === "string") return envelope === "known";
    scope.part.addModel(model);
    if (tell === null) count(scope.part.facts.tools, tool);
    else tell(envelope);
    return true;
  }

  /** Tells what a call says that is the only block of its message. */
  #block(body: number, contentEnd: number): ((envelope: Envelope) => void) | null {
    const end = this.#contentEnd(body, contentEnd);
    const block = end === null ? null : this.parse(body - shape.TOOL_USE_START.length, end);
    return isObject(block) ? (envelope) => readToolUse(this.#collector, envelope, block) : null;
  }

  /** Tells of an edit without reading what it wrote, which its result says better. */
  #edit(body: number, contentEnd: number): ((envelope: Envelope) => void) | null {
    const { text } = this.#chunk;
    shape.EDIT.lastIndex = body;
    const match = shape.EDIT.exec(text);
    if (match === null || !isOneBlock(text, body, contentEnd)) return null;
    const after = shape.EDIT.lastIndex;
    const end = this.#contentEnd(after, contentEnd);
    if (end === null || !text.slice(after, end).includes(shape.NEW_STRING)) return null;
    const id = rawText(this.#chunk, body + 6, body + 6 + match[1].length);
    const pathEnd = after - shape.AFTER_PATH.length;
    const path = rawText(this.#chunk, pathEnd - match[2].length, pathEnd);
    const bytes = copyBytes(this.#chunk, body - shape.TOOL_USE_START.length, end);
    const lines = () => inputLines("Edit", object(object(parseBytes(bytes)).input))?.() ?? NO_LINES;
    return (envelope) => {
      count(envelope.part.facts.tools, "Edit");
      tellEdit(this.#collector, envelope, { tool: "Edit", id, path, lines });
    };
  }

  /** Where the blocks of a message end that is followed by no more than token counts. */
  #contentEnd(from: number, to: number): number | null {
    const { text } = this.#chunk;
    const start = Math.max(from, to - MAX_USAGE);
    const end = text.slice(start, to).lastIndexOf(shape.CONTENT_END);
    return end >= 0 && isOneRecord(text, start + end, to) ? start + end : null;
  }

  /** A result that somebody waits for: most say no more than that it came. */
  awaitedResult(scope: Scope, found: PlainResult): boolean {
    const { text } = this.#chunk;
    const { call, at, messageEnd, uuid, time, tail } = found;
    if (call.told && text.slice(at, messageEnd).includes('"is_error":true')) return false;
    if (call.kind === "shell" && mayTell(call, text.slice(at, tail))) return false;
    const patch = call.kind === "edit" ? this.#patch(messageEnd, tail) : null;
    if (patch === undefined) return false;
    const envelope = this.admit(scope, uuid, time);
    if (typeof envelope === "string") return envelope === "known";
    this.#collector.pending.take(call.id);
    const lines = patchLines(patch);
    if (lines !== null) this.#collector.revise(envelope, call.id, lines);
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
    return ends.length === 0 ? undefined : this.parse(start, start + Math.min(...ends) + 1);
  }

  /** The tool call that the only block of a message answers; null where there may be more blocks. */
  resultId(at: number, messageEnd: number): string | null {
    const { text } = this.#chunk;
    if (!isOneBlock(text, at, messageEnd)) return null;
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
  parse(start: number, end: number): unknown {
    return parseBytes(this.#chunk.bytes.subarray(start, end));
  }

  /** Counts a message, unless it is known or its uuid or time is spelled otherwise. */
  admit(scope: Scope, uuid: number, time: number): Envelope | "known" | "odd" {
    const { text } = this.#chunk;
    if (text.charCodeAt(time + TIME_LENGTH) !== QUOTE) return "odd";
    if (!text.startsWith('"timestamp":"', time - 13)) return "odd";
    const at = this.#time.at(text, time);
    const hash = hashUuidAt(text, uuid);
    if (at === null || hash === 0) return "odd";
    return this.#collector.admit(scope, hash, at) ?? "known";
  }
}

/** Whether a shell command's result may show a commit, something published, or a failure. */
function mayTell(call: PendingCall, result: string): boolean {
  if (result.includes('"gitOperation":')) return true;
  if (call.told && result.includes('"interrupted":true')) return true;
  if (call.publishes && PUBLISHED_SIGNS.some((sign) => result.includes(sign))) return true;
  if (!(call.told ? call.git : result.includes(" changed"))) return false;
  return mayShowCommit(result, { command: call.command }) && !onlyReads(call.command);
}

const decoder = new TextDecoder();

function parseBytes(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}
