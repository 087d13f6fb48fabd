import { isAscii } from "node:buffer";
import type { SessionId } from "../../domain/ids.ts";
import { hashBytes } from "../../text/fnv.ts";
import { isObject, type JsonObject } from "../../text/json.ts";
import type { KnownSource, SkipCounts, SkipReason, SourceDelta, SourceReading } from "../reader.ts";
import { SessionBuilder } from "../session_builder.ts";
import {
  type Chunk,
  decode,
  type LineSink,
  NO_CHUNK,
  parseLine,
  TAIL_BYTES,
  trimLine,
} from "./line_reader.ts";
import { type LogBytes, openLog } from "./log_bytes.ts";

/** Where the reading of a log goes on. JSON, if `State` is. */
export interface LogCheckpoint<State> {
  /** The place after the last line that was read. */
  offset: number;
  /** A hash of the log's first bytes and of those before the offset, by which it is known again wherever it is. */
  fingerprint: number;
  /** What the interpreter goes on from. */
  state: State;
}

/** Where a record stands in its log. */
export interface RecordPlace {
  offset: number;
  length: number;
}

/** What an agent's reader makes of a log's records. */
export interface LogInterpreter<State> {
  /**
   * Whether a line that stands at [start, end) of a text is of no use, or was taken up as it stands: then it is not
   * parsed. `text` has a character a byte; `offset` is the line's place in the log.
   */
  passesOver?(text: string, start: number, end: number, offset: number): boolean;
  /** Takes up one record. */
  record(record: JsonObject, place: RecordPlace): void;
  /** Called before what was found is taken: the place for what is worth doing once and not for each record. */
  settle?(): void;
  /** What the next reading goes on from: JSON, small. */
  state(): State;
}

/** What an interpreter works with. */
export interface LogContext {
  /** The session, known or new. */
  session(id: SessionId): SessionBuilder;
  /** Counts a record that is not used. */
  skip(reason: SkipReason): void;
  /** A record that was passed before, read again; null if it is none. */
  record(place: RecordPlace): JsonObject | null;
}

/** Everything by which an interpreter begins: its state is null at the beginning of a log. */
export type BeginInterpreter<State> = (
  context: LogContext,
  state: State | null,
) => LogInterpreter<State>;

/**
 * Opens a log that its agent only ever appends to, at its beginning or where an earlier reading ended.
 *
 * It is the same log if its first bytes and those before the checkpoint are the same: it may have been moved or
 * compressed meanwhile.
 *
 * @throws {Error} If it cannot be opened.
 */
export function openAppendLog<State>(
  path: string,
  known: KnownSource<LogCheckpoint<State>> | null,
  begin: BeginInterpreter<State>,
): SourceReading<LogCheckpoint<State>> {
  return new AppendLog(openLog(path), known, begin);
}

class AppendLog<State> implements SourceReading<LogCheckpoint<State>>, LogContext {
  /** Null if it is compressed and cannot be unfolded. */
  readonly #log: LogBytes | null;
  readonly #sessions = new Map<SessionId, SessionBuilder>();
  readonly #interpreter: LogInterpreter<State>;
  readonly #lines: RecordLines;
  #mode: "append" | "replace";
  #offset: number;
  #taken: number;
  #records = 0;
  #skipped: SkipCounts = {};

  constructor(
    log: LogBytes | null,
    known: KnownSource<LogCheckpoint<State>> | null,
    begin: BeginInterpreter<State>,
  ) {
    this.#log = log;
    const goesOn = known !== null && this.#isStill(known.checkpoint);
    this.#mode = goesOn ? "append" : "replace";
    this.#offset = this.#taken = goesOn ? known.checkpoint.offset : 0;
    for (const session of goesOn ? known.sessions : []) {
      const { session: id } = session.facts;
      this.#sessions.set(id, new SessionBuilder(id, session));
    }
    this.#interpreter = begin(this, goesOn ? known.checkpoint.state : null);
    this.#lines = new RecordLines({
      passesOver: this.#interpreter.passesOver?.bind(this.#interpreter),
      record: (record, place) => this.#interpreter.record(record, place),
      skip: (reason) => this.skip(reason),
    });
    if (log === null) this.skip("notJson");
  }

  get waiting(): { bytes: number; events: number } {
    let events = 0;
    for (const session of this.#sessions.values()) events += session.waiting;
    return { bytes: this.#offset - this.#taken, events };
  }

  session(id: SessionId): SessionBuilder {
    let session = this.#sessions.get(id);
    if (session === undefined) this.#sessions.set(id, session = new SessionBuilder(id));
    return session;
  }

  skip(reason: SkipReason): void {
    this.#skipped[reason] = (this.#skipped[reason] ?? 0) + 1;
  }

  record({ offset, length }: RecordPlace): JsonObject | null {
    const bytes = this.#log?.bytes(offset, offset + length) ?? new Uint8Array();
    const value = parseLine(new TextDecoder().decode(bytes));
    return isObject(value) ? value : null;
  }

  step(budget: number): boolean {
    if (this.#log === null) return false;
    const until = this.#offset + budget;
    const { offset, lines } = this.#log.read(this.#lines, { from: this.#offset, until });
    this.#offset = offset;
    this.#records += lines;
    return offset >= until;
  }

  take(): SourceDelta<LogCheckpoint<State>> {
    this.#interpreter.settle?.();
    const sessions = [...this.#sessions.values()].flatMap((session) => session.take() ?? []);
    const delta: SourceDelta<LogCheckpoint<State>> = {
      mode: this.#mode,
      sessions,
      skipped: this.#skipped,
      records: this.#records,
      bytes: this.#offset - this.#taken,
      checkpoint: {
        offset: this.#offset,
        fingerprint: this.#fingerprint(this.#offset),
        state: this.#interpreter.state(),
      },
    };
    this.#mode = "append";
    this.#taken = this.#offset;
    this.#records = 0;
    this.#skipped = {};
    return delta;
  }

  [Symbol.dispose](): void {
    this.#log?.[Symbol.dispose]();
  }

  #isStill({ offset, fingerprint }: LogCheckpoint<State>): boolean {
    return this.#log !== null && offset <= this.#log.size &&
      this.#fingerprint(offset) === fingerprint;
  }

  #fingerprint(offset: number): number {
    if (this.#log === null) return 0;
    const head = hashBytes(this.#log.bytes(0, Math.min(offset, TAIL_BYTES)));
    const tail = hashBytes(this.#log.bytes(Math.max(0, offset - TAIL_BYTES), offset));
    return (head ^ Math.imul(tail, 31)) >>> 0;
  }
}

/** Who takes up the records of a log. */
interface RecordSink {
  passesOver?(text: string, start: number, end: number, offset: number): boolean;
  record(record: JsonObject, place: RecordPlace): void;
  skip(reason: SkipReason): void;
}

const CLOSING_BRACE = 125;
/** Where one record may end and another begin, if a line holds several. */
const SEAM = /\}[\s\0]*(?=\{")/g;

/** Parses lines into records, and counts those that are none. */
class RecordLines implements LineSink {
  readonly #sink: RecordSink;
  #chunk: Chunk = NO_CHUNK;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  turnTo(chunk: Chunk): void {
    this.#chunk = chunk;
  }

  line(start: number, end: number): void {
    const chunk = this.#chunk;
    const offset = chunk.base + start;
    if (this.#sink.passesOver?.(chunk.text, start, end, offset)) return;
    const place = { offset, length: end - start };
    // Parsing copies what it keeps, so the chunk's own text will do where a character is a byte.
    const ascii = isAscii(chunk.bytes.subarray(start, end));
    const line = ascii ? chunk.text.slice(start, end) : decode(chunk, start, end);
    const value = parseLine(line);
    if (value !== undefined) this.#take(value, place);
    else this.#broken(line, place);
  }

  tooLong(): void {
    this.#sink.skip("tooLong");
  }

  last(start: number, end: number): boolean {
    if (this.#chunk.text.charCodeAt(end - 1) !== CLOSING_BRACE) return false;
    const value = parseLine(decode(this.#chunk, start, end));
    if (!isObject(value)) return false;
    this.#sink.record(value, { offset: this.#chunk.base + start, length: end - start });
    return true;
  }

  #take(value: unknown, place: RecordPlace): void {
    if (isObject(value)) this.#sink.record(value, place);
    else this.#sink.skip("notAnObject");
  }

  /** A line that is no JSON may hold records that are: several joined, or with runs of NUL around them. */
  #broken(line: string, place: RecordPlace): void {
    const padded = trimLine(line);
    if (padded === "") {
      if (line.includes("\0")) this.#sink.skip("notJson");
      return;
    }
    const ends = [...padded.matchAll(SEAM)].map(({ index }) => index + 1);
    [0, ...ends].forEach((start, i) => {
      const value = parseLine(trimLine(padded.slice(start, ends[i])));
      if (value === undefined) this.#sink.skip("notJson");
      else this.#take(value, place);
    });
  }
}

/**
 * Reads a log's records in order, from a place on.
 *
 * @param take Takes up a record and says whether to go on with the next.
 */
export function readRecords(
  path: string,
  from: number,
  take: (record: JsonObject, place: RecordPlace) => boolean,
): void {
  using log = openLog(path);
  if (log === null) return;
  let wanted = true;
  const lines = new RecordLines({
    passesOver: () => !wanted,
    record: (record, place) => {
      wanted &&= take(record, place);
    },
    skip: () => {},
  });
  for (let offset = from; wanted;) {
    const read = log.read(lines, { from: offset, until: offset + 1 });
    if (read.offset === offset) return;
    offset = read.offset;
  }
}
