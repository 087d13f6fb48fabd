/** No transcript is older than 2001-09-09, and none is from the year 2100. */
const EARLIEST = 1_000_000_000_000;
const LATEST = 4_102_444_800_000;

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

/**
 * Reads a time that is a number of milliseconds.
 *
 * @returns Unix milliseconds, or null where it is no time or one that no transcript can have.
 */
export function parseMilliseconds(value: unknown): number | null {
  if (typeof value !== "number") return null;
  const at = Math.floor(value);
  return at >= EARLIEST && at < LATEST ? at : null;
}

/** How many characters a time has that a {@linkcode TimeReader} reads. */
export const TIME_LENGTH = 24;

const MINUTE_LENGTH = "2026-02-12T16:02".length;
const REST = [58, 0, 0, 46, 0, 0, 0, 90];

/** Reads times such as `2026-02-12T16:02:23.545Z` that stand in texts: mostly of the same minute as the one before. */
export class TimeReader {
  #minute = "";
  #start = NaN;

  /** @returns What {@linkcode parseTime} gives. */
  read(value: unknown): number | null {
    const spelled = typeof value === "string" && value.length === TIME_LENGTH;
    return (spelled ? this.at(value, 0) : null) ?? parseTime(value);
  }

  /** @returns What {@linkcode parseTime} gives, or null where it is spelled otherwise. */
  at(text: string, at: number): number | null {
    const rest = at + MINUTE_LENGTH;
    for (let i = 0; i < REST.length; i++) {
      const code = text.charCodeAt(rest + i);
      if (REST[i] === 0 ? code < 48 || code > 57 : code !== REST[i]) return null;
    }
    const minute = text.slice(at, rest);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#start = Date.parse(`${minute}:00.000Z`);
    }
    const second = number(text, rest + 1, 2);
    const time = second < 60 ? this.#start + second * 1_000 + number(text, rest + 4, 3) : NaN;
    return time >= EARLIEST && time < LATEST ? time : null;
  }
}

function number(text: string, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}
