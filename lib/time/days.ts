import { instantOf, zoneOffset } from "./zone.ts";

/** How long one bucket of a chart is. */
export type Granularity = "day" | "week" | "month";

/** A stretch of days in a time zone. */
export interface Bucket {
  /** The first day, `YYYY-MM-DD`. */
  date: string;
  /** Unix milliseconds, inclusive. */
  from: number;
  /** Unix milliseconds, exclusive. */
  to: number;
}

/** A day of 24 hours. */
export const DAY_MS = 86_400_000;
const MOST_DAYS = 400;
const MOST_WEEKS_IN_DAYS = 2_800;
const MOST_MONTHS_IN_DAYS = 15_000;

/** The coarsest reading that still says something: days up to about a year, weeks up to about eight, then months. */
function granularityOf(from: number, to: number): Granularity {
  const days = (to - from) / DAY_MS;
  if (days <= MOST_DAYS) return "day";
  return days <= MOST_WEEKS_IN_DAYS ? "week" : "month";
}

/**
 * Cuts a range into whole days (weeks, months) of a time zone. A day with a change of clocks has 23 or 25
 * hours.
 *
 * @param from Unix milliseconds: the first bucket holds it.
 * @param options.weekStart The day that weeks begin with, 0 for Sunday. @default {1}
 * @param to Unix milliseconds: the last bucket holds it. Forty years at most are cut; the oldest are left out.
 */
export function bucketsOf(
  from: number,
  to: number,
  { timeZone, weekStart = 1 }: { timeZone: string; weekStart?: number },
): { granularity: Granularity; buckets: Bucket[] } {
  const granularity = granularityOf(from, to);
  const start = Math.max(from, to - MOST_MONTHS_IN_DAYS * DAY_MS);
  const offset = zoneOffset(timeZone);
  const buckets: Bucket[] = [];
  const today = Math.floor((start + offset(start)) / DAY_MS) * DAY_MS;
  let day = firstDay(today, granularity, weekStart);
  let at = instantOf(day, offset);
  while (at <= to) {
    const nextDay = following(day, granularity);
    const next = instantOf(nextDay, offset);
    // A zone that moves across the date line skips a day.
    if (next > at) {
      buckets.push({ date: new Date(day).toISOString().slice(0, 10), from: at, to: next });
    }
    day = nextDay;
    at = next;
  }
  return { granularity, buckets };
}

/** The day as a time in UTC, moved to the first of its week or month. */
function firstDay(day: number, granularity: Granularity, weekStart: number): number {
  const date = new Date(day);
  if (granularity === "week") return day - ((date.getUTCDay() - weekStart + 7) % 7) * DAY_MS;
  if (granularity === "month") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return day;
}

/** The last day of a bucket that begins with a day, both `YYYY-MM-DD`. */
export function lastDay(date: string, granularity: Granularity): string {
  return new Date(following(Date.parse(date), granularity) - DAY_MS).toISOString().slice(0, 10);
}

function following(day: number, granularity: Granularity): number {
  if (granularity === "day") return day + DAY_MS;
  if (granularity === "week") return day + 7 * DAY_MS;
  const date = new Date(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
