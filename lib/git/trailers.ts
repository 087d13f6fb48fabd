import type { Trailer } from "../links/facts.ts";

/** What is kept of one line, and of all of them: a squash of hundreds of commits may carry thousands. */
const VALUE_LENGTH = 512;
const TRAILERS = 1_000;

const SHORTEST_LINE = 8;
const LONGEST_LINE = 4_096;

/** Keys that tell who or what made a commit, or which commit it once was. */
const KEPT =
  /^(?:co-authored-by|assisted-by|generated-by|made-with|change-id|claude-session|[\w-]*(?:session|checkpoint|agent|conversation|thread)(?:-id|-url)?|entire-[\w-]+)$/i;

const TRAILER = /^\s{0,3}([A-Za-z][A-Za-z0-9-]{2,60}):[ \t]*(\S.*)$/;
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
  if (!MAYBE.test(message)) return [];
  const found = new Map<string, Trailer>();
  for (const line of message.split("\n")) {
    if (line.length < SHORTEST_LINE || line.length > LONGEST_LINE) continue;
    const trailer = trailerOf(line.trimEnd());
    if (trailer === null) continue;
    const id = `${trailer.key.toLowerCase()}:${trailer.value}`;
    if (!found.has(id)) found.set(id, trailer);
    if (found.size === TRAILERS) break;
  }
  return [...found.values()];
}

/** Most messages hold nothing of the kind, which is told in one go. */
const MAYBE = /:|Generated|cherry picked|reverts|^commit [0-9a-f]{40}/im;

function trailerOf(line: string): Trailer | null {
  const match = TRAILER.exec(line);
  if (match !== null) {
    return KEPT.test(match[1]) ? { key: match[1], value: cut(match[2]) } : null;
  }
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
