import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { fuzzTranscripts } from "./fuzz.ts";

describe("damaged transcripts", () => {
  it("neither break nor stall the reader, and every line it skips is counted", async () => {
    const report = await fuzzTranscripts({ seed: 20_260_212, count: 200 });
    assertEquals(report.faults, []);
    assertEquals(
      Object.keys(report.skipped).sort(),
      [
        "badTime",
        "noSession",
        "notAnObject",
        "notJson",
        "wrongShape",
      ].filter((reason) => reason in report.skipped),
    );
    assertEquals(report.files, 200);
  });
});
