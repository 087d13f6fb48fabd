import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { FULL, report, SEED } from "../../support/harness.ts";
import { fuzzTranscripts } from "./fuzz.ts";

/** How many damaged transcripts are read. */
const COUNT = FULL ? 10_000 : 200;
/** How many are in the workspace at once. */
const AT_ONCE = 500;

describe("damaged transcripts", () => {
  it("neither break nor stall the reader, and every line it skips is counted", async () => {
    const skipped: Record<string, number> = {};
    for (let done = 0; done < COUNT; done += AT_ONCE) {
      const seed = SEED + done;
      const count = Math.min(AT_ONCE, COUNT - done);
      const round = await fuzzTranscripts({ seed, count });
      assertEquals([round.faults, round.files], [[], count], `seed ${seed}`);
      for (const [reason, lines] of Object.entries(round.skipped)) {
        skipped[reason] = (skipped[reason] ?? 0) + lines;
      }
    }
    const reasons = ["badTime", "noSession", "notAnObject", "notJson", "wrongShape"];
    assertEquals(Object.keys(skipped).filter((reason) => !reasons.includes(reason)), []);
    report(`${COUNT} damaged transcripts read; lines skipped: ${JSON.stringify(skipped)}`);
  });
});
