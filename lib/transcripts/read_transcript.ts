import * as fs from "node:fs";
import type { SessionId } from "../domain/ids.ts";
import { type Carry, Collector, type Findings } from "./collector.ts";
import {
  type FileStamp,
  hashTail,
  PARSER_VERSION,
  TAIL_BYTES,
  type TranscriptCursor,
} from "./cursor.ts";
import type { SessionPart } from "./facts.ts";
import { identifyFile } from "./file_identity.ts";
import { readLastWords } from "./last_words.ts";
import { LineReader } from "./line_reader.ts";
import { LineTaker } from "./line_taker.ts";

/** What was known of a file before it is read on. */
export interface KnownFile {
  cursor: TranscriptCursor;
  carry: Carry;
  /** With all their messages. */
  parts: SessionPart[];
}

/** What was read of a file since the last time it was asked. */
export interface TranscriptReading extends Findings {
  /** `anew`: what was known before is replaced. `appended`: it goes on from there. */
  mode: "anew" | "appended";
  cursor: TranscriptCursor;
  carry: Carry;
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

const NOTHING: Carry = { pending: [], parts: [], summaries: [] };
const reader = new LineReader();

/** A transcript that is being read, some of it at a time. */
export class OpenTranscript implements Disposable {
  readonly #fd: number;
  readonly #stamp: FileStamp;
  readonly #collector: Collector;
  readonly #taker: LineTaker;
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
      carry: goesOn ? known.carry : NOTHING,
    });
    this.#taker = new LineTaker(this.#collector, options);
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
    readLastWords(
      collector,
      ({ offset, length }) => reader.bytes(this.#fd, offset, offset + length),
    );
    const carry = collector.carry();
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
      carry,
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
