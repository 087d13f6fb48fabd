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
