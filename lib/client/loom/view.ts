import { DAY_MS } from "../../time/days.ts";
/** The stretch of time that a loom shows, Unix milliseconds. */
export interface LoomView {
  from: number;
  to: number;
}

const MINUTE = 60_000;

/** The shortest stretch that can be looked at. */
export const SHORTEST_MS = 10 * MINUTE;

/** Stretches that a button each shows; `all` is everything there is. */
export const PRESETS = {
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
  quarter: 91 * DAY_MS,
  all: Infinity,
} as const;

/** The name of one of {@linkcode PRESETS}. */
export type Preset = keyof typeof PRESETS;

/** Everything there is, with a margin of a fiftieth on both sides. */
export function wholeView({ from, to }: LoomView): LoomView {
  const margin = Math.max((to - from) / 50, SHORTEST_MS / 2);
  return { from: from - margin, to: to + margin };
}

/** A view held inside `bounds`, neither longer than they are nor shorter than {@linkcode SHORTEST_MS}. */
export function clampView(view: LoomView, bounds: LoomView): LoomView {
  const most = bounds.to - bounds.from;
  const length = Math.min(most, Math.max(SHORTEST_MS, view.to - view.from));
  const middle = (view.from + view.to) / 2;
  const from = Math.min(bounds.to - length, Math.max(bounds.from, middle - length / 2));
  return { from, to: from + length };
}

/**
 * Shows a longer or shorter stretch around a point that stays where it is.
 *
 * @param factor Above 1 zooms in.
 * @param at Where the point is, from 0 (left) to 1 (right).
 */
export function zoomView(
  view: LoomView,
  { factor, at, bounds }: { factor: number; at: number; bounds: LoomView },
): LoomView {
  const length = view.to - view.from;
  const most = bounds.to - bounds.from;
  const newLength = Math.min(most, Math.max(SHORTEST_MS, length / factor));
  const from = view.from + at * (length - newLength);
  return clampView({ from, to: from + newLength }, bounds);
}

/** Moves the view by a share of its length: above 0 to later times. */
export function panView(view: LoomView, share: number, bounds: LoomView): LoomView {
  const by = (view.to - view.from) * share;
  return clampView({ from: view.from + by, to: view.to + by }, bounds);
}

/** Where a view goes when there is more to see: with the end or with everything, if it showed these, else nowhere. */
export function followView(view: LoomView, before: LoomView, bounds: LoomView): LoomView {
  const length = view.to - view.from;
  const all = before.to - before.from;
  if (length >= all * 0.999) return bounds;
  const isAtEnd = view.to >= before.to - all / 1_000;
  return clampView(isAtEnd ? { from: bounds.to - length, to: bounds.to } : view, bounds);
}

/** A preset's stretch, ending where the view ends or, if the view ends with everything, there. */
export function presetView(view: LoomView, preset: Preset, bounds: LoomView): LoomView {
  if (preset === "all") return bounds;
  const length = Math.min(PRESETS[preset], bounds.to - bounds.from);
  return clampView({ from: view.to - length, to: view.to }, bounds);
}

/** The preset whose length the view has; null where it has none's. */
export function presetOf(view: LoomView, bounds: LoomView): Preset | null {
  const length = view.to - view.from;
  if (length >= (bounds.to - bounds.from) * 0.999) return "all";
  const names = Object.keys(PRESETS) as Preset[];
  return names.find((name) => Math.abs(length / PRESETS[name] - 1) < 0.001) ?? null;
}
