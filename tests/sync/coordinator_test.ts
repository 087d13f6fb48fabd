import { assertEquals, assertRejects } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { createLog } from "../../lib/text/log.ts";
import type { Announcement } from "../../lib/sync/announcements.ts";
import { Coordinator } from "../../lib/sync/coordinator.ts";
import { CANCELLED_MESSAGE } from "../../lib/sync/report.ts";
import { GitSyncPhase } from "../../lib/sync/git_sync_state.ts";
import { IndexingPhase } from "../../lib/sync/indexing_state.ts";
import type {
  FromWorker,
  RunReport,
  SharedBuffers,
  ToWorker,
  WorkerListener,
} from "../../lib/sync/worker/messages.ts";

/** A worker that does what the test says. */
class ScriptedWorker {
  readonly told: ToWorker[] = [];
  terminated = false;
  readonly listener: WorkerListener;

  readonly #shared: SharedBuffers;

  constructor(shared: SharedBuffers, listener: WorkerListener) {
    this.#shared = shared;
    this.listener = listener;
  }

  tell(message: ToWorker): void {
    this.told.push(message);
    if (message.type === "close") this.says({ type: "closed" });
  }

  terminate(): void {
    this.terminated = true;
  }

  says(message: FromWorker): void {
    this.listener.heard(message);
  }

  ends(runId: number, report: RunReport = completed(runId)): void {
    this.says({ type: "ended", runId, report });
  }

  /** The newest run that is to end. */
  get droppedRun(): number {
    return new Int32Array(this.#shared.droppedRun)[0];
  }

  /** What it was told to run, in order. */
  get orders(): string[] {
    return this.told.flatMap((message) =>
      message.type === "sync"
        ? [`${message.kind} ${message.runId}${message.rebuild ? " anew" : ""}`]
        : []
    );
  }
}

function completed(runId: number): RunReport {
  const failures = [{ repo: "/work/a", code: "gone", message: "It is gone." }];
  return {
    outcome: "completed",
    result: { runId, reposScanned: 3, commitsFound: 42, linksCreated: 7, durationMs: 5, failures },
  };
}

describe("the coordinator", () => {
  let workers: ScriptedWorker[];
  let announced: Announcement[];
  let coordinator: Coordinator;

  beforeEach(() => {
    workers = [];
    announced = [];
    coordinator = new Coordinator({
      startWorker: (shared, listener) => {
        const worker = new ScriptedWorker(shared, listener);
        workers.push(worker);
        return worker;
      },
      nextRunId: 7,
      intervalSecs: 60,
      log: createLog("error", { write: () => {} }),
      now: () => 1000,
    });
    coordinator.announcements.subscribe((announcement) => announced.push(announcement));
  });
  afterEach(() => coordinator[Symbol.asyncDispose]());

  describe("a user sync", () => {
    it("is active, with its number, before the trigger returns", () => {
      assertEquals(coordinator.trigger(), { kind: "accepted", runId: 7 });
      assertEquals(coordinator.state.phase, GitSyncPhase.Scanning);
      assertEquals(coordinator.state.runId, 7);
      assertEquals(coordinator.indexing.state.phase, IndexingPhase.Discovering);
      assertEquals(coordinator.current, { runId: 7, kind: "user" });
      assertEquals(workers[0].orders, ["user 7"]);
      assertEquals(announced, [{ type: "syncStarted", runId: 7, kind: "user" }]);
    });

    it("is in conflict with a second one and with a rebuild, until it ended", () => {
      coordinator.trigger();
      assertEquals(coordinator.trigger(), { kind: "conflict", runId: 7 });
      assertEquals(coordinator.indexing.rebuild(), { kind: "conflict", runId: 7 });
      workers[0].ends(7);
      assertEquals(coordinator.trigger(), { kind: "accepted", runId: 8 });
    });

    it("shows its totals once it is over, and may be followed at once", () => {
      coordinator.trigger();
      coordinator.state.addCommitsFound(40);
      let runningAtTheEnd: unknown = "unknown";
      coordinator.state.subscribe(() => {
        if (coordinator.state.phase === GitSyncPhase.Done) runningAtTheEnd = coordinator.running;
      });
      workers[0].ends(7);
      assertEquals(runningAtTheEnd, null);
      const { phase, reposScanned, commitsFound, linksCreated, failedRepos, durationMs } =
        coordinator
          .state.snapshot();
      assertEquals(phase, GitSyncPhase.Done);
      assertEquals([reposScanned, commitsFound, linksCreated, failedRepos, durationMs], [
        3,
        42,
        7,
        1,
        5,
      ]);
      assertEquals(announced.at(-1), {
        type: "syncEnded",
        runId: 7,
        kind: "user",
        outcome: "completed",
      });
    });

    it("that failed shows why, for the transcripts too if they were not read to the end", () => {
      coordinator.trigger();
      workers[0].ends(7, { outcome: "failed", message: "disk full" });
      assertEquals(coordinator.state.phase, GitSyncPhase.Error);
      assertEquals(coordinator.state.error, "disk full");
      assertEquals(coordinator.indexing.state.error, "disk full");
      assertEquals(coordinator.trigger().kind, "accepted");
      assertEquals(coordinator.state.error, null);
    });

    it("starts from nothing, whatever the last one left", () => {
      coordinator.trigger();
      coordinator.state.setTotalRepos(9);
      workers[0].ends(7);
      coordinator.trigger();
      const { reposScanned, totalRepos, commitsFound, runId } = coordinator.state.snapshot();
      assertEquals([reposScanned, totalRepos, commitsFound, runId], [0, 0, 0, 8]);
    });

    it("can be a rebuild", () => {
      assertEquals(coordinator.indexing.rebuild(), { kind: "accepted", runId: 7 });
      assertEquals(workers[0].orders, ["user 7 anew"]);
      assertEquals(coordinator.running, "user");
    });
  });

  describe("cancelling", () => {
    it("ends the run for everyone at once, and the next one begins when it has ended", () => {
      coordinator.trigger();
      assertEquals(coordinator.cancel(), true);
      assertEquals([coordinator.state.phase, coordinator.state.error], [
        GitSyncPhase.Error,
        CANCELLED_MESSAGE,
      ]);
      assertEquals(coordinator.running, null);
      assertEquals(coordinator.cancel(), false);

      assertEquals(coordinator.trigger(), { kind: "accepted", runId: 8 });
      assertEquals([workers[0].orders, workers[0].droppedRun], [["user 7"], 7]);
      coordinator.state.addCommitsFound(1);
      workers[0].ends(7, { outcome: "cancelled" });
      assertEquals([workers[0].orders, workers[0].droppedRun], [["user 7", "user 8"], 7]);
      const { phase, runId, commitsFound } = coordinator.state.snapshot();
      assertEquals([phase, runId, commitsFound], [GitSyncPhase.Scanning, 8, 0]);
      assertEquals(announced.map(({ type }) => type), ["syncStarted", "syncEnded", "syncStarted"]);
    });

    it("of a run that has not begun leaves it as a cancelled run", () => {
      coordinator.trigger();
      coordinator.cancel();
      coordinator.trigger();
      coordinator.cancel();
      workers[0].ends(7, { outcome: "cancelled" });
      assertEquals([workers[0].orders, workers[0].droppedRun], [["user 7", "user 8"], 8]);
    });

    it("does nothing while nothing or a background sync runs", () => {
      assertEquals(coordinator.cancel(), false);
      coordinator.startSchedule();
      assertEquals(coordinator.cancel(), false);
      assertEquals(workers[0].orders, ["background 7"]);
    });
  });

  describe("a background sync", () => {
    it("is announced, and leaves the state of user syncs alone", () => {
      const before = coordinator.state.version;
      coordinator.startSchedule();
      workers[0].says({ type: "changed", what: ["sessions"] });
      workers[0].ends(7);
      assertEquals(coordinator.state.version, before);
      assertEquals(announced, [
        { type: "syncStarted", runId: 7, kind: "background" },
        { type: "changed", version: 1001, what: ["sessions"] },
        { type: "syncEnded", runId: 7, kind: "background", outcome: "completed" },
      ]);
    });

    it("gives way to a user sync, which is never refused", () => {
      coordinator.startSchedule();
      assertEquals(coordinator.trigger(), { kind: "accepted", runId: 8 });
      assertEquals(coordinator.running, "user");
      assertEquals(coordinator.state.phase, GitSyncPhase.Scanning);
      assertEquals([workers[0].orders, workers[0].droppedRun], [["background 7"], 7]);
      workers[0].ends(7, { outcome: "cancelled" });
      assertEquals(workers[0].orders.at(-1), "user 8");
      assertEquals(coordinator.trigger().kind, "conflict");
      assertEquals(coordinator.state.phase, GitSyncPhase.Scanning);
    });
  });

  describe("a worker that crashes", () => {
    it("fails its run, and is replaced so that the run's row is closed", () => {
      coordinator.trigger();
      workers[0].says({ type: "opened" });
      workers[0].listener.crashed("out of memory");
      assertEquals(coordinator.state.error, "The sync stopped unexpectedly: out of memory");
      assertEquals(coordinator.running, null);
      assertEquals(workers.length, 2);
      assertEquals(coordinator.trigger(), { kind: "accepted", runId: 8 });
      assertEquals(workers[1].orders, ["user 8"]);
      workers[0].ends(8);
      assertEquals(coordinator.running, "user", "what the old worker says no longer counts");
    });

    it("as it starts is not replaced until it is needed again", () => {
      coordinator.trigger();
      workers[0].says({ type: "failed", message: "The disk is full." });
      assertEquals(coordinator.state.error, "The sync stopped unexpectedly: The disk is full.");
      assertEquals(workers.length, 1);
      coordinator.trigger();
      assertEquals(workers.length, 2);
    });

    it("begins the run that waited for it", () => {
      coordinator.startSchedule();
      workers[0].says({ type: "opened" });
      coordinator.trigger();
      workers[0].listener.crashed("out of memory");
      assertEquals(workers[1].orders, ["user 8"]);
      assertEquals(coordinator.state.phase, GitSyncPhase.Scanning);
    });
  });

  describe("the interval", () => {
    it("applies once the worker has stored it", async () => {
      const storing = coordinator.setIntervalSecs(30);
      assertEquals(coordinator.intervalSecs, 60);
      const [message] = workers[0].told;
      assertEquals(message, { type: "settings", ticket: 1, settings: { gitSyncIntervalSecs: 30 } });
      workers[0].says({ type: "stored", ticket: 1, error: null });
      await storing;
      assertEquals(coordinator.intervalSecs, 30);
      assertEquals(announced, [{ type: "changed", version: 1001, what: ["settings"] }]);
    });

    it("stays what it was where it cannot be stored", async () => {
      const storing = coordinator.setIntervalSecs(30);
      workers[0].says({ type: "stored", ticket: 1, error: "disk full" });
      await assertRejects(() => storing, Error, "disk full");
      assertEquals(coordinator.intervalSecs, 60);
    });
  });
});
