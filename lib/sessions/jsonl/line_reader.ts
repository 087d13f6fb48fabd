import { Buffer } from "node:buffer";
import * as fs from "node:fs";

/** A buffer of node's, with the one of its methods that its published type leaves out. */
export type ByteBuffer = Buffer & { latin1Slice(start: number, end: number): string };

/** A buffer of its own memory, which holds whatever it holds. */
function allocate(size: number): ByteBuffer {
  return Buffer.allocUnsafeSlow(size) as ByteBuffer;
}

/** A chunk before the first one. */
export const NO_CHUNK: Chunk = { text: "", bytes: allocate(0), base: 0 };

/**
 * A stretch of a file in memory. `text` is its bytes as Latin-1, so that a string's index is the byte's offset; what is
 * kept is decoded from `bytes`, since a slice of `text` would hold the whole of it in memory.
 */
export interface Chunk {
  text: string;
  bytes: ByteBuffer;
  /** Where in the file the chunk begins. */
  base: number;
}

const decoder = new TextDecoder();

/** The characters that stand at [start, end) in a chunk. */
export function decode(chunk: Chunk, start: number, end: number): string {
  return decoder.decode(chunk.bytes.subarray(start, end));
}

/** The bytes at [start, end) of a chunk as a string that does not hold the whole of it in memory. */
export function rawText(chunk: Chunk, start: number, end: number): string {
  return chunk.bytes.latin1Slice(start, end);
}

/** The bytes at [start, end) of a chunk, copied: the chunk's own are overwritten by the next. */
export function copyBytes(chunk: Chunk, start: number, end: number): Uint8Array {
  return new Uint8Array(chunk.bytes.subarray(start, end));
}

const COMMA = 44;
const COLON = 58;
const BRACKET = 91;
const BRACKET_END = 93;
const BRACE_END = 125;
const P = 112;

/**
 * Whether a stretch of a line belongs to one record. Objects begin where JSON lets them: anything else is a record that
 * was written into the middle of another.
 */
export function isOneRecord(text: string, start: number, end: number): boolean {
  for (let at = text.indexOf('{"', start); at >= 0 && at < end; at = text.indexOf('{"', at + 2)) {
    if (beginsRecord(text, at)) return false;
  }
  return true;
}

/** Whether a stretch of a message's content belongs to one record, and to one block of it. */
export function isOneBlock(text: string, start: number, end: number): boolean {
  for (let at = text.indexOf('{"', start); at >= 0 && at < end; at = text.indexOf('{"', at + 2)) {
    if (beginsRecord(text, at)) return false;
    if (text.charCodeAt(at - 1) !== COMMA) continue;
    if (text.startsWith('"type":"', at + 1) || text.startsWith('"tool_use_id":', at + 1)) {
      return false;
    }
  }
  return true;
}

function beginsRecord(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at + 2);
  if (after === P && text.startsWith('parentUuid":', at + 2)) return true;
  return before !== COLON && before !== BRACKET && before !== COMMA && !endsString(after);
}

/** Whether a quote before the character ends a string, rather than begins a key. */
function endsString(next: number): boolean {
  return next === COMMA || next === BRACKET_END || next === BRACE_END || next === COLON;
}

/**
 * The size of the reused buffer and of the texts made of it. V8 keeps texts of more than 128 KB apart, and those that
 * outlive one collection of the young heap for long.
 */
const CHUNK = 120 << 10;
/** The longest line that is read. */
const MAX_LINE = 32 << 20;
const NEWLINE = 10;
/** The typed array's own: a node buffer's take many times as long. */
const { indexOf, lastIndexOf } = Uint8Array.prototype;

/** Who takes up the lines of a file. */
export interface LineSink {
  /** Lines of another chunk follow. */
  turnTo(chunk: Chunk): void;
  /** A line that stands at [start, end) of the chunk, its line break left out. Empty lines are none. */
  line(start: number, end: number): void;
  /** A line too long to be held in memory was passed over. */
  tooLong(): void;
  /**
   * A last line that no line break ends.
   *
   * @returns Whether it was taken up; otherwise it may still be written, and is read next time.
   */
  last(start: number, end: number): boolean;
}

/** Reads files line by line through one buffer; a line that does not fit gets one of just its size. */
export class LineReader {
  readonly #buffer = allocate(CHUNK);

  /**
   * Hands every complete line of an open file to the sink.
   *
   * @param range.until Reading stops soon after it, at the end of a line.
   * @returns The place after the last line that was handed over, and how many lines were.
   */
  read(
    fd: number,
    sink: LineSink,
    range: { from: number; until: number },
  ): { offset: number; lines: number } {
    const buffer = this.#buffer;
    let { from: offset } = range;
    let lines = 0;
    let held = 0;
    while (offset < range.until) {
      const read = fs.readSync(fd, buffer, held, CHUNK - held, offset + held);
      if (read === 0) {
        if (held > 0 && this.#last(sink, buffer.subarray(0, held) as ByteBuffer, offset)) {
          offset += held;
          lines++;
        }
        break;
      }
      const end = held + read;
      const next = lastIndexOf.call(buffer.subarray(held, end), NEWLINE) + held + 1;
      if (next > held) {
        lines += this.#lines(sink, next, offset);
        buffer.copyWithin(0, next, end);
        offset += next;
        held = end - next;
      } else if (end < CHUNK) {
        held = end;
      } else {
        const after = this.#longLine(fd, sink, offset);
        if (after === offset) break;
        offset = after;
        lines++;
        held = 0;
      }
    }
    return { offset, lines };
  }

  /** The bytes at [start, end) of an open file, fewer where it ends before. */
  bytes(fd: number, start: number, end: number): ByteBuffer {
    const bytes = allocate(end - start);
    return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.length, start)) as ByteBuffer;
  }

  /** Hands over the lines at the start of the buffer, and says how many there are. */
  #lines(sink: LineSink, end: number, base: number): number {
    const text = show(sink, { bytes: this.#buffer, end, base });
    let lines = 0;
    let line = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", line)) {
      if (at > line) {
        sink.line(line, at);
        lines++;
      }
      line = at + 1;
    }
    return lines;
  }

  /**
   * Hands over the line that begins at `start` and is longer than the buffer, whose content is lost.
   *
   * @returns The place after the line, or `start` where it may still be written.
   */
  #longLine(fd: number, sink: LineSink, start: number): number {
    const { end, ended } = this.#endOfLine(fd, start);
    if (end - start > MAX_LINE) {
      if (ended) sink.tooLong();
      return ended ? end + 1 : start;
    }
    const bytes = this.bytes(fd, start, end);
    if (bytes.length < end - start) return start;
    let taken = true;
    if (ended) {
      show(sink, { bytes, end: bytes.length, base: start });
      sink.line(0, bytes.length);
    } else {
      taken = this.#last(sink, bytes, start);
    }
    // They need not wait for the next collection of garbage.
    (bytes.buffer as ArrayBuffer).transfer(0);
    if (!taken) return start;
    return ended ? end + 1 : end;
  }

  /** Where the line that begins at `start` is ended by a line break, or else by the file. */
  #endOfLine(fd: number, start: number): { end: number; ended: boolean } {
    for (let at = start;;) {
      const read = fs.readSync(fd, this.#buffer, 0, CHUNK, at);
      const found = indexOf.call(this.#buffer.subarray(0, read), NEWLINE);
      if (found >= 0) return { end: at + found, ended: true };
      if (read === 0) return { end: at, ended: false };
      at += read;
    }
  }

  /** Hands over a last line that no line break ends, and says whether it was taken up. */
  #last(sink: LineSink, bytes: ByteBuffer, base: number): boolean {
    show(sink, { bytes, end: bytes.length, base });
    return sink.last(0, bytes.length);
  }
}

/** Turns the sink to bytes, and gives their text. */
function show(
  sink: LineSink,
  { bytes, end, base }: { bytes: ByteBuffer; end: number; base: number },
): string {
  const text = bytes.latin1Slice(0, end);
  sink.turnTo({ text, bytes, base });
  return text;
}

/** How many bytes before the offset the tail hash covers, at most. */
export const TAIL_BYTES = 1024;

const BYTE_ORDER_MARK = 0xfeff;

/** The line without spaces and NULs around it, and without a byte order mark. */
export function trimLine(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && isPadding(line.charCodeAt(start))) start++;
  while (end > start && isPadding(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

/** Whether a character may stand around a line without being part of it. */
export function isPadding(code: number): boolean {
  return code <= 32 || code === BYTE_ORDER_MARK;
}

/** A line as JSON; undefined if it is none. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
