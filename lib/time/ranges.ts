import { DAY_MS } from "./days.ts";
import { instantOf, zoneOffset } from "./zone.ts";

/** The stretches of time that the overview offers, with their length in calendar days. */
const RANGES = { week: 7, month: 30, quarter: 90, year: 365, all: null } as const;

/** The name of a range. */
export type RangeName = keyof typeof RANGES;

/** Every range, for those who parse one. */
export const RANGE_NAMES = Object.keys(RANGES) as RangeName[];

/**
 * Where a range starts: at the beginning of its first calendar day, Unix milliseconds.
 *
 * @param now Unix milliseconds; its day is the last of the range.
 */
export function rangeStart(range: RangeName, now: number, timeZone: string): number {
  const days = RANGES[range];
  if (days === null) return 0;
  const offset = zoneOffset(timeZone);
  const today = Math.floor((now + offset(now)) / DAY_MS) * DAY_MS;
  return instantOf(today - (days - 1) * DAY_MS, offset);
}
