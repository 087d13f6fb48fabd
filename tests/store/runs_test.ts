import { assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import {
  closeInterruptedRuns,
  endRun,
  getRun,
  INTERRUPTED_MESSAGE,
  lastCompletedRun,
  lastTimes,
  listRuns,
  nextRunId,
  type RunEnd,
  startRun,
} from "../../lib/store/write/runs.ts";
import { isInterval, readSettings, writeSettings } from "../../lib/store/write/settings.ts";

describe("what is stored of syncs", () => {
  let db: Database;
  beforeEach(() => {
    db = openDatabase(":memory:");
  });
  afterEach(() => db[Symbol.dispose]());

  const END: RunEnd = {
    indexedAt: 1500,
    endedAt: 2000,
    outcome: "completed",
    reposScanned: 3,
    totalRepos: 4,
    commitsFound: 42,
    linksCreated: 7,
    error: null,
    failures: [{ repo: "/work/a", code: "gone", message: "It is gone." }],
  };

  function addRun(id: number, end: Partial<RunEnd> = {}): void {
    startRun(db, { id, kind: "user", startedAt: 1000 });
    endRun(db, id, { ...END, ...end });
  }

  describe("runs", () => {
    it("come back as they were kept", () => {
      addRun(1);
      const { indexedAt: _, ...end } = END;
      assertEquals(getRun(db, 1), { id: 1, kind: "user", startedAt: 1000, ...end });
      assertEquals(getRun(db, 2), null);
    });

    it("have numbers that grow, also past the newest", () => {
      assertEquals(nextRunId(db), 1);
      addRun(41);
      assertEquals(nextRunId(db), 42);
    });

    it("are listed newest first, page by page", () => {
      for (let id = 1; id <= 5; id++) addRun(id);
      const first = listRuns(db, { limit: 2 });
      assertEquals([first.items.map(({ id }) => id), first.total], [[5, 4], 5]);
      const second = listRuns(db, { limit: 2, cursor: first.cursor });
      const third = listRuns(db, { limit: 2, cursor: second.cursor });
      assertEquals([...second.items, ...third.items].map(({ id }) => id), [3, 2, 1]);
      assertEquals(third.cursor, null);
    });

    it("that a process left running are interrupted, and the others stay as they are", () => {
      addRun(1);
      startRun(db, { id: 2, kind: "background", startedAt: 5000 });
      closeInterruptedRuns(db, 4000);
      const run = getRun(db, 2)!;
      assertEquals([run.outcome, run.error, run.endedAt], [
        "interrupted",
        INTERRUPTED_MESSAGE,
        5000,
      ]);
      assertEquals(getRun(db, 1)!.outcome, "completed");
    });

    it("are let go of, the oldest first", () => {
      for (let id = 1; id <= 1005; id++) startRun(db, { id, kind: "user", startedAt: id });
      assertEquals([getRun(db, 5), getRun(db, 6)?.id, listRuns(db).total], [null, 6, 1000]);
    });

    it("tell when things were last brought up to date", () => {
      assertEquals(lastTimes(db), { indexedAt: null, syncedAt: null });
      assertEquals(lastCompletedRun(db), null);
      addRun(1);
      addRun(2, { outcome: "failed", error: "disk full", indexedAt: 3500, endedAt: 4000 });
      assertEquals(lastTimes(db), { indexedAt: 3500, syncedAt: 2000 });
      assertEquals(lastCompletedRun(db)?.id, 1);
    });
  });

  describe("settings", () => {
    it("have defaults, and come back as stored", () => {
      assertEquals(readSettings(db), { gitSyncIntervalSecs: 60 });
      for (const gitSyncIntervalSecs of [0, 3600]) {
        writeSettings(db, { gitSyncIntervalSecs });
        assertEquals(readSettings(db), { gitSyncIntervalSecs });
      }
    });

    it("take an interval of 0, or of 10 seconds to a day", () => {
      assertEquals([0, 10, 60, 86_400].map(isInterval), [true, true, true, true]);
      const wrong = [1, 9, -10, 86_401, 10.5, NaN, Infinity, "60", null, undefined, [60]];
      assertEquals(wrong.filter(isInterval), []);
    });
  });
});
