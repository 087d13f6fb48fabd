import * as fs from "node:fs";
import { isObject } from "../../text/json.ts";
import {
  type Chunk,
  decode,
  isPadding,
  LineReader,
  type LineSink,
  NO_CHUNK,
  parseLine,
  TAIL_BYTES,
  trimLine,
} from "../jsonl/line_reader.ts";
import { sessionIdOf } from "../message_hash.ts";
import type { KnownSource, SourceDelta, SourceReading } from "../reader.ts";
import { Collector, type FileIdentity, type ResumeState } from "./collector.ts";
import { FastLines } from "./fast_path/fast_lines.ts";
import { readLine } from "./messages.ts";
import { hashBytes } from "../../text/fnv.ts";

/** How far a transcript was read, by what it is known again, and what the next reading must know. */
export interface TranscriptCheckpoint extends ResumeState {
  inode: number;
  /** The byte after the last complete line that was read. */
  offset: number;
  /** A hash of the bytes before the offset. */
  tailHash: number;
}

const SUBAGENT = /[\\/]([^\\/]+)[\\/]subagents[\\/](?:.*[\\/])?(?:agent-)?([^\\/]+)\.jsonl$/;
const FLAT_SUBAGENT = /[\\/]agent-([^\\/]+)\.jsonl$/;
const MAIN = /[\\/]([^\\/]+)\.jsonl$/;

/** What a transcript's path says of whose it is. */
export function identifyFile(path: string): FileIdentity {
  const nested = SUBAGENT.exec(path);
  if (nested !== null) return { session: sessionIdOf(nested[1]), subagent: nested[2] };
  const flat = FLAT_SUBAGENT.exec(path);
  if (flat !== null) return { session: null, subagent: flat[1] };
  return { session: sessionIdOf(MAIN.exec(path)?.[1]), subagent: null };
}

const decoder = new TextDecoder();

const BRACE = 125;
/** Where a record begins that was written into the middle of a line. */
const RECORD = /\{"(?:parentUuid|type)":/g;

/** Takes up the lines of one file: the plain ones as they stand, the others parsed. */
export class LineHandler implements LineSink {
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
    this.#collector.turnTo(this.#chunk.base + start, end - start);
    if (this.#fast?.take(start, end)) return;
    const line = decode(this.#chunk, start, end);
    const value = parseLine(line);
    if (value !== undefined) readLine(this.#collector, value);
    else this.#broken(line);
  }

  tooLong(): void {
    this.#collector.skip("tooLong");
  }

  last(start: number, end: number): boolean {
    const value = parseLine(decode(this.#chunk, start, end));
    if (!isObject(value)) return false;
    this.#collector.turnTo(this.#chunk.base + start, end - start);
    readLine(this.#collector, value);
    return true;
  }

  /** A line that is no JSON may hold records that are: joined, or with runs of NUL around them. */
  #broken(line: string): void {
    const padded = trimLine(line);
    if (padded === "") {
      if (line.includes("\0")) this.#collector.skip("notJson");
      return;
    }
    const starts = [...padded.matchAll(RECORD)].map(({ index }) => index)
      .filter((index) => beginsRecord(padded, index));
    if (starts[0] !== 0) starts.unshift(0);
    starts.forEach((start, i) => {
      const value = parseLine(trimLine(padded.slice(start, starts[i + 1])));
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

const reader = new LineReader();

/** A transcript that is being read, some of it at a time. */
export class OpenTranscript implements SourceReading<TranscriptCheckpoint> {
  readonly #fd: number;
  readonly #inode: number;
  readonly #collector: Collector;
  readonly #lineHandler: LineHandler;
  #mode: "append" | "replace";
  #offset: number;
  #taken: number;
  #lines = 0;

  constructor(
    path: string,
    file: { fd: number; inode: number; size: number },
    known: KnownSource<TranscriptCheckpoint> | null,
    options: { parseAll?: boolean },
  ) {
    this.#fd = file.fd;
    this.#inode = file.inode;
    const before = known !== null && this.#isStill(known.checkpoint, file.size) ? known : null;
    this.#mode = before === null ? "replace" : "append";
    this.#offset = this.#taken = before?.checkpoint.offset ?? 0;
    this.#collector = new Collector(identifyFile(path), before);
    this.#lineHandler = new LineHandler(this.#collector, options);
  }

  get waiting(): { bytes: number; events: number } {
    return { bytes: this.#offset - this.#taken, events: this.#collector.waiting };
  }

  step(budget: number): boolean {
    const until = this.#offset + budget;
    const { offset, lines } = reader.read(this.#fd, this.#lineHandler, {
      from: this.#offset,
      until,
    });
    this.#offset = offset;
    this.#lines += lines;
    return offset >= until;
  }

  take(): SourceDelta<TranscriptCheckpoint> {
    const { sessions, skipped, resume } = this.#collector.take(({ offset, length }) => {
      const line = parseLine(decoder.decode(reader.bytes(this.#fd, offset, offset + length)));
      return isObject(line) ? line : null;
    });
    const delta: SourceDelta<TranscriptCheckpoint> = {
      mode: this.#mode,
      sessions,
      skipped,
      records: this.#lines,
      bytes: this.#offset - this.#taken,
      checkpoint: {
        inode: this.#inode,
        offset: this.#offset,
        tailHash: this.#tail(this.#offset),
        ...resume,
      },
    };
    this.#mode = "append";
    this.#taken = this.#offset;
    this.#lines = 0;
    return delta;
  }

  [Symbol.dispose](): void {
    fs.closeSync(this.#fd);
  }

  #isStill({ inode, offset, tailHash }: TranscriptCheckpoint, size: number): boolean {
    return inode === this.#inode && size >= offset && this.#tail(offset) === tailHash;
  }

  #tail(offset: number): number {
    return hashBytes(reader.bytes(this.#fd, Math.max(0, offset - TAIL_BYTES), offset));
  }
}

/**
 * Opens a transcript without ever waiting for a pipe.
 *
 * @param known What is known of it, to go on from there if it still is that file.
 * @param options.parseAll Parse every line, the plain ones too. @default {false}
 * @throws {Error} If it is no file, or cannot be opened.
 */
export function openTranscript(
  path: string,
  known: KnownSource<TranscriptCheckpoint> | null = null,
  options: { parseAll?: boolean } = {},
): OpenTranscript {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new Error("it is not a file");
    return new OpenTranscript(path, { fd, inode: stat.ino ?? 0, size: stat.size }, known, options);
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}
