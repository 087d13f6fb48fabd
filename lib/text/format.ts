const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A count with its thousands apart: `8,310`. */
export function formatCount(value: number): string {
  // A page holds hundreds of counts, and `Intl` takes a while to load.
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/**
 * A count with its noun: `1 commit`, `8,310 commits`.
 *
 * @param plural The noun for every count but one. @default The noun with an `s`.
 */
export function formatCounted(value: number, noun: string, plural: string = `${noun}s`): string {
  return `${formatCount(value)} ${value === 1 ? noun : plural}`;
}

/** A share from 0 to 1 as whole percents. Only all is `100%`, and only none is `0%`. */
export function formatShare(share: number): string {
  if (share <= 0) return "0%";
  if (share >= 1) return "100%";
  return `${Math.min(99, Math.max(1, Math.round(share * 100)))}%`;
}

/** How long ago `at` was, in the largest unit that fits: `2 minutes ago`. Times to come are `just now`. */
export function formatAgo(at: number, now: number): string {
  const passed = now - at;
  if (passed < 10 * SECOND) return "just now";
  if (passed < MINUTE) return `${Math.floor(passed / SECOND)} seconds ago`;
  if (passed < HOUR) return `${formatCounted(Math.floor(passed / MINUTE), "minute")} ago`;
  if (passed < DAY) return `${formatCounted(Math.floor(passed / HOUR), "hour")} ago`;
  if (passed < 60 * DAY) return `${formatCounted(Math.floor(passed / DAY), "day")} ago`;
  if (passed < 730 * DAY) {
    return `${formatCounted(Math.floor(passed / (30.44 * DAY)), "month")} ago`;
  }
  return `${formatCounted(Math.floor(passed / (365.25 * DAY)), "year")} ago`;
}

/** A length of time in at most two units: `850 ms`, `12 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export function formatDuration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < SECOND) return `${Math.round(length)} ms`;
  if (length < 10 * SECOND) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < HOUR) return twoUnits(length, [MINUTE, "min"], [SECOND, "s"]);
  if (length < DAY) return twoUnits(length, [HOUR, "h"], [MINUTE, "min"]);
  return twoUnits(length, [DAY, "d"], [HOUR, "h"]);
}

/** Minutes as a figure that stands large, in one unit: `45 min`, `9.5 h`, `1,204 h`. */
export function formatHours(minutes: number): string {
  if (minutes < 60) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  return `${hours < 10 ? hours.toFixed(1) : formatCount(hours)} h`;
}

/** Bytes in powers of 1,024: `17 B`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

function twoUnits(
  length: number,
  [large, largeName]: [number, string],
  [small, smallName]: [number, string],
): string {
  const first = Math.floor(length / large);
  const second = Math.floor((length % large) / small);
  return second === 0 ? `${first} ${largeName}` : `${first} ${largeName} ${second} ${smallName}`;
}
