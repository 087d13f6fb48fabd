const LOW = 0x811c9dc5;
const HIGH = 0x9e3779b9;

/**
 * Hashes a message's uuid to a number that stays exact as a float64.
 *
 * @returns An integer from 1 to 2^53 − 1.
 */
export function hashUuid(uuid: string): number {
  let low = LOW;
  let high = HIGH;
  for (let i = 0; i < uuid.length; i++) {
    const code = uuid.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
    high ^= high >>> 15;
  }
  return joined(low, high);
}

/** How many characters a uuid has that {@linkcode hashUuidAt} reads. */
export const UUID_LENGTH = 36;

/**
 * The hash of the uuid that stands in a text.
 *
 * @returns What {@linkcode hashUuid} gives, or 0 where something else stands there.
 */
export function hashUuidAt(text: string, at: number): number {
  let low = LOW;
  let high = HIGH;
  for (let i = 0; i < UUID_LENGTH; i++) {
    const code = text.charCodeAt(at + i);
    const dash = i === 8 || i === 13 || i === 18 || i === 23;
    if (dash ? code !== 45 : !((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return 0;
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
    high ^= high >>> 15;
  }
  return joined(low, high);
}

function joined(low: number, high: number): number {
  return ((high >>> 0) & 0x1fffff) * 0x100000000 + (low >>> 0) || 1;
}
