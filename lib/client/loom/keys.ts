import type { LoomData } from "../../domain/loom.ts";

import { firstAtOrAfter, type LoomIndex, type LoomTarget } from "./index.ts";
import { type LoomView, panView, zoomView } from "./view.ts";

/** What a key asks of a loom. */
export type LoomCommand =
  | { kind: "view"; view: LoomView }
  | { kind: "target"; target: LoomTarget | null }
  | { kind: "open" };

/** Where a loom stands when a key is pressed. */
export interface LoomPlace {
  data: LoomData;
  index: LoomIndex;
  view: LoomView;
  bounds: LoomView;
  target: LoomTarget | null;
}

/** What keys do, for those who ask. */
export const LOOM_KEYS =
  "Left and right step through commits or sessions, up and down follow a thread, enter opens. " +
  "Plus and minus zoom, shift with left and right moves, 0 shows everything, escape lets go.";

/** What a key means; null where it means nothing here. */
export function loomCommand(
  { key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">,
  place: LoomPlace,
): LoomCommand | null {
  const { view, bounds, data, target } = place;
  switch (key) {
    case "+":
    case "=":
      return { kind: "view", view: zoomView(view, { factor: 1.6, at: 0.5, bounds }) };
    case "-":
    case "_":
      return { kind: "view", view: zoomView(view, { factor: 1 / 1.6, at: 0.5, bounds }) };
    case "0":
      return { kind: "view", view: bounds };
    case "ArrowLeft":
    case "ArrowRight": {
      const by = key === "ArrowLeft" ? -1 : 1;
      if (shiftKey) return { kind: "view", view: panView(view, by * 0.25, bounds) };
      return { kind: "target", target: step(place, by) };
    }
    case "Home":
      return { kind: "target", target: nth(data, target, 0) };
    case "End":
      return { kind: "target", target: nth(data, target, Infinity) };
    case "ArrowUp":
      return { kind: "target", target: follow(place, "session") };
    case "ArrowDown":
      return { kind: "target", target: follow(place, "commit") };
    case "Enter":
      return target === null ? null : { kind: "open" };
    case "Escape":
      return target === null ? null : { kind: "target", target: null };
    default:
      return null;
  }
}

/** The next of the same kind in time; from nothing, the newest commit in view. */
function step({ data, view, target }: LoomPlace, by: 1 | -1): LoomTarget | null {
  if (target === null || target.kind === "link") {
    const { times } = data.commits;
    if (times.length === 0) return nth(data, { kind: "session", place: 0 }, Infinity);
    const newest = Math.max(0, firstAtOrAfter(times, view.to) - 1);
    return { kind: "commit", place: newest };
  }
  return nth(data, target, target.place + by);
}

function nth(data: LoomData, target: LoomTarget | null, place: number): LoomTarget | null {
  const kind = target?.kind === "session" ? "session" : "commit";
  const count = kind === "session" ? data.sessions.ids.length : data.commits.times.length;
  if (count === 0) return null;
  return { kind, place: Math.min(count - 1, Math.max(0, place)) };
}

function follow({ data, index, target }: LoomPlace, to: "session" | "commit"): LoomTarget | null {
  if (target === null || target.kind === to) return target;
  const [link] = index.linksOf(target);
  if (link === undefined) return target;
  return { kind: to, place: data.links[to === "session" ? "sessions" : "commits"][link] };
}

/** When a target is, Unix milliseconds. */
export function timeOfTarget(data: LoomData, { kind, place }: LoomTarget): number {
  switch (kind) {
    case "session":
      return data.sessions.ends[place];
    case "commit":
      return data.commits.times[place];
    case "link":
      return data.commits.times[data.links.commits[place]];
    default:
      return kind satisfies never;
  }
}
