import type { LoomData } from "../../lib/domain/loom.ts";
import { assert } from "@std/assert";
import { describe, it } from "@std/testing/bdd";

import { layOutLoom } from "../../lib/client/loom/layout.ts";
import { paintFrame, paintLoom } from "../../lib/client/loom/paint.ts";
import { wholeView, zoomView } from "../../lib/client/loom/view.ts";
import { randomFrom } from "../support/random.ts";

/** What drawing each of these takes in a browser without a graphics card, in microseconds. */
const COSTS: Record<string, number> = {
  fillRect: 5,
  fill: 12,
  stroke: 12,
  lineTo: 20,
  bezierCurveTo: 100,
};

/** A context that only adds up what is drawn. */
function countingContext(): { context: CanvasRenderingContext2D; cost: () => number } {
  let cost = 0;
  const context = new Proxy({}, {
    get: (_, name) => () => void (cost += COSTS[String(name)] ?? 0),
    set: () => true,
  });
  return { context: context as CanvasRenderingContext2D, cost: () => cost };
}

function largeLoom(): LoomData {
  const random = randomFrom(7);
  const [sessions, commits, links] = [2_000, 20_000, 12_000];
  const year = 365 * 86_400_000;
  const sorted = (count: number) =>
    Array.from({ length: count }, () => random() * year).sort((a, b) => a - b);
  const places = (count: number, among: number) =>
    Array.from({ length: count }, () => Math.floor(random() * among));
  const starts = sorted(sessions);
  const ends = starts.map((start) => start + random() * 6 * 3_600_000);
  const times = sorted(commits);
  const ofLink = places(links, commits);
  return {
    from: 0,
    to: year,
    cut: false,
    repositories: Array.from({ length: 8 }, (_, n) => ({ id: String(n), name: `loom-${n}` })),
    sessions: {
      ids: starts.map(String),
      titles: starts.map(String),
      agents: starts.map(() => "claude-code" as const),
      starts,
      ends,
      activities: starts.map((start, i) => [start, ends[i]]),
    },
    commits: {
      hashes: times.map(String),
      repositories: places(commits, 8),
      times,
      kinds: places(commits, 3),
    },
    links: {
      sessions: ofLink.map((commit) => Math.floor(commit * sessions / commits)),
      commits: ofLink,
      tiers: places(links, 2).map((tier) => tier + 1),
      confidences: Array.from({ length: links }, random),
    },
  };
}

describe("a loom of twenty thousand commits", () => {
  it("is painted in steps that are short beside a frame, however far it is zoomed", () => {
    const data = largeLoom();
    const layout = layOutLoom(data);
    const bounds = wholeView(data);
    for (const factor of [1, 2, 5, 20, 200]) {
      const { context, cost } = countingContext();
      const view = zoomView(bounds, { factor, at: 0.5, bounds });
      const colours = { paper: "", ink: "", faint: "", rule: "", accent: "" };
      const calendar = { offset: () => 0, weekStart: 1 };
      const scene = { data, layout, view, width: 2_560, left: 120, colours, calendar, font: "" };
      let before = 0;
      for (const _ of paintLoom(context, scene)) {
        assert(cost() - before < 10_000, `${cost() - before} µs at ${factor}`);
        before = cost();
      }
      assert(cost() > 0);
    }
  });
});

describe("the labels of the line of time", () => {
  it("are whole: one that would be cut off at the end is left out", () => {
    const data = largeLoom();
    const layout = layOutLoom(data);
    const labelWidth = 40;
    const rights: number[] = [];
    const context = new Proxy({}, {
      get: (_, name) => (text: string, x: number) => {
        if (name === "fillText" && /^\d+ [A-Z]/.test(text)) rights.push(x + labelWidth);
        return name === "measureText" ? { width: labelWidth } : undefined;
      },
      set: () => true,
    }) as CanvasRenderingContext2D;
    for (let width = 800; width < 1_000; width += 7) {
      const view = { from: 0, to: 40 * 86_400_000 };
      const colours = { paper: "", ink: "", faint: "", rule: "", accent: "" };
      const calendar = { offset: () => 0, weekStart: 1 };
      paintFrame(context, { data, layout, view, width, left: 0, colours, calendar, font: "" });
      assert(rights.length > 2 && rights.every((right) => right <= width));
      rights.length = 0;
    }
  });
});
