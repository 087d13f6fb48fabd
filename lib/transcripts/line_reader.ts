import * as fs from "node:fs";
import { allocate, type Chunk } from "./chunk.ts";

/**
 * The size of the reused buffer and of the texts made of it, and of the longest line that is read whole. V8 keeps texts
 * of more than 128 KB apart, and those that outlive one collection of the young heap for long.
 */
const CHUNK = 120 << 10;
const MAX_LINE = 32 << 20;
const NEWLINE = 10;
/** The typed array's own: a node buffer's takes many times as long. */
const { lastIndexOf } = Uint8Array.prototype;

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

/** Reads files line by line through one buffer. */
export class LineReader {
  #buffer = allocate(0);

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
    let { from: offset } = range;
    let base = range.from;
    let lines = 0;
    let held = 0;
    let passing = false;
    this.#resize(CHUNK, 0);
    while (offset < range.until) {
      const room = Math.min(this.#buffer.length - held, CHUNK);
      const read = fs.readSync(fd, this.#buffer, held, room, base + held);
      if (read === 0) break;
      const end = held + read;
      const next = this.#lastNewline(held, end) + 1;
      if (next > 0) {
        const text = this.#show(sink, next, base);
        let line = 0;
        for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", line)) {
          if (passing) sink.tooLong();
          else sink.line(line, at);
          passing = false;
          lines++;
          line = at + 1;
        }
        offset = base + next;
      }
      held = passing ? 0 : end - next;
      if (held >= MAX_LINE) {
        passing = true;
        held = 0;
      }
      this.#buffer.copyWithin(0, end - held, end);
      base += end - held;
      if (held === this.#buffer.length) this.#resize(held * 2, held);
      else if (held < CHUNK) this.#resize(CHUNK, held);
    }
    if (held > 0 && offset < range.until && !passing) {
      this.#show(sink, held, base);
      if (sink.last(0, held)) {
        offset = base + held;
        lines++;
      }
    }
    return { offset, lines };
  }

  /** The bytes at [start, end) of an open file, fewer where it ends before. */
  bytes(fd: number, start: number, end: number): Uint8Array {
    const bytes = new Uint8Array(end - start);
    return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.length, start));
  }

  /** Turns the sink to the start of the buffer, and gives its text. */
  #show(sink: LineSink, end: number, base: number): string {
    const text = this.#buffer.latin1Slice(0, end);
    sink.turnTo({ text, bytes: this.#buffer, base });
    return text;
  }

  /** Where the last line break stands in a stretch of the buffer, or −1. */
  #lastNewline(from: number, end: number): number {
    const found = lastIndexOf.call(this.#buffer.subarray(from, end), NEWLINE);
    return found < 0 ? -1 : from + found;
  }

  #resize(size: number, held: number): void {
    const before = this.#buffer;
    if (before.length === size) return;
    this.#buffer = allocate(size);
    before.copy(this.#buffer, 0, 0, held);
    (before.buffer as ArrayBuffer).transfer(0);
  }
}
