import { instantOf, type ZoneOffset } from "../../time/zone.ts";
import type { LoomView } from "./view.ts";

/** A mark on the line of time. */
export interface Tick {
  at: number;
  label: string;
  /** Begins a longer unit: a day among hours, a month among days, a year among months. */
  strong: boolean;
}

/** Whose clocks and weeks the marks follow. */
export interface Calendar {
  offset: ZoneOffset;
  /** 0 is Sunday. */
  weekStart: number;
}

type Unit = "minute" | "hour" | "day" | "week" | "month" | "year";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: [unit: Unit, count: number, ms: number][] = [
  ["minute", 5, 5 * MINUTE],
  ["minute", 15, 15 * MINUTE],
  ["hour", 1, HOUR],
  ["hour", 3, 3 * HOUR],
  ["hour", 6, 6 * HOUR],
  ["hour", 12, 12 * HOUR],
  ["day", 1, DAY],
  ["day", 2, 2 * DAY],
  ["week", 1, 7 * DAY],
  ["month", 1, 30.44 * DAY],
  ["month", 3, 91.31 * DAY],
  ["year", 1, 365.25 * DAY],
  ["year", 5, 1_826.25 * DAY],
  ["year", 25, 9_131.25 * DAY],
];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Marks round times, at least `room` apart.
 *
 * @param room The least share of the view between two marks, from 0 to 1.
 */
export function ticksOf(view: LoomView, room: number, { offset, weekStart }: Calendar): Tick[] {
  const least = (view.to - view.from) * room;
  const [unit, count] = STEPS.find(([, , ms]) => ms >= least) ?? STEPS[STEPS.length - 1];
  const ticks: Tick[] = [];
  // What clocks show is counted in, so that marks fall on round times whatever clocks do.
  let shown = floorTo(view.from + offset(view.from), { unit, count, weekStart });
  for (let at = instantOf(shown, offset); at <= view.to; at = instantOf(shown, offset)) {
    const isNew = ticks.length === 0 || at > ticks[ticks.length - 1].at;
    if (at >= view.from && isNew) ticks.push({ at, ...describe(shown, unit) });
    shown = following(shown, unit, count);
  }
  return ticks;
}

function floorTo(
  shown: number,
  { unit, count, weekStart }: { unit: Unit; count: number; weekStart: number },
): number {
  const date = new Date(shown);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (unit) {
    case "minute":
      return Math.floor(shown / (count * MINUTE)) * count * MINUTE;
    case "hour":
      return Math.floor(shown / (count * HOUR)) * count * HOUR;
    case "day":
      return Date.UTC(year, month, 1 + Math.floor((date.getUTCDate() - 1) / count) * count);
    case "week":
      return Date.UTC(year, month, date.getUTCDate() - (date.getUTCDay() - weekStart + 7) % 7);
    case "month":
      return Date.UTC(year, Math.floor(month / count) * count, 1);
    case "year":
      return Date.UTC(Math.floor(year / count) * count, 0, 1);
    default:
      return unit satisfies never;
  }
}

function following(shown: number, unit: Unit, count: number): number {
  const date = new Date(shown);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (unit) {
    case "minute":
      return shown + count * MINUTE;
    case "hour":
      return shown + count * HOUR;
    case "day": {
      const next = new Date(Date.UTC(year, month, day + count));
      const isSameMonth = next.getUTCMonth() === month;
      return isSameMonth ? next.getTime() : Date.UTC(year, month + 1, 1);
    }
    case "week":
      return shown + 7 * count * DAY;
    case "month":
      return Date.UTC(year, month + count, 1);
    case "year":
      return Date.UTC(year + count, 0, 1);
    default:
      return unit satisfies never;
  }
}

function describe(shown: number, unit: Unit): Omit<Tick, "at"> {
  const date = new Date(shown);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  switch (unit) {
    case "minute":
    case "hour": {
      const isMidnight = shown % DAY === 0;
      const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
      return { label: isMidnight ? day : clock, strong: isMidnight };
    }
    case "day":
    case "week":
      return { label: day, strong: date.getUTCDate() === 1 };
    case "month": {
      const isNewYear = date.getUTCMonth() === 0;
      const label = isNewYear ? String(date.getUTCFullYear()) : MONTHS[date.getUTCMonth()];
      return { label, strong: isNewYear };
    }
    case "year":
      return { label: String(date.getUTCFullYear()), strong: true };
    default:
      return unit satisfies never;
  }
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
