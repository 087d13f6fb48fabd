import { claudeCode } from "../support/agents.ts";
import { join } from "node:path";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { openDatabase } from "../../lib/store/database.ts";
import { failureMessage } from "../../lib/store/open.ts";
import { listRuns } from "../../lib/store/write/runs.ts";
import { indexSources } from "../../lib/sync/steps/index_sources.ts";
import { runGitSync } from "../../lib/sync/pipeline.ts";
import { canonicalDump, firstDifference } from "../support/canonical_dump.ts";
import { Workspace } from "../support/workspace.ts";

describe("a disk that is full", () => {
  it("ends a sync with its reason wherever it fills up, and the next one catches up", async () => {
    await using workspace = await Workspace.withSample();
    const sync = (db: ReturnType<typeof openDatabase>) =>
      runGitSync({
        db,
        agents: claudeCode(workspace.claudeDir),
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

  it("is not taken for a transcript that cannot be read", async () => {
    await using workspace = await Workspace.empty();
    const project = join(workspace.claudeDir, "projects/-work");
    await Deno.mkdir(project);
    const lines = Array.from({ length: 30_000 }, (_, i) =>
      JSON.stringify({
        type: "user",
        uuid: `10000000-0000-4000-8000-${String(i).padStart(12, "0")}`,
        sessionId: "00000000-0000-4000-8000-000000000001",
        timestamp: new Date(Date.UTC(2026, 1, 1) + i).toISOString(),
        cwd: workspace.folder,
        message: { role: "user", content: `Prompt ${i} of a transcript that is stored in slices` },
      }) + "\n");
    await Deno.writeTextFile(join(project, "long.jsonl"), lines.join(""));
    using db = openDatabase(":memory:");
    const { page_count } = db.get<{ page_count: number }>("PRAGMA page_count")!;
    db.exec(`PRAGMA max_page_count = ${page_count + 20}`);
    const reading = () =>
      indexSources(
        { db, agents: claudeCode(workspace.claudeDir), now: Date.now },
        { onProgress: () => {} },
      );
    const error = await assertRejects(reading);
    assertMatch(failureMessage(error, "/d"), /^Cannot write to the disk/);
    db.exec(`PRAGMA max_page_count = ${page_count * 1_000}`);
    const { problems, sessionsChanged } = await reading();
    assertEquals([problems, sessionsChanged], [[], 1]);
  });
});
