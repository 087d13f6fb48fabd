import { HINT, isPlaceholder, isRandom, RULES } from "./rules.ts";

/** A piece of a text that is likely to be a secret; both ends are in UTF-16 units. */
export interface SecretSpan {
  start: number;
  end: number;
  /** What it looks like, such as `API key`. */
  kind: string;
}

/** A piece of a text: plain, or likely to be a secret. */
export interface SecretPiece {
  text: string;
  /** What it looks like; null where it is plain. */
  kind: string | null;
}

/** What stands for a secret that is not shown. */
export const MASK = "••••••";

const PRIVATE_KEY = "private key";
const BEGIN = /-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----/g;
const END = "-----END";
const LONGEST_KEY = 20_000;
/** What is left of a key in its last line. */
const LAST_OF_KEY = /^[ \t]{0,8}[A-Za-z0-9+/]{2,76}={0,2}$/;
/** How much of a text is looked at. */
const MOST_TEXT = 1_000_000;

/** Finds what is likely to be a secret: keys of known shapes, passwords in addresses, values with telling names. */
export function findSecrets(text: string): SecretSpan[] {
  const looked = text.length > MOST_TEXT ? text.slice(0, MOST_TEXT) : text;
  if (!HINT.test(looked)) return [];
  const found: SecretSpan[] = keysIn(looked);
  for (const { kind, pattern, doubt } of RULES) {
    for (const match of looked.matchAll(pattern)) {
      const [start, end] = match.indices![match.length > 1 ? 1 : 0]!;
      const value = looked.slice(start, end);
      if (isPlaceholder(value) || (doubt !== undefined && !isRandom(value, doubt))) continue;
      found.push({ start, end, kind });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: SecretSpan[] = [];
  for (const span of found) {
    const last = apart.at(-1);
    if (last === undefined || span.start >= last.end) apart.push(span);
    else last.end = Math.max(last.end, span.end);
  }
  return apart;
}

/**
 * Finds likely secrets in lines that follow each other: a key's last line is recognised only by the lines before it.
 *
 * @returns For each line what is to be hidden in it.
 */
export function findSecretsInLines(lines: readonly string[]): SecretSpan[][] {
  const found: SecretSpan[][] = lines.map(() => []);
  let line = 0;
  let from = 0;
  for (const { start, end, kind } of findSecrets(lines.join("\n"))) {
    while (start > from + lines[line].length) from += lines[line++].length + 1;
    let at = from;
    for (let i = line; i < lines.length && at < end; at += lines[i++].length + 1) {
      const span = {
        start: Math.max(0, start - at),
        end: Math.min(lines[i].length, end - at),
        kind,
      };
      if (span.end > span.start) found[i].push(span);
    }
  }
  for (let i = 1; i < lines.length; i++) {
    const follows = found[i - 1].at(-1)?.kind === PRIVATE_KEY && found[i].length === 0;
    if (!follows || !LAST_OF_KEY.test(lines[i])) continue;
    found[i].push({ start: 0, end: lines[i].length, kind: PRIVATE_KEY });
  }
  return found;
}

/** Splits a text into what may be shown and what is likely to be a secret. */
export function splitSecrets(text: string): SecretPiece[] {
  const pieces: SecretPiece[] = [];
  let at = 0;
  for (const { start, end, kind } of findSecrets(text)) {
    if (start > at) pieces.push({ text: text.slice(at, start), kind: null });
    pieces.push({ text: text.slice(start, end), kind });
    at = end;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), kind: null });
  return pieces;
}

/** The text with {@linkcode MASK} in place of what is likely to be a secret. */
export function maskSecrets(text: string): string {
  return splitSecrets(text).map(({ text, kind }) => kind === null ? text : MASK).join("");
}

/** What stands between the ends of keys, or behind the beginning of one that has no end. */
function keysIn(text: string): SecretSpan[] {
  const found: SecretSpan[] = [];
  let next = -1;
  for (const { index, 0: { length } } of text.matchAll(BEGIN)) {
    const start = index + length;
    if (start < (found.at(-1)?.end ?? 0)) continue;
    if (next < start) next = text.indexOf(END, start);
    const far = Math.min(text.length, start + LONGEST_KEY);
    const end = next === -1 ? far : Math.min(next, far);
    if (end > start) found.push({ start, end, kind: PRIVATE_KEY });
    if (next === -1) next = text.length;
  }
  return found;
}
