/** Which lane each session lies in, from 0, and how many there are. */
export interface Lanes {
  of: Int32Array;
  count: number;
}

/**
 * Gives every session a lane, so that no two in a lane overlap: the topmost one that is free. Sessions come in the order
 * of their starts.
 *
 * @param gapMs How far apart two sessions of a lane must be. @default {0}
 */
export function assignLanes(
  starts: readonly number[],
  ends: readonly number[],
  gapMs = 0,
): Lanes {
  const of = new Int32Array(starts.length);
  const freeFrom: number[] = [];
  for (let i = 0; i < starts.length; i++) {
    let lane = freeFrom.findIndex((free) => free + gapMs <= starts[i]);
    if (lane === -1) lane = freeFrom.length;
    freeFrom[lane] = ends[i];
    of[i] = lane;
  }
  return { of, count: freeFrom.length };
}
