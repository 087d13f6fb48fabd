import { sessionIdOf } from "../../message_hash.ts";

import { isObject, type JsonObject } from "../../../text/json.ts";
import { type Chunk, decode, rawText } from "../../jsonl/line_reader.ts";
import type { Collector, Scope } from "../collector.ts";

/** Keys at the start of a line that repeat from line to line, as they are spelled and as they read. */
interface Head {
  /** From the comma before the first of them to the one after the last. */
  raw: string;
  fields: JsonObject;
  /** What they say of the line's surroundings; null where the line's end says it. */
  scope: Scope | null;
}

/** Keys at the end of a line that repeat from line to line. */
interface Tail {
  /** From the comma before the first of them to the line's last brace. */
  raw: string;
  fields: JsonObject;
  head: Head;
  scope: Scope | null;
}

const MAX_HEADS = 4;
const MAX_TAIL = 4_096;
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
/** The keys that say where a line belongs. Where one is missing, the line is parsed. */
const ENVELOPE = ["isSidechain", "cwd", "sessionId", "version", "gitBranch"];
const TAIL_START = ',"userType":"';

/** What repeats from one line of a file to the next, and is read once. */
export class HeaderCache {
  readonly #collector: Collector;
  #heads: Head[] = [];
  #tail: Tail | null = null;

  constructor(collector: Collector) {
    this.#collector = collector;
  }

  /**
   * Recognises the keys that follow a line's first one.
   *
   * @param at Where the comma after the first value stands.
   * @returns Null where they are not plain ones that end at a `type`, or at a value that is no scalar.
   */
  head(chunk: Chunk, at: number, end: number): Head | null {
    for (let i = 0; i < this.#heads.length; i++) {
      const head = this.#heads[i];
      if (!stands(chunk.text, head.raw, at)) continue;
      const stop = at + head.raw.length;
      if (endOfScalars(chunk.text, stop - 1, end) !== stop) continue;
      if (i > 0) this.#heads.unshift(...this.#heads.splice(i, 1));
      return head;
    }
    const stop = endOfScalars(chunk.text, at, end);
    if (stop === null) return null;
    const fields = parseFields(chunk, at, stop - 1);
    if (fields === null) return null;
    const head: Head = { raw: rawText(chunk, at, stop), fields, scope: this.#scope(fields) };
    this.#heads = [head, ...this.#heads.slice(0, MAX_HEADS - 1)];
    return head;
  }

  /**
   * Recognises the keys at a line's end, for a head that does not name the session.
   *
   * @returns Where they begin, and what both ends say together; nothing is said where they are unusual.
   */
  tail(chunk: Chunk, head: Head, end: number): { at: number; scope: Scope | null } {
    const known = this.#tail;
    if (known !== null && stands(chunk.text, known.raw, end - 1 - known.raw.length)) {
      if (known.head !== head) {
        known.head = head;
        known.scope = this.#scope({ ...head.fields, ...known.fields });
      }
      return { at: end - 1 - known.raw.length, scope: known.scope };
    }
    const from = Math.max(0, end - MAX_TAIL);
    const at = from + chunk.text.slice(from, end).lastIndexOf(TAIL_START);
    const fields = at < from ? null : parseFields(chunk, at, end - 1);
    if (fields === null) return { at, scope: null };
    const scope = this.#scope({ ...head.fields, ...fields });
    this.#tail = { raw: rawText(chunk, at, end - 1), fields, head, scope };
    return { at, scope };
  }

  /** What a line's ends say, if they say all there is: a key that is missing may stand where nobody looks. */
  #scope(fields: JsonObject): Scope | null {
    return ENVELOPE.every((key) => Object.hasOwn(fields, key)) &&
        sessionIdOf(fields.sessionId) !== null
      ? this.#collector.scope(fields)
      : null;
  }
}

/** `text.startsWith(part, at)`, which takes four times as long for parts of this length. */
function stands(text: string, part: string, at: number): boolean {
  return text.slice(at, at + part.length) === part;
}

/** The keys between two commas, if their values are all scalars. */
function parseFields(chunk: Chunk, comma: number, end: number): JsonObject | null {
  let fields: unknown;
  try {
    fields = JSON.parse(`{${decode(chunk, comma + 1, end)}}`);
  } catch {
    return null;
  }
  if (!isObject(fields)) return null;
  return Object.values(fields).some((value) => typeof value === "object" && value !== null)
    ? null
    : fields;
}

/** Where the first key stands whose value is no scalar, or that is `type`; null where the line is of no such shape. */
function endOfScalars(text: string, comma: number, end: number): number | null {
  let at = comma;
  while (at < end) {
    if (text.charCodeAt(at) !== COMMA || text.charCodeAt(at + 1) !== QUOTE) return null;
    const key = at + 1;
    const keyEnd = text.indexOf('":', key + 1);
    if (keyEnd < 0 || keyEnd > key + 64) return null;
    const value = keyEnd + 2;
    if (text.startsWith('"type":', key)) return key;
    const first = text.charCodeAt(value);
    if (first === 123 || first === 91) return key;
    at = first === QUOTE ? endOfString(text, value, end) : text.indexOf(",", value);
    if (at < 0) return null;
  }
  return null;
}

/** The place after the string that begins at `at`, or −1. */
function endOfString(text: string, at: number, end: number): number {
  let quote = at;
  do {
    quote = text.indexOf('"', quote + 1);
    if (quote < 0 || quote >= end) return -1;
  } while (isEscaped(text, quote));
  return quote + 1;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}
