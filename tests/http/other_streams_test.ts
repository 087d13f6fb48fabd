import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { Streams } from "../../lib/http/streams.ts";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import type { GitSync, Indexing, RunningSync } from "../../lib/sync/git_sync.ts";
import { localRequest, presetServices } from "../support/services.ts";
import { SseReader } from "../support/sse.ts";

const COUNTS = {
  filesDone: 1,
  filesTotal: 2,
  bytesDone: 3,
  bytesTotal: 4,
  sessions: 5,
  skippedLines: 6,
};

describe("streams beside that of progress", () => {
  let db: Database;
  let gitSync: GitSync;
  let indexing: Indexing;
  let streams: Streams;
  let current: RunningSync | null;

  beforeEach(() => {
    db = openDatabase(":memory:");
    const services = presetServices(db);
    current = null;
    gitSync = Object.defineProperty(services.gitSync, "current", { get: () => current });
    indexing = services.indexing;
    streams = new Streams({ gitSync, indexing });
  });
  afterEach(() => {
    assertEquals(streams.size, 0, "a stream was left open");
    db[Symbol.dispose]();
  });

  function request(path: string, lastEventId?: string): Request {
    const headers = lastEventId === undefined ? undefined : { "last-event-id": lastEventId };
    return localRequest(path, { headers });
  }

  describe("the announcements", () => {
    const connect = (lastEventId?: string) =>
      new SseReader(streams.announcements(request("/api/events", lastEventId)));

    it("reach everyone who listens, and nobody who left", async () => {
      const readers = [connect(), connect()];
      const leaver = connect();
      await leaver.leave();
      gitSync.announcements.syncStarted(4, "user");
      gitSync.announcements.changed(["commits", "links"]);
      gitSync.announcements.syncEnded({ runId: 4, kind: "user", outcome: "completed" });
      for (const reader of readers) {
        const events = [await reader.next(), await reader.next(), await reader.next()];
        assertEquals(events.map((event) => [event!.event, event!.data]), [
          ["syncStarted", { runId: 4, kind: "user" }],
          ["changed", { version: 2, what: ["commits", "links"] }],
          ["syncEnded", { runId: 4, kind: "user", outcome: "completed" }],
        ]);
        await reader.leave();
      }
      assertEquals(gitSync.announcements.listenerCount, 0);
    });

    it("begin with the sync at work", async () => {
      current = { runId: 9, kind: "user" };
      const reader = connect();
      assertEquals((await reader.next())!.data, { runId: 9, kind: "user" });
      await reader.leave();
    });

    it("say that things have changed to who was away meanwhile, and to nobody else", async () => {
      gitSync.announcements.changed(["links"]);
      const away = connect("1");
      const { event, data, id } = (await away.next())!;
      assertEquals([event, data.version], ["changed", 2]);
      assert(data.what.includes("links"));
      await away.leave();
      for (const reader of [connect(id!), connect()]) {
        gitSync.announcements.syncStarted(1, "user");
        assertEquals((await reader.next())!.event, "syncStarted");
        await reader.leave();
      }
    });
  });

  describe("the indexing stream", () => {
    const connect = (lastEventId?: string) =>
      streams.indexing(request("/api/indexing/progress", lastEventId));

    it("follows a run from discovering to ready, and ends", async () => {
      const reader = new SseReader(connect());
      indexing.state.begin(2);
      assertEquals((await reader.next())!.event, "discovering");
      indexing.state.update({ phase: "indexing", ...COUNTS });
      const { event, data, id } = (await reader.next())!;
      assertEquals([event, data], ["indexing", { phase: "indexing", ...COUNTS }]);
      assert(id!.startsWith("2-"));
      indexing.state.update({ phase: "ready", ...COUNTS, filesDone: 2 });
      const events = await reader.rest();
      assertEquals(events.at(-1)!.data, { phase: "ready", ...COUNTS, filesDone: 2 });
      assertEquals(connect(events.at(-1)!.id!).status, 204);
    });

    it("says why reading failed", async () => {
      indexing.state.begin(2);
      indexing.state.setError("no such folder");
      const [failed] = await new SseReader(connect()).rest();
      assertEquals([failed.event, failed.data.message], ["failed", "no such folder"]);
    });
  });

  describe("a server that stops", () => {
    it("ends its streams with a reason", async () => {
      const readers = [
        new SseReader(streams.announcements(request("/api/events"))),
        new SseReader(streams.progress(request("/api/sync/git/progress"), db)),
        new SseReader(streams.indexing(request("/api/indexing/progress"))),
      ];
      streams.closeAll("Ascribe is stopping");
      for (const reader of readers) {
        const events = await reader.rest();
        assertEquals(events.map(({ event }) => event), ["closing"]);
      }
      assertEquals(gitSync.announcements.listenerCount, 0);
    });
  });
});
