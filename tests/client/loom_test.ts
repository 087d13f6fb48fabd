import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import { assignLanes } from "../../lib/client/loom/layout.ts";
import { firstAtOrAfter } from "../../lib/client/loom/index.ts";
import { ticksOf } from "../../lib/client/loom/ticks.ts";
import {
  clampView,
  followView,
  type LoomView,
  panView,
  presetView,
  SHORTEST_MS,
  wholeView,
  zoomView,
} from "../../lib/client/loom/view.ts";
import { zoneOffset } from "../../lib/time/zone.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 5, 30, 12);
const calendar = { offset: zoneOffset("UTC"), weekStart: 1 };

describe("lanes", () => {
  it("hold no two sessions at once, and are no more than were open at once", () => {
    const session = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 60 }));
    fc.assert(fc.property(fc.array(session, { maxLength: 60 }), (sessions) => {
      const sorted = sessions.toSorted((a, b) => a[0] - b[0]);
      const starts = sorted.map(([start]) => start);
      const ends = sorted.map(([start, length]) => start + length);
      const { of, count } = assignLanes(starts, ends);
      for (let i = 0; i < sorted.length; i++) {
        for (let j = 0; j < i; j++) {
          if (of[i] === of[j]) assert(ends[j] <= starts[i]);
        }
      }
      const most = Math.max(
        0,
        ...starts.map((at) => starts.filter((start, i) => start <= at && at < ends[i]).length),
      );
      assertEquals(count, most);
    }));
  });
});

describe("the loom's view", () => {
  const bounds = wholeView({ from: NOW - 90 * DAY, to: NOW });
  const view = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
    .map(([a, b]): LoomView => {
      const length = bounds.to - bounds.from;
      const [from, to] = [
        bounds.from + Math.min(a, b) * length,
        bounds.from + Math.max(a, b) * length,
      ];
      return clampView({ from, to }, bounds);
    });

  it("never leaves what there is, however it is moved and zoomed", () => {
    const factor = fc.double({ min: 0.01, max: 100, noNaN: true });
    const share = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(fc.property(view, factor, share, (start, by, pan) => {
      const at = Math.abs(pan) / 3;
      for (
        const next of [zoomView(start, { factor: by, at, bounds }), panView(start, pan, bounds)]
      ) {
        assert(next.from >= bounds.from - 1 && next.to <= bounds.to + 1);
        assert(next.to - next.from >= SHORTEST_MS - 1);
      }
    }));
  });

  it("keeps what is under the pointer where it is", () => {
    const start = { from: NOW - 60 * DAY, to: NOW - 30 * DAY };
    const zoomed = zoomView(start, { factor: 2, at: 0.25, bounds });
    const under = ({ from, to }: LoomView) => from + 0.25 * (to - from);
    assertEquals(under(zoomed), under(start));
  });

  it("follows what comes in where it showed the end or everything, and stays elsewhere", () => {
    const later = wholeView({ from: NOW - 90 * DAY, to: NOW + DAY });
    assertEquals(followView(bounds, bounds, later), later);
    const week = presetView(bounds, "week", bounds);
    assertEquals(followView(week, bounds, later), { from: later.to - 7 * DAY, to: later.to });
    const past = { from: NOW - 60 * DAY, to: NOW - 53 * DAY };
    assertEquals(followView(past, bounds, later), past);
  });

  it("has presets of a fixed length that end where the view ends", () => {
    const week = presetView({ from: NOW - 60 * DAY, to: NOW - 30 * DAY }, "week", bounds);
    assertEquals(week, { from: NOW - 37 * DAY, to: NOW - 30 * DAY });
    assertEquals(presetView(week, "all", bounds), bounds);
  });
});

describe("the loom's line of time", () => {
  it("has marks that ascend, lie in view and keep their distance", () => {
    const length = fc.integer({ min: SHORTEST_MS, max: 3_000 * DAY });
    const zones = fc.constantFrom(
      "UTC",
      "Europe/Berlin",
      "America/St_Johns",
      "Australia/Lord_Howe",
    );
    fc.assert(fc.property(length, zones, (span, zone) => {
      const at = { from: NOW - span, to: NOW };
      const ticks = ticksOf(at, 0.1, { offset: zoneOffset(zone), weekStart: 1 });
      ticks.forEach((tick, i) => {
        assert(tick.at >= at.from && tick.at <= at.to);
        // The end of a month comes a day early for steps of two days, and clocks change by an hour.
        if (i > 0) assert(tick.at - ticks[i - 1].at >= span * 0.04);
      });
      assert(ticks.length <= 12);
    }));
  });

  it("marks days by the reader's clocks, through a change of them", () => {
    const from = Date.parse("2026-03-27T00:00Z");
    const ticks = ticksOf({ from, to: from + 5 * DAY }, 0.18, {
      offset: zoneOffset("Europe/Berlin"),
      weekStart: 1,
    });
    assertEquals(ticks.map(({ at, label }) => [new Date(at).toISOString(), label]), [
      ["2026-03-27T23:00:00.000Z", "28 Mar"],
      ["2026-03-28T23:00:00.000Z", "29 Mar"],
      ["2026-03-29T22:00:00.000Z", "30 Mar"],
      ["2026-03-30T22:00:00.000Z", "31 Mar"],
      ["2026-03-31T22:00:00.000Z", "1 Apr"],
    ]);
  });

  it("begins weeks on the reader's day", () => {
    const view = { from: NOW - 30 * DAY, to: NOW };
    const days = (weekStart: number) =>
      ticksOf(view, 0.2, { ...calendar, weekStart }).map(({ at }) => new Date(at).getUTCDay());
    assert(days(1).length > 0 && days(1).every((day) => day === 1));
    assert(days(0).length > 0 && days(0).every((day) => day === 0));
  });
});

describe("firstAtOrAfter", () => {
  it("finds what a look through all of them finds", () => {
    fc.assert(fc.property(fc.array(fc.integer()), fc.integer(), (list, at) => {
      const times = list.toSorted((a, b) => a - b);
      const found = times.findIndex((time) => time >= at);
      assertEquals(firstAtOrAfter(times, at), found === -1 ? times.length : found);
    }));
  });
});
