import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { Streams } from "../../lib/http/streams.ts";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import {
  closeInterruptedRuns,
  endRun,
  INTERRUPTED_MESSAGE,
  startRun,
} from "../../lib/store/runs.ts";
import { GitSyncPhase, GitSyncState } from "../../lib/sync/git_sync_state.ts";
import { localRequest, presetServices } from "../support/services.ts";
import { type SseBlock, SseReader } from "../support/sse.ts";
import { until } from "../support/wait.ts";

let db: Database;
let state: GitSyncState;
let streams: Streams;

beforeEach(() => {
  db = openDatabase(":memory:");
  const services = presetServices(db);
  state = services.gitSync.state;
  streams = new Streams(services);
});
afterEach(() => {
  assertEquals(streams.size, 0, "a stream was left open");
  db[Symbol.dispose]();
});

function connect(lastEventId?: string): Response {
  const headers = lastEventId === undefined ? undefined : { "last-event-id": lastEventId };
  return streams.progress(localRequest("/api/sync/git/progress", { headers }), db);
}

/** Has a run begin as the coordinator does. */
function begin(runId: number): void {
  state.reset();
  state.setRunId(runId);
  state.setPhase(GitSyncPhase.Scanning);
}

/** Has the run end with 3 repositories, 42 commits and 7 links. */
function finish(): void {
  state.setReposScanned(3);
  state.addCommitsFound(42 - state.commitsFound);
  state.addLinksCreated(7 - state.linksCreated);
  state.setFailedRepos(1);
  state.setDurationMs(1234);
  state.setPhase(GitSyncPhase.Done);
}

const DONE = {
  phase: "done",
  reposScanned: 3,
  commitsFound: 42,
  linksCreated: 7,
  failedRepos: 1,
  durationMs: 1234,
};

function names(events: SseBlock[]): (string | null)[] {
  return events.map(({ event }) => event);
}

describe("the progress stream", () => {
  it("is an event stream with retry and an id of run and version", async () => {
    begin(17);
    const response = connect();
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    const reader = new SseReader(response);
    const { id, retry } = (await reader.next())!;
    assertEquals(id, `17-${state.version}`);
    assertEquals(retry, "1000");
    await reader.leave();
  });

  it("gives the state as it is on connecting", async () => {
    begin(1);
    state.setTotalRepos(10);
    state.setReposScanned(3);
    state.addCommitsFound(5);
    const scanning = new SseReader(connect());
    assertEquals((await scanning.next())!.data, {
      phase: "scanning",
      reposScanned: 3,
      totalRepos: 10,
      commitsFound: 5,
    });
    await scanning.leave();
    state.setTotalCorrelatableSessions(8);
    state.setPhase(GitSyncPhase.Correlating);
    state.setSessionsCorrelated(5);
    state.addLinksCreated(12);
    const correlating = new SseReader(connect());
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
    begin(1);
    const reader = new SseReader(connect());
    assertEquals((await reader.next())!.event, "scanning");
    finish();
    const events = await reader.rest();
    assertEquals(events.at(-1)!.event, "done");
    assertEquals(events.at(-1)!.data, DONE);
  });

  it("gives an error with its message, and ends", async () => {
    begin(1);
    const reader = new SseReader(connect());
    await reader.next();
    state.setError("disk full");
    const [error, ...more] = await reader.rest();
    assertEquals([error.event, error.data], ["error", { phase: "error", message: "disk full" }]);
    assertEquals(more, []);
  });

  it("gives done first for a sync that ended before the client connected", async () => {
    begin(1);
    finish();
    const events = await new SseReader(connect()).rest();
    assertEquals(events.map(({ data }) => data), [DONE]);
  });

  it("gives every phase of a run that the client saw begin, up to the last counts of each", async () => {
    const reader = new SseReader(connect());
    begin(1);
    state.setTotalRepos(3);
    for (let done = 1; done <= 3; done++) state.setReposScanned(done);
    state.setTotalCorrelatableSessions(2);
    state.setPhase(GitSyncPhase.Correlating);
    for (let done = 1; done <= 2; done++) state.setSessionsCorrelated(done);
    finish();
    const events = await reader.rest();
    assertEquals([...new Set(names(events))], ["scanning", "correlating", "done"]);
    const last = (name: string) => events.findLast(({ event }) => event === name)!.data;
    assertEquals([last("scanning").reposScanned, last("scanning").totalRepos], [3, 3]);
    assertEquals(last("correlating").sessionsCorrelated, 2);
    assertEquals(last("correlating").totalCorrelatableSessions, 2);
  });

  it("sends what a thread elsewhere counts, at most every 100 ms and only when it changed", async () => {
    begin(1);
    const worker = new GitSyncState(state.buffer);
    worker.setTotalRepos(1000);
    const reader = new SseReader(connect());
    const since = performance.now();
    for (let done = 1; done <= 100; done++) {
      worker.setReposScanned(done);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const took = performance.now() - since;
    // A write that changes nothing is a version, and no event.
    worker.setReposScanned(100);
    await new Promise((resolve) => setTimeout(resolve, 250));
    state.setPhase(GitSyncPhase.Done);
    const scanning = (await reader.rest()).filter(({ event }) => event === "scanning");
    const counts = scanning.map(({ data }) => data.reposScanned);
    assertEquals(counts, [...new Set(counts)].sort((a, b) => a - b), "in order, none twice");
    assert(counts.includes(100));
    assert(counts.length <= 4 + took / 100, `${counts.length} events in ${took} ms`);
  });

  it("wakes at once when the phase changes", async () => {
    begin(1);
    const worker = new GitSyncState(state.buffer);
    const reader = new SseReader(connect());
    await reader.next();
    const since = performance.now();
    worker.setPhase(GitSyncPhase.Correlating);
    let next = await reader.next();
    while (next!.event !== "correlating") next = await reader.next();
    const waited = performance.now() - since;
    assert(waited < 60, `${waited} ms`);
    await reader.leave();
  });

  it("sends nothing but comments while idle", async () => {
    const services = presetServices(db);
    const quick = new Streams(services, { heartbeatMs: 5 });
    const reader = new SseReader(quick.progress(localRequest("/api/sync/git/progress"), db));
    for (let i = 0; i < 5; i++) {
      const { event, comment } = (await reader.next())!;
      assertEquals([event, comment !== null], [null, true]);
    }
    await reader.leave();
  });

  it("follows the run that begins while it is idle", async () => {
    const reader = new SseReader(connect());
    begin(5);
    finish();
    const events = await reader.rest();
    assertEquals(names(events).at(-1), "done");
    assert(events.every(({ id }) => id!.startsWith("5-")));
  });

  it("goes over to the next run where one follows another at once", async () => {
    begin(1);
    const reader = new SseReader(connect());
    await reader.next();
    state.reset();
    begin(2);
    finish();
    const events = await reader.rest();
    assertEquals(names(events).at(-1), "done");
    assert(events.every(({ id }) => id!.startsWith("2-")), "run 1 was never said to be done");
  });

  it("does not begin for HEAD", () => {
    const request = localRequest("/api/sync/git/progress", { method: "HEAD" });
    const response = streams.progress(request, db);
    assertEquals([response.status, response.body], [200, null]);
  });
});

describe("two clients", () => {
  it("both see every phase and the end, whoever leaves before", async () => {
    begin(1);
    const readers = [new SseReader(connect()), new SseReader(connect())];
    const leaver = new SseReader(connect());
    assertEquals(streams.size, 3);
    await leaver.next();
    await leaver.leave();
    assertEquals(streams.size, 2);
    state.setPhase(GitSyncPhase.Correlating);
    finish();
    for (const reader of readers) {
      const events = await reader.rest();
      assertEquals([...new Set(names(events))], ["scanning", "correlating", "done"]);
    }
  });

  it("a thousand of them cost one look each time", async () => {
    begin(1);
    const worker = new GitSyncState(state.buffer);
    const readers = Array.from({ length: 1000 }, () => new SseReader(connect()));
    worker.setTotalRepos(3);
    worker.setPhase(GitSyncPhase.Correlating);
    await until(() => state.phase === GitSyncPhase.Correlating);
    finish();
    const ends = await Promise.all(readers.map(async (reader) => (await reader.rest()).at(-1)!));
    assert(ends.every(({ event }) => event === "done"));
  });
});

describe("a client that connects anew", () => {
  it("misses no end", async () => {
    begin(3);
    const reader = new SseReader(connect());
    const { id } = (await reader.next())!;
    await reader.leave();
    finish();
    const events = await new SseReader(connect(id!)).rest();
    assertEquals(names(events), ["done"]);
  });

  it("and has seen the end gets 204", async () => {
    begin(3);
    finish();
    const [done] = await new SseReader(connect()).rest();
    const response = connect(done.id!);
    assertEquals([response.status, response.body], [204, null]);
  });

  it("is not taken for one that saw the end because it saw what came right before", async () => {
    begin(3);
    const reader = new SseReader(connect());
    finish();
    const events = await reader.rest();
    const before = events.at(-2)!;
    assertEquals(before.event, "correlating");
    assertEquals(names(await new SseReader(connect(before.id!)).rest()), ["done"]);
  });

  it("and saw an earlier run's end gets the present run", async () => {
    begin(3);
    finish();
    const [done] = await new SseReader(connect()).rest();
    begin(4);
    const reader = new SseReader(connect(done.id!));
    assertEquals((await reader.next())!.event, "scanning");
    finish();
    assertEquals(names(await reader.rest()).at(-1), "done");
  });

  it("after the server was restarted learns how its run ended", async () => {
    startRun(db, { id: 8, kind: "user", startedAt: 1000 });
    closeInterruptedRuns(db, 2000);
    const [error, ...more] = await new SseReader(connect("8-12")).rest();
    assertEquals([error.event, error.data.message], ["error", INTERRUPTED_MESSAGE]);
    assertEquals(more, []);
    assertEquals(connect(error.id!).status, 204);

    startRun(db, { id: 9, kind: "user", startedAt: 1000 });
    endRun(db, 9, {
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
    const [done] = await new SseReader(connect("9-12")).rest();
    assertEquals(done.data, DONE);
  });

  it("with an id that no stream has sent is a new client", async () => {
    begin(1);
    for (const id of ["", "x", "1", "1-", "-1", "1-2-3", "9".repeat(40)]) {
      const reader = new SseReader(connect(id));
      assertEquals((await reader.next())!.event, "scanning", id);
      await reader.leave();
    }
  });
});
