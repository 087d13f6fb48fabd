import { Buffer } from "node:buffer";
import * as fs from "node:fs";
import { zstdDecompressSync } from "node:zlib";
import { type ByteBuffer, LineReader, type LineSink } from "./line_reader.ts";
import { zstdFrames } from "./zstd_frames.ts";

/** The most bytes that a compressed log may unfold to. */
const MAX_UNFOLDED = 256 << 20;
/** How much of an unfolded log is handed over at once. */
const SLICE = 120 << 10;
const NEWLINE = 10;

/** An open log, read by lines. Places are offsets in its text, whether it is compressed or not. */
export interface LogBytes extends Disposable {
  readonly size: number;
  /**
   * Hands every complete line to the sink.
   *
   * @param range.until Reading stops soon after it, at the end of a line.
   * @returns The place after the last line that was handed over, and how many lines were.
   */
  read(sink: LineSink, range: { from: number; until: number }): { offset: number; lines: number };
  /** The bytes at [start, end), fewer where the log ends before. */
  bytes(start: number, end: number): Uint8Array;
}

const reader = new LineReader();

/**
 * Opens a log without ever waiting for a pipe; one named `.zst` is unfolded in memory.
 *
 * @returns The log, or null if it is compressed and cannot be unfolded.
 * @throws {Error} If it is no file, or cannot be opened.
 */
export function openLog(path: string): LogBytes | null {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  let log: LogBytes | null = null;
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new Error("it is not a file");
    if (path.endsWith(".zst")) return stat.size > MAX_UNFOLDED ? null : unfold(fd);
    return log = new LogFile(fd, stat.size);
  } finally {
    if (log === null) fs.closeSync(fd);
  }
}

class LogFile implements LogBytes {
  readonly #fd: number;
  readonly size: number;

  constructor(fd: number, size: number) {
    this.#fd = fd;
    this.size = size;
  }

  read(sink: LineSink, range: { from: number; until: number }): { offset: number; lines: number } {
    return reader.read(this.#fd, sink, range);
  }

  bytes(start: number, end: number): Uint8Array {
    return reader.bytes(this.#fd, start, end);
  }

  [Symbol.dispose](): void {
    fs.closeSync(this.#fd);
  }
}

function unfold(fd: number): LogBytes | null {
  const frames = zstdFrames(fs.readFileSync(fd));
  let left = MAX_UNFOLDED;
  try {
    const parts = frames.map((frame) => {
      const part = zstdDecompressSync(frame, { maxOutputLength: left });
      left -= part.length;
      return part;
    });
    const whole = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    return whole.length === 0 ? null : new UnfoldedLog(whole as ByteBuffer);
  } catch {
    return null;
  }
}

/** A log whose text is in memory. */
class UnfoldedLog implements LogBytes {
  #bytes: ByteBuffer | null;
  readonly size: number;

  constructor(bytes: ByteBuffer) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  read(sink: LineSink, range: { from: number; until: number }): { offset: number; lines: number } {
    let { from: offset } = range;
    let lines = 0;
    while (offset < range.until && offset < this.size) {
      const end = this.#sliceEnd(offset);
      const bytes = this.#all().subarray(offset, end) as ByteBuffer;
      const text = bytes.latin1Slice(0, bytes.length);
      sink.turnTo({ text, bytes, base: offset });
      let start = 0;
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", start)) {
        if (at > start) {
          sink.line(start, at);
          lines++;
        }
        start = at + 1;
      }
      if (start < text.length) {
        if (!sink.last(start, text.length)) return { offset: offset + start, lines };
        lines++;
      }
      offset = end;
    }
    return { offset, lines };
  }

  bytes(start: number, end: number): Uint8Array {
    return this.#all().subarray(start, end);
  }

  [Symbol.dispose](): void {
    this.#bytes = null;
  }

  #all(): ByteBuffer {
    if (this.#bytes === null) throw new Error("The log is closed");
    return this.#bytes;
  }

  /** Where a slice of whole lines ends that begins at `start`. */
  #sliceEnd(start: number): number {
    const bytes = this.#all();
    const last = bytes.lastIndexOf(NEWLINE, start + SLICE);
    if (last >= start) return last + 1;
    const next = bytes.indexOf(NEWLINE, start);
    return next < 0 ? bytes.length : next + 1;
  }
}
