import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fuzzTranscripts } from "../sessions/claude_code/fuzz.ts";
import { report, scaled, SEED } from "./scale.ts";

/** How many damaged transcripts are read, in full. */
const COUNT = 10_000;
/** How many are in the workspace at once. */
const AT_ONCE = 500;

describe("damaged transcripts, many of them", () => {
  it("neither break nor stall the reader, and every line it skips is counted", async () => {
    const skipped: Record<string, number> = {};
    const count = scaled(COUNT);
    for (let done = 0; done < count; done += AT_ONCE) {
      const seed = SEED + done;
      const round = await fuzzTranscripts({ seed, count: Math.min(AT_ONCE, count - done) });
      assertEquals(round.faults, [], `seed ${seed}`);
      for (const [reason, lines] of Object.entries(round.skipped)) {
        skipped[reason] = (skipped[reason] ?? 0) + lines;
      }
    }
    report(`${count} damaged transcripts read; lines skipped: ${JSON.stringify(skipped)}`);
  });
});
