import { assertEquals, assertMatch } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { openDatabase } from "../../lib/store/database.ts";
import { failureMessage } from "../../lib/store/open.ts";
import { listRuns } from "../../lib/store/runs.ts";
import { runGitSync } from "../../lib/sync/pipeline.ts";
import { canonicalDump, firstDifference } from "../harness/crash/canonical_dump.ts";
import { Workspace } from "../support/workspace.ts";

describe("a disk that is full", () => {
  it("ends a sync with its reason wherever it fills up, and the next one catches up", async () => {
    await using workspace = await Workspace.withSample();
    const sync = (db: ReturnType<typeof openDatabase>) =>
      runGitSync({
        db,
        claudeDirs: [workspace.claudeDir],
        runGit: workspace.runGit,
        now: Date.now,
      }, { onProgress: () => {} });
    using undisturbed = openDatabase(":memory:");
    await sync(undisturbed);
    const pages = undisturbed.get<{ page_count: number }>("PRAGMA page_count")!.page_count;
    const expected = canonicalDump(undisturbed);

    using db = openDatabase(":memory:");
    const empty = db.get<{ page_count: number }>("PRAGMA page_count")!.page_count;
    for (let step = 0; step < 4; step++) {
      db.exec(`PRAGMA max_page_count = ${Math.floor(empty + (pages - empty) * step / 4)}`);
      const said = await sync(db).then(
        () => "it went well",
        (error) => failureMessage(error, "/d"),
      );
      assertMatch(said, /^Cannot write to the disk that holds .* Make room and try again\.$/);
    }
    db.exec(`PRAGMA max_page_count = ${pages * 2}`);
    await sync(db);
    assertEquals(firstDifference(expected, canonicalDump(db)), null);
    const outcomes = new Set(listRuns(db).items.slice(1).map(({ outcome }) => outcome));
    assertEquals(outcomes.has("running"), false);
  });
});
