import { claudeCode } from "../support/agents.ts";
import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { openDatabase } from "../../lib/store/database.ts";
import { lastTimes, listRuns } from "../../lib/store/write/runs.ts";
import { runGitSync } from "../../lib/sync/pipeline.ts";
import { canonicalDump, firstDifference } from "../support/canonical_dump.ts";
import { Workspace } from "../support/workspace.ts";

const NOON = Date.UTC(2026, 5, 1, 12);
const DAY = 86_400_000;

describe("a clock that is set back", () => {
  it("makes no duration negative, and the newest run stays the newest", async () => {
    await using workspace = await Workspace.withSample();
    using db = openDatabase(":memory:");
    // Every look at it finds an earlier time, and between the runs it is a month back.
    let clock = NOON;
    const deps = {
      db,
      agents: claudeCode(workspace.claudeDir),
      runGit: workspace.runGit,
      now: () => clock -= 1_000,
    };
    for (let run = 0; run < 3; run++, clock -= 30 * DAY) {
      const { durationMs } = await runGitSync(deps, { onProgress: () => {} });
      assert(durationMs >= 0);
    }
    const { items } = listRuns(db);
    assertEquals(items.map(({ id, outcome }) => [id, outcome]), [
      [3, "completed"],
      [2, "completed"],
      [1, "completed"],
    ]);
    for (const { startedAt, endedAt } of items) assert(endedAt! >= startedAt);
    assertEquals(lastTimes(db).syncedAt, items[0].endedAt);
  });

  it("changes nothing of what transcripts and repositories say", async () => {
    await using workspace = await Workspace.withSample();
    const synced = async (clocks: number[]) => {
      using db = openDatabase(":memory:");
      for (const clock of clocks) {
        await runGitSync({
          db,
          agents: claudeCode(workspace.claudeDir),
          runGit: workspace.runGit,
          now: () => clock,
        }, { onProgress: () => {} });
      }
      const { spans, wrong } = db.get<{ spans: number; wrong: number }>(
        "SELECT count(*) AS spans, total(ended_at < started_at) AS wrong FROM activities",
      )!;
      assert(spans > 0 && wrong === 0);
      return canonicalDump(db);
    };
    const steady = await synced([NOON, NOON + DAY]);
    assertEquals(firstDifference(steady, await synced([NOON, NOON - 40_000 * DAY])), null);
  });
});
