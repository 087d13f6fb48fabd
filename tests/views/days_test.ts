import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import { isTimeZone } from "../../lib/domain/preferences.ts";
import { bucketsOf, DAY_MS } from "../../lib/time/days.ts";

const ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Pacific/Apia"];

describe("bucketsOf", () => {
  it("cuts a range into days that meet, the first holding its start and the last its end", () => {
    const time = fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2037, 0, 1) });
    const length = fc.integer({ min: 0, max: 3_000 * DAY_MS });
    fc.assert(fc.property(time, length, fc.constantFrom(...ZONES), (from, span, zone) => {
      const { buckets } = bucketsOf(from, from + span, { timeZone: zone });
      const first = buckets[0];
      const last = buckets[buckets.length - 1];
      assert(first.from <= from && from < first.to);
      assert(last.from <= from + span && from + span < last.to);
      for (let i = 1; i < buckets.length; i++) assertEquals(buckets[i].from, buckets[i - 1].to);
    }));
  });

  it("begins days at midnight of the time zone", () => {
    const { buckets } = bucketsOf(
      Date.parse("2026-03-29T12:00Z"),
      Date.parse("2026-03-30T12:00Z"),
      { timeZone: "Europe/Berlin" },
    );
    assertEquals(buckets.map(({ date, from }) => [date, new Date(from).toISOString()]), [
      ["2026-03-29", "2026-03-28T23:00:00.000Z"],
      ["2026-03-30", "2026-03-29T22:00:00.000Z"],
    ]);
  });

  it("reads weeks from Monday once days are too many, and months once weeks are", () => {
    const to = Date.UTC(2026, 5, 30);
    const weeks = bucketsOf(to - 500 * DAY_MS, to, { timeZone: "UTC" });
    assertEquals(weeks.granularity, "week");
    assertEquals(new Date(weeks.buckets[0].from).getUTCDay(), 1);
    const sundays = bucketsOf(to - 500 * DAY_MS, to, { timeZone: "UTC", weekStart: 0 });
    assertEquals(new Date(sundays.buckets[0].from).getUTCDay(), 0);
    const months = bucketsOf(to - 4_000 * DAY_MS, to, { timeZone: "UTC" });
    assertEquals(months.granularity, "month");
    assert(months.buckets.every(({ date }) => date.endsWith("-01")));
  });

  it("stays short over any range", () => {
    const { buckets } = bucketsOf(-62_135_596_800_000, Date.UTC(2100, 0, 1), { timeZone: "UTC" });
    assert(buckets.length <= 600, `${buckets.length}`);
  });

  it("is empty where the range is", () => {
    assertEquals(bucketsOf(2 * DAY_MS, DAY_MS - 1, { timeZone: "UTC" }).buckets, []);
  });
});

describe("isTimeZone", () => {
  it("tells time zones from other words", () => {
    assert(isTimeZone("Europe/Berlin"));
    assert(!isTimeZone("Mars/Base"));
    assert(!isTimeZone(""));
  });
});
