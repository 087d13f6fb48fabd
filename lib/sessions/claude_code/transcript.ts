import * as fs from "node:fs";
import { excerpt } from "../../text/clip.ts";
import type { SessionId } from "../../domain/ids.ts";
import { isObject, object } from "../../text/json.ts";
import {
  type Chunk,
  decode,
  hashTail,
  LineReader,
  type LineSink,
  NO_CHUNK,
  TAIL_BYTES,
} from "../jsonl/line_reader.ts";
import { sessionIdOf } from "../message_hash.ts";
import { Collector, type FileIdentity, type Findings, type ResumeState } from "./collector.ts";
import type { SessionPart } from "./facts.ts";
import { FastLines } from "./fast_path/fast_lines.ts";
import { readLine } from "./messages.ts";

/** Raised whenever reading the same bytes gives other facts; every file is then read anew. */
export const PARSER_VERSION = 1;

/** How far a file was read, and by what it is recognised. */
export interface TranscriptCursor {
  inode: number;
  size: number;
  mtimeMs: number;
  /** The byte after the last complete line that was read. */
  offset: number;
  /** A hash of the bytes before the offset. */
  tailHash: number;
  parserVersion: number;
}

/** What a file looks like from outside. */
export interface FileStamp {
  inode: number;
  size: number;
  mtimeMs: number;
}

/** Whether a file looks just as it did when it was read. */
export function isUnchanged(cursor: TranscriptCursor, stamp: FileStamp): boolean {
  return cursor.parserVersion === PARSER_VERSION && cursor.inode === stamp.inode &&
    cursor.size === stamp.size && cursor.mtimeMs === stamp.mtimeMs;
}

const SUBAGENT = /[\\/]([^\\/]+)[\\/]subagents[\\/](?:.*[\\/])?(?:agent-)?([^\\/]+)\.jsonl$/;
const FLAT_SUBAGENT = /[\\/]agent-([^\\/]+)\.jsonl$/;
const MAIN = /[\\/]([^\\/]+)\.jsonl$/;

/** What a transcript's path says of whose it is. */
export function identifyFile(path: string): FileIdentity {
  const nested = SUBAGENT.exec(path);
  if (nested !== null) return { session: sessionIdOf(nested[1]), agent: nested[2] };
  const flat = FLAT_SUBAGENT.exec(path);
  if (flat !== null) return { session: null, agent: flat[1] };
  return { session: sessionIdOf(MAIN.exec(path)?.[1]), agent: null };
}

const decoder = new TextDecoder();

/**
 * Reads what the last lines said whose text was passed over: of many, only the last one counts.
 *
 * @param bytes Reads a stretch of the file again.
 */
export function readLastAssistantText(
  collector: Collector,
  bytes: (place: { offset: number; length: number }) => Uint8Array,
): void {
  for (const part of collector.parts.values()) {
    if (part.lastAssistantText === null) continue;
    const line = decoder.decode(bytes(part.lastAssistantText));
    part.lastAssistantText = null;
    part.facts.lastMessage = lastText(line) ?? part.facts.lastMessage;
  }
}

function lastText(line: string): string | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  const { content } = object(object(parsed).message);
  if (!Array.isArray(content)) return null;
  const texts = content.map((block) => isObject(block) ? excerpt(block.text) : null);
  return texts.findLast((text) => text !== null) ?? null;
}

const BRACE = 125;
const BYTE_ORDER_MARK = 0xfeff;
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

/** What was known of a file before it is read on. */
export interface KnownFile {
  cursor: TranscriptCursor;
  resumeState: ResumeState;
  /** With all their messages. */
  parts: SessionPart[];
}

/** What was read of a file since the last time it was asked. */
export interface TranscriptReading extends Findings {
  /** `anew`: what was known before is replaced. `appended`: it goes on from there. */
  mode: "anew" | "appended";
  cursor: TranscriptCursor;
  resumeState: ResumeState;
  /** Every part that the file holds, whole but for its messages: these are the new ones. */
  parts: SessionPart[];
  /** Those of their sessions that it holds for the first time: what was known of them before is replaced. */
  begun: SessionId[];
  lines: number;
  bytes: number;
}

/** How a transcript is opened. */
export interface OpenOptions {
  /** What is known of it, to go on from there if it still is that file. @default {null} */
  known?: KnownFile | null;
  /** Parse every line, the plain ones too. @default {false} */
  parseAll?: boolean;
}

const NOTHING: ResumeState = { pending: [], parts: [], summaries: [] };
const reader = new LineReader();

/** A transcript that is being read, some of it at a time. */
export class OpenTranscript implements Disposable {
  readonly #fd: number;
  readonly #stamp: FileStamp;
  readonly #collector: Collector;
  readonly #taker: LineHandler;
  /** The sessions that the file is known to hold. */
  readonly #holds: Set<SessionId>;
  #mode: "anew" | "appended";
  #offset: number;
  #taken: number;
  #lines = 0;

  constructor(path: string, fd: number, stamp: FileStamp, options: OpenOptions) {
    this.#fd = fd;
    this.#stamp = stamp;
    const known = options.known ?? null;
    const goesOn = known !== null && this.#isStill(known.cursor);
    this.#mode = goesOn ? "appended" : "anew";
    this.#offset = this.#taken = goesOn ? known.cursor.offset : 0;
    const parts = goesOn ? known.parts : [];
    this.#holds = new Set(parts.map(({ session }) => session));
    this.#collector = new Collector(identifyFile(path), {
      parts,
      resumeState: goesOn ? known.resumeState : NOTHING,
    });
    this.#taker = new LineHandler(this.#collector, options);
  }

  /** How many bytes were read since {@linkcode OpenTranscript.take}. */
  get bytes(): number {
    return this.#offset - this.#taken;
  }

  /** How many events wait to be taken. */
  get events(): number {
    return this.#collector.waiting;
  }

  /**
   * Reads on, up to the end of the line that reaches `maxBytes`.
   *
   * @returns Whether more is left.
   */
  step(maxBytes: number): boolean {
    const until = this.#offset + maxBytes;
    const { offset, lines } = reader.read(this.#fd, this.#taker, { from: this.#offset, until });
    this.#offset = offset;
    this.#lines += lines;
    return offset >= until;
  }

  /** What was read since the last call, to be stored. */
  take(): TranscriptReading {
    const collector = this.#collector;
    readLastAssistantText(
      collector,
      ({ offset, length }) => reader.bytes(this.#fd, offset, offset + length),
    );
    const resumeState = collector.resumeState();
    const parts = [...collector.parts.values()].filter((part) => part.size > 0)
      .map((part) => part.take());
    const begun = parts.map(({ session }) => session)
      .filter((session) => !this.#holds.has(session));
    for (const session of begun) this.#holds.add(session);
    const reading: TranscriptReading = {
      mode: this.#mode,
      ...collector.take(),
      cursor: {
        ...this.#stamp,
        offset: this.#offset,
        tailHash: this.#tail(this.#offset),
        parserVersion: PARSER_VERSION,
      },
      resumeState,
      parts,
      begun,
      lines: this.#lines,
      bytes: this.bytes,
    };
    this.#mode = "appended";
    this.#taken = this.#offset;
    this.#lines = 0;
    return reading;
  }

  [Symbol.dispose](): void {
    fs.closeSync(this.#fd);
  }

  #isStill(cursor: TranscriptCursor): boolean {
    return cursor.parserVersion === PARSER_VERSION && cursor.inode === this.#stamp.inode &&
      this.#stamp.size >= cursor.offset && this.#tail(cursor.offset) === cursor.tailHash;
  }

  #tail(offset: number): number {
    return hashTail(reader.bytes(this.#fd, Math.max(0, offset - TAIL_BYTES), offset));
  }
}

/**
 * Opens a transcript without ever waiting for a pipe.
 *
 * @throws {Error} If it is no file, or cannot be opened.
 */
export function openTranscript(path: string, options: OpenOptions = {}): OpenTranscript {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new Error("it is not a file");
    const stamp = { inode: stat.ino ?? 0, size: stat.size, mtimeMs: Math.floor(stat.mtimeMs) };
    return new OpenTranscript(path, fd, stamp, options);
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}
