import { assert, assertEquals } from "@std/assert";
import { afterAll, afterEach, beforeAll, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { readGitEnvironment } from "../../lib/config.ts";
import { streamsOf } from "../../lib/http/streams.ts";
import { findOwner } from "../../lib/fs/lock_file.ts";
import { openStore } from "../../lib/store/open.ts";
import { getRun, listRuns, startRun } from "../../lib/store/write/runs.ts";
import { GitSyncPhase } from "../../lib/sync/git_sync_state.ts";
import { openServices, type SyncServices } from "../../lib/sync/services.ts";
import { createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { localRequest } from "../support/services.ts";
import { SseReader } from "../support/sse.ts";
import { until } from "../support/wait.ts";
import { claudeCode } from "../support/agents.ts";
import { Workspace } from "../support/workspace.ts";

describe("the services of a server", () => {
  let workspace: Workspace;
  let services: SyncServices;
  let handler: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    workspace = await Workspace.withSample();
    services = await open();
    handler = (await withFileRoutes(createApp(services))).handler();
  });
  afterEach(() => until(() => services.gitSync.running === null));
  afterAll(async () => {
    assertEquals(streamsOf(services).size, 0, "a stream was left open");
    await services[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });

  async function open(dataDir = workspace.dataDir): Promise<SyncServices> {
    const outcome = await openServices({
      dataDir,
      agents: claudeCode(workspace.claudeDir),
      gitEnvironment: { ...readGitEnvironment(), HOME: workspace.folder },
      logLevel: "error",
    });
    if (outcome.kind !== "opened") throw new Error(JSON.stringify(outcome));
    return outcome.services;
  }

  async function send(
    method: string,
    path: string,
    { json, headers }: { json?: unknown; headers?: Record<string, string> } = {},
    // deno-lint-ignore no-explicit-any
  ): Promise<{ status: number; body: any }> {
    const response = await handler(localRequest(path, {
      method,
      headers: {
        origin: "http://127.0.0.1:47892",
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: json === undefined ? undefined : JSON.stringify(json),
    }));
    return { status: response.status, body: await response.json() };
  }

  async function progress(): Promise<SseReader> {
    return new SseReader(await handler(localRequest("/api/sync/git/progress")));
  }

  describe("POST /api/sync/git", () => {
    it("is accepted, shows each phase, ends with the run's totals, and is in conflict meanwhile", async () => {
      const accepted = await send("POST", "/api/sync/git");
      const { runId } = accepted.body;
      assertEquals(accepted.status, 202);
      assertEquals(accepted.body, { message: "Git sync initiated", status: "accepted", runId });
      assert(Number.isSafeInteger(runId));
      assertEquals(services.gitSync.state.phase, GitSyncPhase.Scanning);
      const stream = await progress();

      const conflict = await send("POST", "/api/sync/git");
      assertEquals([conflict.status, conflict.body.error], [409, "conflict"]);
      assertEquals((await send("GET", "/api/status")).body.running, "user");

      const events = await stream.rest();
      assertEquals([...new Set(events.map(({ event }) => event))], [
        "scanning",
        "correlating",
        "done",
      ]);
      assert(events.every(({ id }) => id!.startsWith(`${runId}-`)));
      const last = (name: string) => events.findLast(({ event }) => event === name)!.data;
      assertEquals([last("scanning").reposScanned, last("scanning").totalRepos], [6, 6]);
      assertEquals(last("scanning").commitsFound, 156);
      const { sessionsCorrelated, totalCorrelatableSessions } = last("correlating");
      assertEquals(sessionsCorrelated, totalCorrelatableSessions);
      const done = last("done");
      assertEquals([done.reposScanned, done.commitsFound, done.failedRepos], [6, 156, 1]);
      assertEquals(done.linksCreated, last("correlating").linksCreated);

      const { items } = (await send("GET", "/api/sync/runs")).body;
      assertEquals([items[0].id, items[0].kind, items[0].outcome], [runId, "user", "completed"]);
      assertEquals(items[0].linksCreated, done.linksCreated);
      const status = (await send("GET", "/api/status")).body;
      assertEquals([status.running, status.repositoriesFound, status.commitsFound], [null, 6, 156]);
      assertEquals(status.linksCreated, done.linksCreated);
      assertEquals(status.lastGitSyncAt, items[0].endedAt);
    });

    it("once more finds nothing new", async () => {
      await send("POST", "/api/sync/git");
      const done = (await (await progress()).rest()).at(-1)!;
      assertEquals([done.data.commitsFound, done.data.linksCreated], [0, 0]);
    });
  });

  describe("DELETE /api/sync/git", () => {
    it("ends the run as cancelled, and lets the next one begin", async () => {
      services.indexing.rebuild();
      const stream = await progress();
      const { status } = await send("DELETE", "/api/sync/git");
      assertEquals(status, 202);
      const end = (await stream.rest()).at(-1)!;
      assertEquals(end.data, { phase: "error", message: "Sync cancelled" });
      const { runId } = (await send("POST", "/api/sync/git")).body;
      const done = (await (await progress()).rest()).at(-1)!;
      assertEquals([done.event, done.id!.split("-")[0]], ["done", String(runId)]);
      await until(() => getRun(services.store, runId - 1)?.outcome === "cancelled");
    });

    it("is in conflict while nothing runs", async () => {
      assertEquals((await send("DELETE", "/api/sync/git")).status, 409);
    });
  });

  describe("a background sync", () => {
    it("does not show, is no conflict, and gives way within a second", async () => {
      const { state } = services.gitSync;
      state.reset();
      const version = state.version;
      services.gitSync.startSchedule();
      assertEquals((await send("GET", "/api/status")).body.running, "background");
      assertEquals([state.version, state.phase], [version, GitSyncPhase.Idle]);
      const since = performance.now();
      assertEquals((await send("POST", "/api/sync/git")).status, 202);
      const started = new Promise<number>((resolve) => {
        const stop = state.subscribe(() => {
          if (state.totalRepos === 0) return;
          stop();
          resolve(performance.now() - since);
        });
      });
      const end = (await (await progress()).rest()).at(-1)!;
      assertEquals(end.event, "done");
      assert(await started < 1000, `${await started} ms`);
      const [user, background] = listRuns(services.store).items;
      assertEquals([user.kind, user.outcome], ["user", "completed"]);
      assertEquals([background.kind, background.outcome], ["background", "cancelled"]);
    });
  });

  describe("POST /api/indexing/rebuild", () => {
    it("reads every transcript anew and keeps what is shown", async () => {
      const before = (await send("GET", "/api/status")).body;
      const accepted = await send("POST", "/api/indexing/rebuild");
      assertEquals([accepted.status, accepted.body.status], [202, "accepted"]);
      const stream = new SseReader(await handler(localRequest("/api/indexing/progress")));
      assertEquals((await send("POST", "/api/indexing/rebuild")).status, 409);
      const ready = (await stream.rest()).at(-1)!;
      assertEquals(ready.event, "ready");
      assertEquals(ready.data.filesDone, ready.data.filesTotal);
      assert(ready.data.bytesDone > 0);
      await (await progress()).rest();
      const after = (await send("GET", "/api/status")).body;
      assertEquals([after.sessionsIndexed, after.linksCreated], [
        before.sessionsIndexed,
        before.linksCreated,
      ]);
    });
  });

  describe("PUT /api/settings/git-sync-interval", () => {
    const put = (json: unknown) => send("PUT", "/api/settings/git-sync-interval", { json });

    it("stores the interval and returns the settings", async () => {
      for (const seconds of [0, 10, 86_400, 3600]) {
        const { status, body } = await put({ seconds });
        assertEquals([status, body], [200, { gitSyncIntervalSecs: seconds }]);
        assertEquals((await send("GET", "/api/settings")).body, body);
        assertEquals((await send("GET", "/api/status")).body.gitSyncIntervalSecs, seconds);
      }
    });

    it("refuses anything else", async () => {
      const bodies = [{}, null, [], 5, { seconds: 9 }, { seconds: -1 }, { seconds: 86_401 }, {
        seconds: 10.5,
      }, { seconds: "60" }];
      for (const body of bodies) {
        const answer = await put(body);
        assertEquals([answer.status, answer.body.error], [400, "badRequest"], JSON.stringify(body));
      }
      const text = await send("PUT", "/api/settings/git-sync-interval", {
        headers: { "content-type": "text/plain" },
      });
      assertEquals(text.status, 415);
      assertEquals((await send("GET", "/api/settings")).body.gitSyncIntervalSecs, 3600);
    });
  });

  describe("a data folder", () => {
    it("is for its user alone, and for one process", async () => {
      const modes = [
        workspace.dataDir,
        join(workspace.dataDir, "ascribe.db"),
        join(workspace.dataDir, "ascribe.db-wal"),
        join(workspace.dataDir, "ascribe.lock"),
      ].map((path) => (Deno.statSync(path).mode! & 0o777).toString(8));
      assertEquals(modes, ["700", "600", "600", "600"]);
      const second = await openServices({
        dataDir: workspace.dataDir,
        agents: claudeCode(),
        gitEnvironment: {},
        logLevel: "error",
      });
      assertEquals(second.kind, "held");
      services.lock.setAddress("http://127.0.0.1:47892");
      assertEquals(findOwner(workspace.dataDir), {
        pid: Deno.pid,
        address: "http://127.0.0.1:47892",
      });
    });

    it("that a killed process left has no run that is still running", async () => {
      const dataDir = workspace.path("killed");
      const left = openStore(dataDir, "write");
      if (left.kind !== "opened") throw new Error(left.message);
      startRun(left.db, { id: 5, kind: "user", startedAt: 1000 });
      left.db[Symbol.dispose]();
      {
        await using opened = await open(dataDir);
        assertEquals(getRun(opened.store, 5)?.outcome, "interrupted");
        assertEquals(opened.gitSync.trigger(), { kind: "accepted", runId: 6 });
        await until(() => opened.gitSync.running === null);
      }
      const log = Deno.statSync(join(dataDir, "ascribe.db-wal"));
      assertEquals(log.size, 0, "the write-ahead log is emptied at the end");
    });
  });
});
