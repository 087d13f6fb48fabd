import type { Activity } from "../domain/session_events.ts";

/**
 * Splits a session's messages into activities.
 *
 * @param times Message times, Unix milliseconds, in any order.
 * @param options.pauseMs The longest pause inside one activity. @default {1_800_000}
 * @returns Disjoint intervals in ascending order, both ends inclusive.
 * @throws {RangeError} If a time is not finite.
 */
export function splitActivities(
  times: Float64Array,
  options: { pauseMs?: number } = {},
): Activity[] {
  const pauseMs = options.pauseMs ?? 1_800_000;
  const activities: Activity[] = [];
  let current: Activity | undefined;
  for (const at of inOrder(times)) {
    if (!Number.isFinite(at)) throw new RangeError(`Cannot split activities: ${at} is not a time`);
    if (current !== undefined && at - current.endedAt <= pauseMs) current.endedAt = at;
    else activities.push(current = { startedAt: at, endedAt: at });
  }
  return activities;
}

/** The times in ascending order, copied only where they are not. */
function inOrder(times: Float64Array): Float64Array {
  for (let i = 1; i < times.length; i++) {
    if (!(times[i - 1] <= times[i])) return times.slice().sort();
  }
  return times;
}
