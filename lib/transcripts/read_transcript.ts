import { Buffer } from "node:buffer";
import * as fs from "node:fs";
import { type Carry, type CollectedEvent, Collector, type EditRevision } from "./collector.ts";
import { hashTail, PARSER_VERSION, TAIL_BYTES, type TranscriptCursor } from "./cursor.ts";
import type { SessionPart, SkipReason } from "./facts.ts";
import { identifyFile } from "./file_identity.ts";
import { isObject } from "./json.ts";
import { readLine } from "./line.ts";

/** What was known of a file before it is read on. */
export interface KnownFile {
  cursor: TranscriptCursor;
  carry: Carry;
  parts: SessionPart[];
}

/** What reading a file, or going on reading it, came to. */
export type TranscriptReading =
  | {
    kind: "read";
    /** `anew`: what was known before is replaced. `appended`: it goes on from the cursor. */
    mode: "anew" | "appended";
    cursor: TranscriptCursor;
    carry: Carry;
    /** Every part of the file that was touched, whole. */
    parts: SessionPart[];
    /** The events of the lines that were read now. */
    events: CollectedEvent[];
    revisions: EditRevision[];
    lines: number;
    skipped: Partial<Record<SkipReason, number>>;
    bytes: number;
    /** More of the file is left to read. */
    more: boolean;
  }
  | { kind: "failed"; message: string };

/** The size of the reused buffer, and of the longest line that is read whole. */
const CHUNK = 1 << 20;
const MAX_LINE = 32 << 20;
const NEWLINE = 10;

/** Reads transcripts one after the other through one buffer. */
export class TranscriptReader {
  #buffer = Buffer.allocUnsafeSlow(CHUNK);

  /**
   * Reads a file from where it was left, or anew where it is not the one that was known.
   *
   * @param options.maxBytes Where to stop at the next line's end, so that a huge file is stored in slices.
   */
  read(
    path: string,
    known: KnownFile | null,
    options: { maxBytes?: number } = {},
  ): TranscriptReading {
    let fd: number;
    try {
      fd = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
    } catch (error) {
      return { kind: "failed", message: failure(path, error) };
    }
    try {
      const stat = fs.fstatSync(fd);
      if (!stat.isFile()) {
        return { kind: "failed", message: `Cannot read ${path}: it is not a file` };
      }
      const stamp = { inode: stat.ino ?? 0, size: stat.size, mtimeMs: Math.floor(stat.mtimeMs) };
      const goesOn = known !== null && this.#goesOn(fd, known.cursor, stamp);
      const from = goesOn ? known.cursor.offset : 0;
      const collector = new Collector(identifyFile(path), {
        parts: goesOn ? known.parts : [],
        carry: goesOn ? known.carry : { pending: [], parts: [], summaries: [] },
      });
      const { offset, lines } = this.#lines(fd, collector, {
        from,
        until: from + (options.maxBytes ?? Infinity),
      });
      const carry = collector.finish();
      return {
        kind: "read",
        mode: goesOn ? "appended" : "anew",
        cursor: {
          ...stamp,
          offset,
          tailHash: this.#tail(fd, offset),
          parserVersion: PARSER_VERSION,
        },
        carry,
        parts: [...collector.parts.values()].filter((part) => part.size > 0)
          .map((part) => part.build()),
        events: collector.events,
        revisions: collector.revisions,
        lines,
        skipped: collector.skipped,
        bytes: offset - from,
        more: offset - from >= (options.maxBytes ?? Infinity) && offset < stat.size,
      };
    } catch (error) {
      return { kind: "failed", message: failure(path, error) };
    } finally {
      fs.closeSync(fd);
    }
  }

  #goesOn(
    fd: number,
    cursor: TranscriptCursor,
    stamp: { inode: number; size: number },
  ): boolean {
    return cursor.parserVersion === PARSER_VERSION && cursor.inode === stamp.inode &&
      stamp.size >= cursor.offset && this.#tail(fd, cursor.offset) === cursor.tailHash;
  }

  #tail(fd: number, offset: number): number {
    const start = Math.max(0, offset - TAIL_BYTES);
    const read = fs.readSync(fd, this.#buffer, 0, offset - start, start);
    return hashTail(this.#buffer.subarray(0, read));
  }

  /** Hands every complete line to the collector. */
  #lines(
    fd: number,
    collector: Collector,
    range: { from: number; until: number },
  ): { offset: number; lines: number } {
    let offset = range.from;
    let lines = 0;
    let held = 0;
    let skipping = false;
    let position = range.from;
    while (offset < range.until) {
      const read = fs.readSync(fd, this.#buffer, held, this.#buffer.length - held, position);
      if (read === 0) break;
      const base = position - held;
      const end = held + read;
      position += read;
      let start = 0;
      let search = held;
      for (;;) {
        const at = this.#buffer.subarray(0, end).indexOf(NEWLINE, search);
        if (at < 0) break;
        if (skipping) collector.skip("tooLong");
        else readBytes(collector, this.#buffer.subarray(start, at));
        skipping = false;
        lines++;
        start = search = at + 1;
        offset = base + start;
      }
      held = end - start;
      if (skipping || held >= MAX_LINE) {
        skipping = true;
        held = 0;
        continue;
      }
      this.#buffer.copyWithin(0, start, end);
      if (held === this.#buffer.length) this.#grow(held);
    }
    if (held > 0 && !skipping && readLast(collector, this.#buffer.subarray(0, held))) {
      offset += held;
      lines++;
    }
    if (this.#buffer.length > CHUNK) this.#buffer = Buffer.allocUnsafeSlow(CHUNK);
    return { offset, lines };
  }

  #grow(held: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(this.#buffer.length * 2, MAX_LINE));
    this.#buffer.copy(larger, 0, 0, held);
    this.#buffer = larger;
  }
}

const decoder = new TextDecoder();

function readBytes(collector: Collector, bytes: Uint8Array): void {
  const line = decoder.decode(bytes).replace(/^[\0\s\ufeff]+|[\0\s]+$/g, "");
  if (line === "") {
    if (bytes.includes(0)) collector.skip("notJson");
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return collector.skip("notJson");
  }
  readLine(collector, value);
}

/** Takes up a last line that nothing ends, if it is whole: a half-written one waits. */
function readLast(collector: Collector, bytes: Uint8Array): boolean {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return false;
  }
  if (!isObject(value)) return false;
  readLine(collector, value);
  return true;
}

function failure(path: string, error: unknown): string {
  const code = (error as { code?: unknown }).code;
  const why = code === "EACCES" || code === "EPERM"
    ? "permission denied"
    : code === "ENOENT"
    ? "it is gone"
    : error instanceof Error
    ? error.message
    : String(error);
  return `Cannot read ${path}: ${why}`;
}
