import { isObject } from "../../../text/json.ts";
import { TIME_LENGTH } from "../../../time/iso_time.ts";
import { type Chunk, isOneRecord, NO_CHUNK, rawText } from "../../jsonl/line_reader.ts";
import { hashUuid, hashUuidAt, UUID_LENGTH } from "../../message_hash.ts";
import type { Collector, Scope } from "../collector.ts";
import { readSubagentMessage } from "../messages.ts";
import { HeaderCache } from "./header_cache.ts";
import { PlainMessages } from "./plain_messages.ts";
import * as shape from "./shapes.ts";

/*
 * Nine lines in ten say no more than that a message was sent: when, in which folder, with which model, by which tool.
 * They are recognised by how Claude Code spells them, without parsing. Two things make that sound. A quote inside a
 * JSON string is escaped, so `,"uuid":"` can only be a key. And whatever looks the least bit unusual is refused, to be
 * parsed in full: a refused line costs time, a misread one would cost truth.
 */

/** How far from a progress line's end the subagent is named. */
const MAX_PROGRESS_TAIL = 800;

const { matches } = shape;
const { TIMESTAMP } = shape;
const BRACE = 125;

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
  readonly #messages: PlainMessages;
  readonly #memo: HeaderCache;
  #chunk = NO_CHUNK;
  #agent: { base: Scope; scope: Scope } | null = null;
  #agentTail = 0;

  constructor(collector: Collector) {
    this.#collector = collector;
    this.#messages = new PlainMessages(collector);
    this.#memo = new HeaderCache(collector);
  }

  /** Turns to another chunk. */
  turnTo(chunk: Chunk): void {
    this.#chunk = chunk;
    this.#messages.turnTo(chunk);
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
      return matches(shape.SILENT_TYPE, text, start) && isOneRecord(text, start + 1, end);
    }
    const comma = shape.endOfParent(text, start + shape.PARENT.length);
    if (comma === null) return false;
    const head = this.#memo.head(this.#chunk, comma, end);
    if (head === null) return false;
    const at = comma + head.raw.length;
    const progress = text.startsWith(shape.PROGRESS, at);
    if (progress ? matches(shape.SILENT_PROGRESS, text, at) : this.#isSilent(at)) {
      return isOneRecord(text, at, end);
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
    return this.#messages.answer(line.scope, { line, at, contentEnd, uuid, time });
  }

  /** A line with the result of one tool call. */
  #user(line: Line, at: number): boolean {
    const { text } = this.#chunk;
    const { tail, scope } = line;
    const messageEnd = at + text.slice(at, tail).indexOf(shape.MESSAGE_END_START);
    if (messageEnd < at) return false;
    if (!text.startsWith(shape.MESSAGE_END, messageEnd)) return false;
    const uuid = messageEnd + shape.MESSAGE_END.length;
    const time = uuid + UUID_LENGTH + TIMESTAMP.length;
    const next = time + TIME_LENGTH + 1;
    if (next !== tail) {
      if (!text.startsWith(',"toolUseResult":', next)) return false;
      if (!this.#endsAsItBegan(line) && !isOneRecord(text, next, tail)) return false;
    }
    if (text.startsWith('"messageUuid":"', tail - UUID_LENGTH - 17)) return false;
    const id = this.#messages.resultId(at, messageEnd);
    if (id === null) return false;
    const call = this.#collector.pending.get(id);
    if (call === undefined) return this.#messages.admit(scope, uuid, time) !== "odd";
    return this.#messages.awaitedResult(scope, { call, at, messageEnd, uuid, time, tail });
  }

  /** Whether a result's line names its parent at both ends, so that no other line was written into it. */
  #endsAsItBegan({ start, tail }: Line): boolean {
    const { text } = this.#chunk;
    const source = tail - 1 - UUID_LENGTH;
    if (!text.startsWith(shape.SOURCE, source - shape.SOURCE.length)) return false;
    const parent = start + shape.PARENT.length + 1;
    return text.slice(source, source + UUID_LENGTH) === text.slice(parent, parent + UUID_LENGTH);
  }

  /** A line in which a subagent's message stands whole, with one more envelope. */
  #agentProgress(line: Line, at: number): boolean {
    const end = this.#agentEnd(line, at);
    const scope = end === null ? null : this.#agentScope(line, end);
    return end !== null && scope !== null && this.#agentMessage(scope, at, end) ||
      this.#agentParsed(line, at);
  }

  #agentMessage(scope: Scope, at: number, end: number): boolean {
    const { text } = this.#chunk;
    if (text.startsWith(shape.AGENT_ASSISTANT, at)) {
      const time = at + shape.AGENT_ASSISTANT.length;
      const uuid = end - UUID_LENGTH;
      const message = time + TIME_LENGTH + 2;
      const found = { line: null, at: message, contentEnd: uuid, uuid, time };
      return text.startsWith('"uuid":"', uuid - 8) && this.#messages.answer(scope, found);
    }
    if (!text.startsWith(shape.AGENT_USER, at)) return false;
    const time = end - TIME_LENGTH;
    const uuid = time - TIMESTAMP.length - UUID_LENGTH;
    const messageEnd = uuid - shape.MESSAGE_END.length;
    if (!text.startsWith(shape.MESSAGE_END, messageEnd)) return false;
    const block = at + shape.AGENT_USER.length;
    const id = this.#messages.resultId(block, messageEnd);
    if (id === null) return false;
    const call = this.#collector.pending.get(id);
    if (call === undefined) return this.#messages.admit(scope, uuid, time) !== "odd";
    const found = { call, at: block, messageEnd, uuid, time, tail: messageEnd };
    return this.#messages.awaitedResult(scope, found);
  }

  /** A line of which the message alone has to be parsed: what comes after it is known already. */
  #agentParsed(line: Line, at: number): boolean {
    const { text } = this.#chunk;
    const history = at + text.slice(at, line.end).indexOf(shape.HISTORY);
    if (history < at || !text.startsWith(shape.MESSAGE, at)) return false;
    if (!isOneRecord(text, history, line.end)) return false;
    const scope = this.#agentScope(line, history);
    const message = this.#messages.parse(at + shape.MESSAGE.length - 1, history);
    if (scope === null || !isObject(message) || typeof message.uuid !== "string") return false;
    if (!this.#isKnown(line, { history, own: hashUuid(message.uuid) })) return false;
    readSubagentMessage(this.#collector, message, scope);
    return true;
  }

  /** Where a subagent's message ends: mostly as far from the line's end as in the line before, a prompt away. */
  #agentEnd(line: Line, at: number): number | null {
    const { text } = this.#chunk;
    const { end } = line;
    const likely = end - this.#agentTail;
    if (likely > at && text.startsWith(shape.AGENT_END, likely)) return likely;
    const found = text.slice(at, end).indexOf(shape.AGENT_END);
    if (found < 0 || !isOneRecord(text, at + found, end)) return null;
    this.#agentTail = end - at - found;
    return at + found;
  }

  /** Whether the messages told once more behind a message are that message and such as are known. */
  #isKnown({ end, scope }: Line, { history, own }: { history: number; own: number }): boolean {
    const { text } = this.#chunk;
    const last = text.slice(history, end).lastIndexOf(shape.HISTORY_END);
    if (last < 0) return false;
    const told = text.slice(history, history + last);
    for (let at = told.indexOf('"uuid":"'); at >= 0; at = told.indexOf('"uuid":"', at + 8)) {
      if (told.startsWith(shape.ATTACHMENT, at - shape.ATTACHMENT.length)) continue;
      const hash = hashUuidAt(told, at + 8);
      if (hash === 0 || (hash !== own && !scope.part.has(hash))) return false;
    }
    return true;
  }

  /** The scope of the subagent that a progress line names behind its prompt. */
  #agentScope({ end, scope }: Line, from: number): Scope | null {
    const start = Math.max(from, end - MAX_PROGRESS_TAIL);
    const found = shape.AGENT_ID.exec(this.#chunk.text.slice(start, end));
    if (found === null) return null;
    if (this.#agent?.base !== scope || this.#agent.scope.subagent !== found[1]) {
      const at = start + found.index + shape.BEFORE_AGENT_ID.length;
      const subagent = rawText(this.#chunk, at, at + found[1].length);
      this.#agent = { base: scope, scope: { ...scope, subagent } };
    }
    return this.#agent.scope;
  }
}
