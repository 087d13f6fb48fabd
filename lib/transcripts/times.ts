/** No transcript is older than 2001-09-09, and none is from the year 2100. */
const EARLIEST = 1_000_000_000_000;
const LATEST = 4_102_444_800_000;

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/**
 * Reads a line's timestamp.
 *
 * @returns Unix milliseconds, or null where it is no time or one that no transcript can have.
 */
export function parseTime(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const at = Date.parse(value);
  return at >= EARLIEST && at < LATEST ? at : null;
}

/** How many characters a time has that {@linkcode timeAt} reads. */
export const TIME_LENGTH = 24;

/**
 * Reads the time `2026-02-12T16:02:23.545Z` that stands in a text.
 *
 * @returns What {@linkcode parseTime} gives, or null where it is spelled otherwise.
 */
export function timeAt(text: string, at: number): number | null {
  for (let i = 0; i < TIME_LENGTH; i++) {
    const code = text.charCodeAt(at + i);
    const expected = PUNCTUATION[i];
    if (expected === 0 ? code < 48 || code > 57 : code !== expected) return null;
  }
  const year = two(text, at) * 100 + two(text, at + 2);
  const month = two(text, at + 5);
  const day = two(text, at + 8);
  const hour = two(text, at + 11);
  const minute = two(text, at + 14);
  const second = two(text, at + 17);
  if (month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59) {
    return parseTime(text.slice(at, at + TIME_LENGTH));
  }
  const milliseconds = two(text, at + 20) * 10 + text.charCodeAt(at + 22) - 48;
  const time = dayNumber(year, month, day) * DAY + (hour * 60 + minute) * MINUTE + second * 1000 +
    milliseconds;
  return time >= EARLIEST && time < LATEST ? time : null;
}

const PUNCTUATION = Uint8Array.from(
  "0000-00-00T00:00:00.000Z",
  (character) => character === "0" ? 0 : character.charCodeAt(0),
);

function two(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
}

/** Days since 1970-01-01 in the Gregorian calendar, years counted from March. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const m = month <= 2 ? month + 9 : month - 3;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) +
    Math.floor((153 * m + 2) / 5) + day - 719_469;
}
