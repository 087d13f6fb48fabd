import type { LoomView } from "./loom_view.ts";

/** A mark on the line of time. */
export interface Tick {
  at: number;
  label: string;
  /** Begins a longer unit: a day among hours, a month among days, a year among months. */
  strong: boolean;
}

type Unit = "minute" | "hour" | "day" | "month" | "year";

const STEPS: [unit: Unit, count: number, ms: number][] = [
  ["minute", 5, 300_000],
  ["minute", 15, 900_000],
  ["hour", 1, 3_600_000],
  ["hour", 3, 10_800_000],
  ["hour", 6, 21_600_000],
  ["hour", 12, 43_200_000],
  ["day", 1, 86_400_000],
  ["day", 2, 172_800_000],
  ["day", 7, 604_800_000],
  ["month", 1, 2_629_800_000],
  ["month", 3, 7_889_400_000],
  ["year", 1, 31_557_600_000],
  ["year", 5, 157_788_000_000],
  ["year", 25, 788_940_000_000],
];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Marks round times of the local time zone, about `room` apart.
 *
 * @param room The least share of the view between two marks, from 0 to 1.
 */
export function ticksOf(view: LoomView, room: number): Tick[] {
  const least = (view.to - view.from) * room;
  const [unit, count] = STEPS.find(([, , ms]) => ms >= least) ?? STEPS[STEPS.length - 1];
  const date = floorTo(new Date(view.from), unit, count);
  const ticks: Tick[] = [];
  while (date.getTime() <= view.to) {
    if (date.getTime() >= view.from) ticks.push(tickAt(date, unit));
    advance(date, unit, count);
  }
  return ticks;
}

function floorTo(date: Date, unit: Unit, count: number): Date {
  date.setSeconds(0, 0);
  if (unit === "minute") {
    date.setMinutes(date.getMinutes() - date.getMinutes() % count);
    return date;
  }
  date.setMinutes(0);
  if (unit === "hour") {
    date.setHours(date.getHours() - date.getHours() % count);
    return date;
  }
  date.setHours(0);
  if (unit === "day") {
    // Weeks begin on Monday; other steps begin with the month.
    const back = count === 7 ? (date.getDay() + 6) % 7 : (date.getDate() - 1) % count;
    date.setDate(date.getDate() - back);
    return date;
  }
  date.setDate(1);
  if (unit === "month") date.setMonth(date.getMonth() - date.getMonth() % count);
  else date.setFullYear(date.getFullYear() - date.getFullYear() % count, 0);
  return date;
}

function advance(date: Date, unit: Unit, count: number): void {
  switch (unit) {
    case "minute":
      return void date.setTime(date.getTime() + count * 60_000);
    case "hour": {
      const before = date.getTime();
      date.setHours(date.getHours() + count);
      // Where clocks are set back an hour comes twice.
      if (date.getTime() <= before) date.setTime(before + count * 3_600_000);
      return;
    }
    case "day":
      if (count !== 2) return void date.setDate(date.getDate() + count);
      date.setDate(date.getDate() + count);
      if (date.getDate() % 2 === 0) date.setDate(1);
      return;
    case "month":
      return void date.setMonth(date.getMonth() + count);
    case "year":
      return void date.setFullYear(date.getFullYear() + count);
    default:
      unit satisfies never;
  }
}

function tickAt(date: Date, unit: Unit): Tick {
  const at = date.getTime();
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  const dayLabel = `${date.getDate()} ${MONTHS[date.getMonth()]}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  switch (unit) {
    case "minute":
    case "hour":
      return { at, label: isMidnight ? dayLabel : clock, strong: isMidnight };
    case "day":
      return { at, label: dayLabel, strong: date.getDate() === 1 };
    case "month":
      return date.getMonth() === 0
        ? { at, label: String(date.getFullYear()), strong: true }
        : { at, label: MONTHS[date.getMonth()], strong: false };
    case "year":
      return { at, label: String(date.getFullYear()), strong: true };
    default:
      return unit satisfies never;
  }
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
