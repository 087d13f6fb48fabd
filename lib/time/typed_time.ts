import { instantOf, zoneOffset } from "./zone.ts";

const DAY_MS = 86_400_000;
const LONGEST_DATE = 8.64e15;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** Whether a text is a date (`2026-03-01`) or a time with its zone (`2026-03-01T09:30:00Z`). */
export function isTypedTime(text: string): boolean {
  const valid = DATE.test(text) || DATE_TIME.test(text);
  return valid && Math.abs(Date.parse(text)) <= LONGEST_DATE;
}

/** A stretch of time as it is typed: dates or times, both inclusive. */
export interface TypedRange {
  from?: string;
  to?: string;
  /** Where dates without a time are days. @default {"UTC"} */
  timeZone?: string;
}

/**
 * The stretch of time that somebody typed, in Unix milliseconds, both ends inclusive: a date is all of its day.
 *
 * `from` and `to` are as {@linkcode isTypedTime} takes them.
 */
export function rangeOf({ from, to, timeZone }: TypedRange): { from?: number; to?: number } {
  return {
    from: from === undefined ? undefined : instant(from, timeZone, 0),
    to: to === undefined ? undefined : instant(to, timeZone, DAY_MS),
  };
}

/** When a time is, or, of a date, `into` milliseconds after its day began; one less, so that the day's end belongs to it. */
function instant(text: string, timeZone = "UTC", into: number): number {
  const at = Date.parse(text);
  if (!DATE.test(text)) return at;
  return instantOf(at + into, zoneOffset(timeZone)) - (into === 0 ? 0 : 1);
}
