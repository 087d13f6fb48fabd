import type { SessionId } from "../domain/ids.ts";
import { FNV_START, mixFnv } from "../text/fnv.ts";
import { name } from "../text/json.ts";

/** How many characters a uuid has. */
export const UUID_LENGTH = 36;

/** Where in a uuid the digits stand that its hash is made of: those that differ most, whatever its version. */
const HIGH_DIGITS = [31, 32, 33, 34, 35];
const LOW_DIGITS = [4, 5, 6, 7, 9, 10, 11, 12];

/** The value of a hex digit by its character code, 255 for any other character. */
const DIGITS = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 16; digit++) DIGITS[digit.toString(16).charCodeAt(0)] = digit;

const DASH = 45;
const QUOTE = 34;

/**
 * Hashes a message's uuid to a number that stays exact as a float64: 13 of its digits, or any text's 53-bit hash.
 *
 * @returns An integer from 1 to 2^53 − 1.
 */
export function hashUuid(uuid: string): number {
  return uuid.length === UUID_LENGTH && digitsAt(uuid, 0) || hashText(uuid);
}

/**
 * The hash of the uuid that stands in a text, with a quote behind it.
 *
 * @returns What {@linkcode hashUuid} gives, or 0 where something else stands there.
 */
export function hashUuidAt(text: string, at: number): number {
  if (text.charCodeAt(at + UUID_LENGTH) !== QUOTE) return 0;
  const hash = digitsAt(text, at);
  return hash !== 0 && text.indexOf('"', at) === at + UUID_LENGTH ? hash : 0;
}

/** The number that a uuid's digits make, or 0 where they are none. */
function digitsAt(text: string, at: number): number {
  if (text.charCodeAt(at + 8) !== DASH || text.charCodeAt(at + 13) !== DASH) return 0;
  if (text.charCodeAt(at + 18) !== DASH || text.charCodeAt(at + 23) !== DASH) return 0;
  let odd = 0;
  let high = 0;
  for (const place of HIGH_DIGITS) {
    const digit = DIGITS[text.charCodeAt(at + place)] ?? 255;
    odd |= digit;
    high = high << 4 | digit;
  }
  let low = 0;
  for (const place of LOW_DIGITS) {
    const digit = DIGITS[text.charCodeAt(at + place)] ?? 255;
    odd |= digit;
    low = low << 4 | digit;
  }
  return odd > 15 ? 0 : high * 0x100000000 + (low >>> 0);
}

function hashText(text: string): number {
  let low = FNV_START;
  let high = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = mixFnv(low, code);
    high = Math.imul(high ^ code, 0x5bd1e995);
    high ^= high >>> 15;
  }
  return ((high >>> 0) & 0x1fffff) * 0x100000000 + (low >>> 0) || 1;
}

/** The value where it can be a session's id, which stands in the address of the session's page; else null. */
export function sessionIdOf(value: unknown): SessionId | null {
  const id = name(value);
  return id === null || NEVER_IN_IDS.test(id) ? null : id as SessionId;
}

/** What would end a part of an address, or lead out of it. */
// deno-lint-ignore no-control-regex
const NEVER_IN_IDS = /[\u0000-\u0020\u007f/\\?#%]|^\.{1,2}$/;
