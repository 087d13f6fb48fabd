/** Writes times the way a ledger does, in one time zone. */
export interface DateFormat {
  /** `2026-03-12 14:05` */
  minute(at: number): string;
  /** `2026-03-12` */
  day(at: number): string;
  /** `14:05` */
  clock(at: number): string;
  /** `Thu 12 March 2026` */
  longDay(at: number): string;
}

const formats = new Map<string, DateFormat>();

/**
 * The format of a time zone.
 *
 * @param timeZone An IANA name. @default The machine's own time zone.
 * @throws {RangeError} If the time zone is not known.
 */
export function dateFormat(timeZone?: string | null): DateFormat {
  const key = timeZone ?? "";
  let format = formats.get(key);
  if (format === undefined) formats.set(key, format = createDateFormat(timeZone ?? undefined));
  return format;
}

function createDateFormat(timeZone?: string): DateFormat {
  const digits = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const words = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  const minute = (at: number) => digits.format(at);
  return {
    minute,
    day: (at) => minute(at).slice(0, -6),
    clock: (at) => minute(at).slice(-5),
    longDay: (at) => words.format(at).replace(",", ""),
  };
}
