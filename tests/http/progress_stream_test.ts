import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { GitSyncPhase, GitSyncState } from "../../lib/sync/git_sync_state.ts";
import { DONE, namesOf, ScriptedProgress } from "../support/progress.ts";
import { SseReader } from "../support/sse.ts";
import { until } from "../support/wait.ts";

describe("GET /api/sync/git/progress", () => {
  let sync: ScriptedProgress;
  beforeEach(() => {
    sync = new ScriptedProgress();
  });
  afterEach(() => sync[Symbol.dispose]());

  describe("the progress stream", () => {
    it("is an event stream with retry and an id of run and version", async () => {
      sync.begin(17);
      const response = sync.connect();
      assertEquals(response.status, 200);
      assertEquals(response.headers.get("content-type"), "text/event-stream");
      const reader = new SseReader(response);
      const { id, retry } = (await reader.next())!;
      assertEquals(id, `17-${sync.state.version}`);
      assertEquals(retry, "1000");
      await reader.leave();
    });

    it("gives the state as it is on connecting", async () => {
      sync.begin(1);
      sync.state.setTotalRepos(10);
      sync.state.setReposScanned(3);
      sync.state.addCommitsFound(5);
      const scanning = new SseReader(sync.connect());
      assertEquals((await scanning.next())!.data, {
        phase: "scanning",
        reposScanned: 3,
        totalRepos: 10,
        commitsFound: 5,
      });
      await scanning.leave();
      sync.state.setTotalCorrelatableSessions(8);
      sync.state.setPhase(GitSyncPhase.Correlating);
      sync.state.setSessionsCorrelated(5);
      sync.state.addLinksCreated(12);
      const correlating = new SseReader(sync.connect());
      const { event, data } = (await correlating.next())!;
      assertEquals(event, "correlating");
      assertEquals(data, {
        phase: "correlating",
        sessionsCorrelated: 5,
        totalCorrelatableSessions: 8,
        commitsFound: 5,
        linksCreated: 12,
      });
      await correlating.leave();
    });

    it("gives done with its totals, and ends", async () => {
      sync.begin(1);
      const reader = new SseReader(sync.connect());
      assertEquals((await reader.next())!.event, "scanning");
      sync.finish();
      const events = await reader.rest();
      assertEquals(events.at(-1)!.event, "done");
      assertEquals(events.at(-1)!.data, DONE);
    });

    it("gives an error with its message, and ends", async () => {
      sync.begin(1);
      const reader = new SseReader(sync.connect());
      await reader.next();
      sync.state.setError("disk full");
      const [error, ...more] = await reader.rest();
      assertEquals([error.event, error.data], ["error", { phase: "error", message: "disk full" }]);
      assertEquals(more, []);
    });

    it("gives done first for a sync that ended before the client connected", async () => {
      sync.begin(1);
      sync.finish();
      const events = await new SseReader(sync.connect()).rest();
      assertEquals(events.map(({ data }) => data), [DONE]);
    });

    it("gives every phase of a run that the client saw begin, up to the last counts of each", async () => {
      const reader = new SseReader(sync.connect());
      sync.begin(1);
      sync.state.setTotalRepos(3);
      for (let done = 1; done <= 3; done++) sync.state.setReposScanned(done);
      sync.state.setTotalCorrelatableSessions(2);
      sync.state.setPhase(GitSyncPhase.Correlating);
      for (let done = 1; done <= 2; done++) sync.state.setSessionsCorrelated(done);
      sync.finish();
      const events = await reader.rest();
      assertEquals([...new Set(namesOf(events))], ["scanning", "correlating", "done"]);
      const last = (name: string) => events.findLast(({ event }) => event === name)!.data;
      assertEquals([last("scanning").reposScanned, last("scanning").totalRepos], [3, 3]);
      assertEquals(last("correlating").sessionsCorrelated, 2);
      assertEquals(last("correlating").totalCorrelatableSessions, 2);
    });

    it("sends what a thread elsewhere counts, at most every 100 ms and only when it changed", async () => {
      sync.begin(1);
      const worker = new GitSyncState(sync.state.buffer);
      worker.setTotalRepos(1000);
      const reader = new SseReader(sync.connect());
      const since = performance.now();
      for (let done = 1; done <= 100; done++) {
        worker.setReposScanned(done);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      const took = performance.now() - since;
      // A write that changes nothing is a version, and no event.
      worker.setReposScanned(100);
      await new Promise((resolve) => setTimeout(resolve, 250));
      sync.state.setPhase(GitSyncPhase.Done);
      const scanning = (await reader.rest()).filter(({ event }) => event === "scanning");
      const counts = scanning.map(({ data }) => data.reposScanned);
      assertEquals(counts, [...new Set(counts)].sort((a, b) => a - b), "in order, none twice");
      assert(counts.includes(100));
      assert(counts.length <= 4 + took / 100, `${counts.length} events in ${took} ms`);
    });

    it("wakes at once when the phase changes", async () => {
      sync.begin(1);
      const worker = new GitSyncState(sync.state.buffer);
      const reader = new SseReader(sync.connect());
      await reader.next();
      const since = performance.now();
      worker.setPhase(GitSyncPhase.Correlating);
      let next = await reader.next();
      while (next!.event !== "correlating") next = await reader.next();
      const waited = performance.now() - since;
      assert(waited < 90, `${waited} ms`);
      await reader.leave();
    });

    it("sends nothing but comments while idle", async () => {
      using quick = new ScriptedProgress({ heartbeatMs: 5 });
      const reader = new SseReader(quick.connect());
      for (let i = 0; i < 5; i++) {
        const { event, comment } = (await reader.next())!;
        assertEquals([event, comment !== null], [null, true]);
      }
      await reader.leave();
    });

    it("follows the run that begins while it is idle", async () => {
      const reader = new SseReader(sync.connect());
      sync.begin(5);
      sync.finish();
      const events = await reader.rest();
      assertEquals(namesOf(events).at(-1), "done");
      assert(events.every(({ id }) => id!.startsWith("5-")));
    });

    it("goes over to the next run where one follows another at once", async () => {
      sync.begin(1);
      const reader = new SseReader(sync.connect());
      await reader.next();
      sync.state.reset();
      sync.begin(2);
      sync.finish();
      const events = await reader.rest();
      assertEquals(namesOf(events).at(-1), "done");
      assert(events.every(({ id }) => id!.startsWith("2-")), "run 1 was never said to be done");
    });

    it("does not begin for HEAD", () => {
      const response = sync.connect({ method: "HEAD" });
      assertEquals([response.status, response.body], [200, null]);
    });
  });

  describe("two clients", () => {
    it("both see every phase and the end, whoever leaves before", async () => {
      sync.begin(1);
      const readers = [new SseReader(sync.connect()), new SseReader(sync.connect())];
      const leaver = new SseReader(sync.connect());
      assertEquals(sync.streams.size, 3);
      await leaver.next();
      await leaver.leave();
      assertEquals(sync.streams.size, 2);
      sync.state.setPhase(GitSyncPhase.Correlating);
      sync.finish();
      for (const reader of readers) {
        const events = await reader.rest();
        assertEquals([...new Set(namesOf(events))], ["scanning", "correlating", "done"]);
      }
    });

    it("a thousand of them cost one look each time", async () => {
      sync.begin(1);
      const worker = new GitSyncState(sync.state.buffer);
      const readers = Array.from({ length: 1000 }, () => new SseReader(sync.connect()));
      worker.setTotalRepos(3);
      worker.setPhase(GitSyncPhase.Correlating);
      await until(() => sync.state.phase === GitSyncPhase.Correlating);
      sync.finish();
      const ends = await Promise.all(readers.map(async (reader) => (await reader.rest()).at(-1)!));
      assert(ends.every(({ event }) => event === "done"));
    });
  });
});
