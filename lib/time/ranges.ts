import { DAY_MS } from "./days.ts";
/** The stretches of time that the overview offers, with their length in days. */
const RANGES = { week: 7, month: 30, quarter: 90, year: 365, all: null } as const;

/** The name of a range. */
export type RangeName = keyof typeof RANGES;

/** Every range, for those who parse one. */
export const RANGE_NAMES = Object.keys(RANGES) as RangeName[];

/** Where a range starts that ends at `now`, both Unix milliseconds. */
export function rangeStart(range: RangeName, now: number): number {
  const days = RANGES[range];
  return days === null ? 0 : now - (days - 1) * DAY_MS;
}
