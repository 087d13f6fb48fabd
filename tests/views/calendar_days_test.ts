import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { bucketsOf } from "../../lib/time/days.ts";
import { rangeStart } from "../../lib/time/ranges.ts";
import { dayIn } from "../../lib/time/zone.ts";
import { FULL } from "../support/harness.ts";

/** The days that a stretch is cut into, each with how many hours it has. */
function hours(timeZone: string, from: string, to: string): string {
  const { buckets } = bucketsOf(Date.parse(from), Date.parse(to), { timeZone });
  for (const { date, from, to } of buckets) {
    assertEquals([dayIn(timeZone, from), dayIn(timeZone, to - 1)], [date, date]);
  }
  return buckets.map(({ from, to }) => (to - from) / 3_600_000).join(" ");
}

describe("calendar days", () => {
  it("begin when clocks are set forward, if that is at midnight", () => {
    assertEquals(
      hours("America/Santiago", "2026-09-04T12:00Z", "2026-09-08T12:00Z"),
      "24 24 23 24 24",
    );
    assertEquals(
      hours("America/Havana", "2026-03-06T12:00Z", "2026-03-10T12:00Z"),
      "24 24 23 24 24",
    );
    assertEquals(hours("Africa/Cairo", "2026-04-22T12:00Z", "2026-04-26T12:00Z"), "24 24 23 24 24");
  });

  it("have an hour more when clocks are set back", () => {
    assertEquals(
      hours("America/Los_Angeles", "2026-10-30T12:00Z", "2026-11-03T12:00Z"),
      "24 24 25 24 24",
    );
    assertEquals(
      hours("America/Santiago", "2026-04-03T12:00Z", "2026-04-07T12:00Z"),
      "24 25 24 24 24",
    );
  });

  it("leave out one that a zone skips", () => {
    assertEquals(
      hours("Pacific/Apia", "2011-12-28T12:00Z", "2012-01-02T12:00Z"),
      "24 24 24 24 24 24",
    );
  });

  it("are right in each zone for a whole year", () => {
    const zones = Intl.supportedValuesOf("timeZone").filter((_, i) => FULL || i % 8 === 0);
    for (const timeZone of zones) {
      hours(timeZone, "2026-01-01T12:00Z", "2026-12-31T12:00Z");
    }
  });

  it("make a week of seven, whenever clocks change", () => {
    const timeZone = "America/Los_Angeles";
    for (
      const now of [
        "2026-03-09T07:30Z",
        "2026-03-08T20:00Z",
        "2026-11-03T07:30Z",
        "2026-11-02T20:00Z",
      ]
    ) {
      const to = Date.parse(now);
      const { buckets } = bucketsOf(rangeStart("week", to, timeZone), to, { timeZone });
      assertEquals(buckets.length, 7);
    }
  });
});
