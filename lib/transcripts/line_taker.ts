import { type Chunk, decode, NO_CHUNK } from "./chunk.ts";
import type { Collector } from "./collector.ts";
import { FastLines } from "./fast_lines.ts";
import { isObject } from "./json.ts";
import { readLine } from "./line.ts";
import type { LineSink } from "./line_reader.ts";

const BRACE = 125;
const BYTE_ORDER_MARK = 0xfeff;
/** Where a record begins that was written into the middle of a line. */
const RECORD = /\{"(?:parentUuid|type)":/g;

/** Takes up the lines of one file: the plain ones as they stand, the others parsed. */
export class LineTaker implements LineSink {
  readonly #collector: Collector;
  readonly #fast: FastLines | null;
  #chunk = NO_CHUNK;

  /** @param options.parseAll Parse every line. @default {false} */
  constructor(collector: Collector, options: { parseAll?: boolean } = {}) {
    this.#collector = collector;
    this.#fast = options.parseAll ? null : new FastLines(collector);
  }

  turnTo(chunk: Chunk): void {
    this.#chunk = chunk;
    this.#fast?.turnTo(chunk);
  }

  line(start: number, end: number): void {
    if (start === end || this.#fast?.take(start, end)) return;
    const line = decode(this.#chunk, start, end);
    const value = parse(line);
    if (value !== undefined) readLine(this.#collector, value);
    else this.#broken(line);
  }

  tooLong(): void {
    this.#collector.skip("tooLong");
  }

  last(start: number, end: number): boolean {
    const value = parse(decode(this.#chunk, start, end));
    if (!isObject(value)) return false;
    readLine(this.#collector, value);
    return true;
  }

  /** A line that is no JSON may hold records that are: joined, or with runs of NUL around them. */
  #broken(line: string): void {
    const padded = trimmed(line);
    if (padded === "") {
      if (line.includes("\0")) this.#collector.skip("notJson");
      return;
    }
    const starts = [...padded.matchAll(RECORD)].map(({ index }) => index)
      .filter((index) => beginsRecord(padded, index));
    if (starts[0] !== 0) starts.unshift(0);
    starts.forEach((start, i) => {
      const value = parse(trimmed(padded.slice(start, starts[i + 1])));
      if (value === undefined) this.#collector.skip("notJson");
      else readLine(this.#collector, value);
    });
  }
}

/** Whether a brace begins a line's record, rather than an object within one. */
function beginsRecord(line: string, at: number): boolean {
  if (line.startsWith('{"parentUuid":', at)) return true;
  let before = at - 1;
  while (isPadding(line.charCodeAt(before))) before--;
  return before < 0 || line.charCodeAt(before) === BRACE;
}

/** The line without spaces and NULs around it, and without a byte order mark. */
function trimmed(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && isPadding(line.charCodeAt(start))) start++;
  while (end > start && isPadding(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

function isPadding(code: number): boolean {
  return code <= 32 || code === BYTE_ORDER_MARK;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
