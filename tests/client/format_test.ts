import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { dateFormat } from "../../lib/time/dates.ts";
import {
  formatAgo,
  formatBytes,
  formatCounted,
  formatDuration,
  formatShare,
} from "../../lib/text/format.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

describe("formats", () => {
  it("counts with nouns", () => {
    assertEquals(formatCounted(1, "repository", "repositories"), "1 repository");
    assertEquals(formatCounted(8310, "commit"), "8,310 commits");
  });

  it("says how long ago", () => {
    const said = [-5, 3 * SECOND, 59 * SECOND, 119 * SECOND, HOUR, 26 * HOUR, 61 * DAY, 800 * DAY]
      .map((passed) => formatAgo(0, passed));
    assertEquals(said, [
      "just now",
      "just now",
      "59 seconds ago",
      "1 minute ago",
      "1 hour ago",
      "1 day ago",
      "2 months ago",
      "2 years ago",
    ]);
  });

  it("says how long", () => {
    const said = [850, 3_240, 12 * SECOND, 185 * SECOND, 2 * HOUR, 26 * HOUR].map(formatDuration);
    assertEquals(said, ["850 ms", "3.2 s", "12 s", "3 min 5 s", "2 h", "1 d 2 h"]);
  });

  it("says neither all nor none unless it is", () => {
    assertEquals([0, 0.001, 0.5, 0.999, 1].map(formatShare), ["0%", "1%", "50%", "99%", "100%"]);
  });

  it("says how large", () => {
    assertEquals([17, 1_000, 3_565_158].map(formatBytes), ["17 B", "1.0 KB", "3.4 MB"]);
  });

  it("writes times of one time zone, years before 1000 and after 9999 included", () => {
    const dates = dateFormat("Asia/Kolkata");
    assertEquals(dates.minute(Date.UTC(2026, 2, 12, 20, 5)), "2026-03-13 01:35");
    assertEquals(dates.day(Date.UTC(2026, 2, 12, 20, 5)), "2026-03-13");
    assertEquals(dates.clock(Date.UTC(2026, 2, 12, 20, 5)), "01:35");
    assertEquals(dates.clock(Date.UTC(12026, 2, 12, 20, 5)), "01:35");
  });
});
