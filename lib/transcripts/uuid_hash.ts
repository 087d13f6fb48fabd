/**
 * Hashes a message's uuid to a number that stays exact as a float64.
 *
 * @returns An integer from 1 to 2^53 − 1.
 */
export function hashUuid(uuid: string): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let i = 0; i < uuid.length; i++) {
    const code = uuid.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
    high ^= high >>> 15;
  }
  return ((high >>> 0) & 0x1fffff) * 0x100000000 + (low >>> 0) || 1;
}
