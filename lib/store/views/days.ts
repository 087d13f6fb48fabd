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

/** Whether `Intl` knows the time zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** The coarsest reading that still says something: days up to about a year, weeks up to about eight, then months. */
function granularityOf(from: number, to: number): Granularity {
  const days = (to - from) / DAY_MS;
  if (days <= MOST_DAYS) return "day";
  return days <= MOST_WEEKS_IN_DAYS ? "week" : "month";
}

/**
 * Cuts a range into whole days (weeks from Monday, months) of a time zone. A day with a change of clocks has 23 or 25
 * hours.
 *
 * @param from Unix milliseconds: the first bucket holds it.
 * @param to Unix milliseconds: the last bucket holds it. Forty years at most are cut; the oldest are left out.
 */
export function bucketsOf(
  from: number,
  to: number,
  timeZone: string,
): { granularity: Granularity; buckets: Bucket[] } {
  const granularity = granularityOf(from, to);
  const start = Math.max(from, to - MOST_MONTHS_IN_DAYS * DAY_MS);
  const offset = zoneOffset(timeZone);
  const buckets: Bucket[] = [];
  let day = firstDay(Math.floor((start + offset(start)) / DAY_MS) * DAY_MS, granularity);
  let at = instantOf(day, offset);
  while (at <= to) {
    const nextDay = following(day, granularity);
    const next = instantOf(nextDay, offset);
    buckets.push({ date: new Date(day).toISOString().slice(0, 10), from: at, to: next });
    day = nextDay;
    at = next;
  }
  return { granularity, buckets };
}

/** The day as a time in UTC, moved to the first of its week or month. */
function firstDay(day: number, granularity: Granularity): number {
  const date = new Date(day);
  if (granularity === "week") return day - ((date.getUTCDay() + 6) % 7) * DAY_MS;
  if (granularity === "month") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return day;
}

function following(day: number, granularity: Granularity): number {
  if (granularity === "day") return day + DAY_MS;
  if (granularity === "week") return day + 7 * DAY_MS;
  const date = new Date(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** When a local midnight is; the offset is asked for twice since the first guess may lie across a change of clocks. */
function instantOf(localMidnight: number, offset: (at: number) => number): number {
  const guess = localMidnight - offset(localMidnight);
  return localMidnight - offset(guess);
}

/** A zone's distance from UTC in milliseconds, looked up once a day and kept. */
function zoneOffset(timeZone: string): (at: number) => number {
  if (timeZone === "UTC") return () => 0;
  const format = formatOf(timeZone);
  return (at) => {
    const part = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, Number(p.value)]));
    const local = Date.UTC(
      part.year,
      part.month - 1,
      part.day,
      part.hour,
      part.minute,
      part.second,
    );
    return local - Math.floor(at / 1000) * 1000;
  };
}

/** Formats are costly to make, and there are only so many zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timeZone, format);
  }
  return format;
}
