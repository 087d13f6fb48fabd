import * as fs from "node:fs";
import { allocate, type ByteBuffer, type Chunk } from "./chunk.ts";

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
  /** A line that stands at [start, end) of the chunk, its line break left out. */
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
      sink.line(line, at);
      lines++;
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
