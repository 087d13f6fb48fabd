/** A time zone's distance from UTC at a moment, in milliseconds: east of Greenwich is above 0. */
export type ZoneOffset = (at: number) => number;

/** Formats are costly to make, and there are only so many zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Tells how far a time zone is from UTC.
 *
 * @param timeZone An IANA name. @default The machine's own time zone.
 * @throws {RangeError} If the time zone is not known.
 */
export function zoneOffset(timeZone?: string): ZoneOffset {
  if (timeZone === "UTC") return () => 0;
  if (timeZone === undefined) return (at) => -new Date(at).getTimezoneOffset() * 60_000;
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

const DAY_MS = 86_400_000;

/**
 * When clocks show a time: the first time, if they show it twice, and the moment that they are set forward, if they skip it.
 *
 * @param shown What clocks show, as Unix milliseconds of the same time in UTC.
 */
export function instantOf(shown: number, offset: ZoneOffset): number {
  const before = shown - offset(shown - DAY_MS);
  const after = shown - offset(shown + DAY_MS);
  const [first, second] = before < after ? [before, after] : [after, before];
  const shows = (at: number) => at + offset(at) === shown;
  return shows(first) ? first : shows(second) ? second : Math.max(first, second);
}

/** The day that calendars in a time zone show at a moment, `YYYY-MM-DD`. */
export function dayIn(timeZone: string, at: number): string {
  return new Date(at + zoneOffset(timeZone)(at)).toISOString().slice(0, 10);
}

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
