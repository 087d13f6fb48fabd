import { assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import {
  closeInterruptedRuns,
  endRun,
  INTERRUPTED_MESSAGE,
  startRun,
} from "../../lib/store/write/runs.ts";
import { DONE, namesOf, ScriptedProgress } from "../support/progress.ts";
import { SseReader } from "../support/sse.ts";

describe("a client that connects anew", () => {
  let sync: ScriptedProgress;
  beforeEach(() => {
    sync = new ScriptedProgress();
  });
  afterEach(() => sync[Symbol.dispose]());

  it("misses no end", async () => {
    sync.begin(3);
    const reader = new SseReader(sync.connect());
    const { id } = (await reader.next())!;
    await reader.leave();
    sync.finish();
    const events = await new SseReader(sync.connect({ lastEventId: id! })).rest();
    assertEquals(namesOf(events), ["done"]);
  });

  it("and has seen the end gets 204", async () => {
    sync.begin(3);
    sync.finish();
    const [done] = await new SseReader(sync.connect()).rest();
    const response = sync.connect({ lastEventId: done.id! });
    assertEquals([response.status, response.body], [204, null]);
  });

  it("is not taken for one that saw the end because it saw what came right before", async () => {
    sync.begin(3);
    const reader = new SseReader(sync.connect());
    sync.finish();
    const events = await reader.rest();
    const before = events.at(-2)!;
    assertEquals(before.event, "correlating");
    assertEquals(namesOf(await new SseReader(sync.connect({ lastEventId: before.id! })).rest()), [
      "done",
    ]);
  });

  it("and saw an earlier run's end gets the present run", async () => {
    sync.begin(3);
    sync.finish();
    const [done] = await new SseReader(sync.connect()).rest();
    sync.begin(4);
    const reader = new SseReader(sync.connect({ lastEventId: done.id! }));
    assertEquals((await reader.next())!.event, "scanning");
    sync.finish();
    assertEquals(namesOf(await reader.rest()).at(-1), "done");
  });

  it("after the server was restarted learns how its run ended", async () => {
    startRun(sync.db, { id: 8, kind: "user", startedAt: 1000 });
    closeInterruptedRuns(sync.db, 2000);
    const [error, ...more] = await new SseReader(sync.connect({ lastEventId: "8-12" })).rest();
    assertEquals([error.event, error.data.message], ["error", INTERRUPTED_MESSAGE]);
    assertEquals(more, []);
    assertEquals(sync.connect({ lastEventId: error.id! }).status, 204);

    startRun(sync.db, { id: 9, kind: "user", startedAt: 1000 });
    endRun(sync.db, 9, {
      indexedAt: 1500,
      endedAt: 2234,
      outcome: "completed",
      reposScanned: 3,
      totalRepos: 3,
      commitsFound: 42,
      linksCreated: 7,
      error: null,
      failures: [{ repo: "/work/a", code: "gone", message: "It is gone." }],
    });
    const [done] = await new SseReader(sync.connect({ lastEventId: "9-12" })).rest();
    assertEquals(done.data, DONE);
  });

  it("with an id that no stream has sent is a new client", async () => {
    sync.begin(1);
    for (const id of ["", "x", "1", "1-", "-1", "1-2-3", "9".repeat(40)]) {
      const reader = new SseReader(sync.connect({ lastEventId: id }));
      assertEquals((await reader.next())!.event, "scanning", id);
      await reader.leave();
    }
  });
});
