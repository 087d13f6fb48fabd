import type { Trailer } from "../links/facts.ts";
import type { CommitHash } from "../ids.ts";
import { findTrailers } from "./trailers.ts";

/** A commit as its repository has it. Times are Unix milliseconds. */
export interface ScannedCommit {
  hash: CommitHash;
  parents: CommitHash[];
  authorAt: number;
  committerAt: number;
  authorName: string;
  authorEmail: string;
  committerEmail: string;
  /** The message's first paragraph on one line, as git shows it. */
  subject: string;
  trailers: Trailer[];
}

const FIELDS = ["%H", "%P", "%at", "%ct", "%an", "%ae", "%ce", "%B"];
/** Years 1 to 9999, which every date in the program can show. */
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_000;
const NAME_LENGTH = 256;
const SUBJECT_LENGTH = 1_000;
/** What is kept of a field: git allows messages of any length. */
const FIELD_BYTES = 4 * 1024 * 1024;

/**
 * Takes apart what `git log -z` prints, chunk by chunk.
 *
 * Each record starts with a word that was drawn by lot for this run, so that no message can pass for the start of
 * another record.
 */
export class LogParser {
  /** What `--format` has to say. */
  readonly format: string;
  #mark: string;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #record: string[] | null = null;
  #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(mark: string = crypto.randomUUID()) {
    this.#mark = mark;
    this.format = [mark, ...FIELDS].join("%x00");
  }

  /** The commits that the chunk completes. */
  push(chunk: Uint8Array): ScannedCommit[] {
    const first = chunk.indexOf(0);
    if (first === -1) {
      this.#hold(chunk);
      return [];
    }
    const last = chunk.lastIndexOf(0);
    this.#hold(chunk.subarray(0, first));
    const text = this.#decoder.decode(this.#take(chunk.subarray(first, last)));
    this.#hold(chunk.subarray(last + 1));
    const commits: ScannedCommit[] = [];
    for (const field of text.split("\0")) {
      const commit = this.#field(field);
      if (commit !== null) commits.push(commit);
    }
    return commits;
  }

  #field(field: string): ScannedCommit | null {
    if (this.#record === null) {
      if (field === this.#mark) this.#record = [];
      return null;
    }
    this.#record.push(field);
    if (this.#record.length < FIELDS.length) return null;
    const commit = readRecord(this.#record);
    this.#record = null;
    return commit;
  }

  /** Keeps bytes of a field whose end has not come yet, up to what one may take. */
  #hold(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, Math.max(0, FIELD_BYTES - this.#heldBytes));
    if (kept.byteLength === 0) return;
    this.#held.push(kept);
    this.#heldBytes += kept.byteLength;
  }

  #take(rest: Uint8Array): Uint8Array {
    const whole = new Uint8Array(this.#heldBytes + rest.byteLength);
    let at = 0;
    for (const part of [...this.#held, rest]) {
      whole.set(part, at);
      at += part.byteLength;
    }
    this.#held = [];
    this.#heldBytes = 0;
    return whole;
  }
}

function readRecord(record: string[]): ScannedCommit | null {
  const [hash, parents, authorAt, committerAt, authorName, authorEmail, committerEmail, body] =
    record;
  if (!isHash(hash)) return null;
  return {
    hash,
    parents: parents === "" ? [] : parents.split(" ").filter(isHash),
    authorAt: timeOf(authorAt),
    committerAt: timeOf(committerAt),
    authorName: cut(authorName, NAME_LENGTH),
    authorEmail: cut(authorEmail, NAME_LENGTH),
    committerEmail: cut(committerEmail, NAME_LENGTH),
    subject: subjectOf(body),
    trailers: findTrailers(body),
  };
}

/** The record's mark makes sure that git wrote the field, so its length tells. */
function isHash(text: string): text is CommitHash {
  return text.length === 40 || text.length === 64;
}

function cut(text: string, length: number): string {
  return text.length > length ? text.slice(0, length) : text;
}

function timeOf(seconds: string): number {
  const time = Number(seconds) * 1000;
  return Number.isFinite(time) ? Math.min(Math.max(time, FIRST_MS), LAST_MS) : 0;
}

function subjectOf(body: string): string {
  const end = body.indexOf("\n");
  const first = end === -1 ? body : body.slice(0, end);
  const next = body.charCodeAt(end + 1);
  const alone = end === -1 || next === LINE_FEED || end + 1 === body.length;
  if (alone && first.length <= SUBJECT_LENGTH) {
    const text = first.trim();
    if (text !== "") return text;
  }
  return longSubjectOf(body);
}

const LINE_FEED = 10;

function longSubjectOf(body: string): string {
  const lines: string[] = [];
  let length = 0;
  for (const line of body.trimStart().slice(0, SUBJECT_LENGTH * 4).split("\n")) {
    const text = line.trim();
    if (text === "" || length > SUBJECT_LENGTH) break;
    lines.push(text);
    length += text.length + 1;
  }
  return cut(lines.join(" "), SUBJECT_LENGTH).toWellFormed();
}
