import type { CommitHash } from "../../domain/ids.ts";
import type { ScannedCommit, Trailer } from "../../domain/link_facts.ts";
import { joined } from "../run/runner.ts";

/** What is kept of one line, and of all of them: a squash of hundreds of commits may carry thousands. */
const VALUE_LENGTH = 512;
const TRAILERS = 1_000;

const SHORTEST_LINE = 8;
const LONGEST_LINE = 4_096;
const LONGEST_KEY = 64;

/** Keys that tell who or what made a commit, or which commit it once was. */
const KEPT =
  /^ {0,3}(co-authored-by|assisted-by|generated-by|made-with|change-id|claude-session|[\w-]*(?:session|checkpoint|agent|conversation|thread)(?:-id|-url)?|entire-[\w-]+)$/i;

const GENERATED = /^\W*Generated (?:with|by) (.+)$/i;
const PICKED = /^\(cherry picked from commit ([0-9a-f]{7,64})\)$/;
const REVERTED = /^(?:This reverts commit|Reverts:?) ([0-9a-f]{7,64})\b/;
/** How a forge lists the commits that it squashes, and how the subject of such a message ends. */
const LISTED = /^[*] (.+)$/;
const LISTED_KEY = "Squashed-subject";
const LISTING = /\((?:pull request )?#\d+\)$/;
const SQUASHED = /^commit ([0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Finds the lines of a commit message that tell where the commit came from, wherever they stand: a squash merge
 * leaves trailers in the middle, and several of a kind.
 *
 * Lines that are no `Key: value` get a key of their own: `Generated-with`, `Cherry-picked-from`, `Reverts`, `Squashes`,
 * and `Squashed-subject` for the commits that a forge lists in a squash.
 *
 * @returns In the order of the message, repeats dropped.
 */
export function findTrailers(message: string): Trailer[] {
  const found: Trailer[] = [];
  let ids: Set<string> | null = null;
  let colon = message.indexOf(":");
  const firstEnd = message.indexOf("\n");
  const lists = firstEnd !== -1 && LISTING.test(message.slice(0, firstEnd).trimEnd());
  for (let start = 0, end = 0; start < message.length; start = end + 1) {
    end = message.indexOf("\n", start);
    if (end === -1) end = message.length;
    if (colon !== -1 && colon < start) colon = message.indexOf(":", start);
    const hasColon = colon !== -1 && colon < end;
    const length = end - start;
    if (length < SHORTEST_LINE || length > LONGEST_LINE) continue;
    const mayBeKept = hasColon && colon - start <= LONGEST_KEY && endsKey(message, colon - 1);
    if (!mayBeKept && isProse(message.charCodeAt(start))) continue;
    const trailer = trailerOf(message.slice(start, end).trimEnd());
    if (trailer === null || (trailer.key === LISTED_KEY && !lists)) continue;
    // Most messages have one, which repeats none.
    if (found.length > 0) {
      ids ??= new Set([idOf(found[0])]);
      const id = idOf(trailer);
      if (ids.has(id)) continue;
      ids.add(id);
    }
    found.push(trailer);
    if (found.length === TRAILERS) break;
  }
  return found;
}

function idOf({ key, value }: Trailer): string {
  return `${key.toLowerCase()}:${value}`;
}

/** Whether no line that starts like this, and with no key, can tell anything: it goes on with a word of its own. */
function isProse(first: number): boolean {
  return isWord(first) && !STARTS.includes(first);
}

/** Whether what stands before a colon may be the end of a key. */
function endsKey(message: string, at: number): boolean {
  const last = message.charCodeAt(at);
  return last === DASH || isWord(last);
}

/** Whether a regular expression's `\w` takes the character. */
function isWord(code: number): boolean {
  return code >= 97 && code <= 122 || code >= 65 && code <= 90 || code >= 48 && code <= 57 ||
    code === UNDERSCORE;
}

const DASH = 45;
const UNDERSCORE = 95;
/** How `Generated with`, `This reverts`, `Reverts` and `commit` begin. */
const STARTS: readonly number[] = Array.from("GgTRc", (letter) => letter.charCodeAt(0));

function trailerOf(line: string): Trailer | null {
  const colon = line.indexOf(":");
  if (colon > 0 && colon <= LONGEST_KEY) {
    const key = KEPT.exec(line.slice(0, colon))?.[1];
    const value = line.slice(colon + 1).trimStart();
    if (key !== undefined && value !== "") return { key, value: cutValue(value) };
  }
  if (isProse(line.charCodeAt(0))) return null;
  for (const [key, pattern] of PATTERNS) {
    const value = pattern.exec(line)?.[1];
    if (value !== undefined) return { key, value: cutValue(value) };
  }
  return null;
}

const PATTERNS: readonly [string, RegExp][] = [
  ["Generated-with", GENERATED],
  ["Cherry-picked-from", PICKED],
  ["Reverts", REVERTED],
  ["Squashes", SQUASHED],
  [LISTED_KEY, LISTED],
];

function cutValue(value: string): string {
  return value.length > VALUE_LENGTH ? value.slice(0, VALUE_LENGTH) : value;
}

const FIELDS = ["%H", "%P", "%at", "%ct", "%an", "%ae", "%ce", "%B"];
/** It goes before each record: 60 bits by lot are enough, and the rest of a UUID is a tenth of what git says. */
const MARK_LENGTH = 18;
/** Years 1 to 9999, which every date in the program can show. */
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_000;
const NAME_LENGTH = 256;
const SUBJECT_LENGTH = 1_000;
/** What is kept of a field: git allows messages of any length. */
const FIELD_BYTES = 4 * 1024 * 1024;

/**
 * Takes apart what `git log -z` prints, piece by piece; large pieces take less time.
 *
 * Each record starts with a word that was drawn by lot for this run, so that no message can pass for the start of
 * another record.
 */
export class LogParser {
  /** What `--format` has to say. */
  readonly format: string;
  /** How a record starts. */
  readonly #mark: string;
  /** The start of a field whose end has not come yet. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** The fields of a record whose end has not come yet. */
  #rest = "";
  #last: ScannedCommit | null = null;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(mark: string = crypto.randomUUID().slice(0, MARK_LENGTH)) {
    this.#mark = `${mark}\0`;
    this.format = [mark, ...FIELDS].join("%x00");
  }

  /** The commits that the piece completes. */
  push(piece: Uint8Array): ScannedCommit[] {
    const first = piece.indexOf(0);
    if (first === -1) {
      this.#hold(piece);
      return [];
    }
    const end = piece.lastIndexOf(0) + 1;
    this.#hold(piece.subarray(0, first));
    const text = this.#rest + this.#decoder.decode(this.#take(piece.subarray(first, end)));
    this.#hold(piece.subarray(end));
    return this.#read(text);
  }

  /** The commits of a text of whole fields. */
  #read(text: string): ScannedCommit[] {
    const commits: ScannedCommit[] = [];
    const ends = FIELDS.map(() => 0);
    const mark = this.#mark;
    let at = 0;
    while (at < text.length) {
      if (!text.startsWith(mark, at)) {
        at = text.indexOf("\0", at) + 1;
        continue;
      }
      const from = at + mark.length;
      if (!findEnds(text, { from, ends })) break;
      const commit = readRecord(text, { from, ends, last: this.#last });
      if (commit !== null) commits.push(this.#last = commit);
      at = ends[ends.length - 1] + 1;
    }
    this.#rest = text.slice(at);
    return commits;
  }

  /** Keeps bytes of a field whose end has not come yet, up to what one may take. */
  #hold(bytes: Uint8Array): void {
    const kept = bytes.slice(0, Math.max(0, FIELD_BYTES - this.#heldBytes));
    if (kept.byteLength === 0) return;
    this.#held.push(kept);
    this.#heldBytes += kept.byteLength;
  }

  #take(rest: Uint8Array): Uint8Array {
    const whole = joined([...this.#held, rest], this.#heldBytes + rest.byteLength);
    this.#held = [];
    this.#heldBytes = 0;
    return whole;
  }
}

/** Notes where each field of a record ends; false where the text does not have all of them. */
function findEnds(text: string, { from, ends }: { from: number; ends: number[] }): boolean {
  for (let field = 0, at = from; field < ends.length; field++, at++) {
    at = text.indexOf("\0", at);
    if (at === -1) return false;
    ends[field] = at;
  }
  return true;
}

/** @param options.last The commit before, whose people are often the same: those texts need not be made again. */
function readRecord(
  text: string,
  { from, ends, last }: { from: number; ends: readonly number[]; last: ScannedCommit | null },
): ScannedCommit | null {
  const hash = text.slice(from, ends[0]);
  if (!isHash(hash)) return null;
  const body = text.slice(ends[6] + 1, ends[7]);
  return {
    hash,
    parents: parentsOf(text.slice(ends[0] + 1, ends[1])),
    authorAt: timeIn(text, { from: ends[1] + 1, to: ends[2] }),
    committerAt: timeIn(text, { from: ends[2] + 1, to: ends[3] }),
    authorName: nameIn(text, { from: ends[3] + 1, to: ends[4], last: last?.authorName }),
    authorEmail: nameIn(text, { from: ends[4] + 1, to: ends[5], last: last?.authorEmail }),
    committerEmail: nameIn(text, { from: ends[5] + 1, to: ends[6], last: last?.committerEmail }),
    subject: subjectOf(body),
    trailers: findTrailers(body),
  };
}

function parentsOf(field: string): CommitHash[] {
  if (isHash(field)) return [field];
  return field === "" ? [] : field.split(" ").filter(isHash);
}

function nameIn(
  text: string,
  { from, to, last }: { from: number; to: number; last: string | undefined },
): string {
  if (last !== undefined && to - from === last.length && text.startsWith(last, from)) return last;
  return text.slice(from, Math.min(to, from + NAME_LENGTH));
}

/** The record's mark makes sure that git wrote the field, so its length tells. */
function isHash(text: string): text is CommitHash {
  return text.length === 40 || text.length === 64;
}

function cut(text: string, length: number): string {
  return text.length > length ? text.slice(0, length) : text;
}

/** What git says as seconds. Digits are added up here: making a text and then a number of it takes ten times as long. */
function timeIn(text: string, { from, to }: { from: number; to: number }): number {
  let seconds = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) {
      seconds = Number(text.slice(from, to));
      break;
    }
    seconds = seconds * 10 + digit;
  }
  const time = seconds * 1000;
  return Number.isFinite(time) ? Math.min(Math.max(time, FIRST_MS), LAST_MS) : 0;
}

const ZERO = 48;

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
