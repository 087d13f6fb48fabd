import type { Trailer } from "../links/facts.ts";

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
const SQUASHED = /^commit ([0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Finds the lines of a commit message that tell where the commit came from, wherever they stand: a squash merge
 * leaves trailers in the middle, and several of a kind.
 *
 * Lines that are no `Key: value` get a key of their own: `Generated-with`, `Cherry-picked-from`, `Reverts`, `Squashes`.
 *
 * @returns In the order of the message, repeats dropped.
 */
export function findTrailers(message: string): Trailer[] {
  const found: Trailer[] = [];
  let ids: Set<string> | null = null;
  let colon = message.indexOf(":");
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
    if (trailer === null) continue;
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
    if (key !== undefined && value !== "") return { key, value: cut(value) };
  }
  if (isProse(line.charCodeAt(0))) return null;
  for (const [key, pattern] of PATTERNS) {
    const value = pattern.exec(line)?.[1];
    if (value !== undefined) return { key, value: cut(value) };
  }
  return null;
}

const PATTERNS: readonly [string, RegExp][] = [
  ["Generated-with", GENERATED],
  ["Cherry-picked-from", PICKED],
  ["Reverts", REVERTED],
  ["Squashes", SQUASHED],
];

function cut(value: string): string {
  return value.length > VALUE_LENGTH ? value.slice(0, VALUE_LENGTH) : value;
}
