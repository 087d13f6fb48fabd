import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import {
  CANCELLED,
  initialSyncState,
  stepSync,
  type SyncInput,
  type SyncState,
  type SyncTotals,
  type ToastContent,
  wantsProgress,
} from "../../lib/domain/sync_model.ts";
import { describeDone, describeSync, syncShare } from "../../lib/text/sync_messages.ts";

const NOW = Date.UTC(2026, 5, 30, 12);
const totals: SyncTotals = {
  sessionsIndexed: 1204,
  projectsFound: 9,
  commitsFound: 8310,
  lastGitSyncAt: NOW - 2 * 60_000,
};
const nothing = {
  reposScanned: 0,
  commitsFound: 0,
  linksCreated: 0,
  failedRepos: 0,
  durationMs: 9,
};

/** Takes every input in turn; the text on show after each, and all toasts. */
function play(
  inputs: SyncInput[],
  from: SyncState = initialSyncState(totals, { running: false }),
): { state: SyncState; texts: string[]; toasts: ToastContent[]; refreshes: number } {
  let state = from;
  const texts: string[] = [];
  const toasts: ToastContent[] = [];
  let refreshes = 0;
  for (const input of inputs) {
    const step = stepSync(state, input);
    state = step.state;
    texts.push(describeSync(state, NOW));
    for (const effect of step.effects) {
      if (effect.type === "toast") toasts.push(effect.toast);
      else if (effect.type === "completed") toasts.push(describeDone(effect.done));
      else refreshes++;
    }
  }
  return { state, texts, toasts, refreshes };
}

const scanning = (runId: number, reposScanned: number, totalRepos: number): SyncInput => ({
  type: "scanning",
  runId,
  counters: { reposScanned, totalRepos, commitsFound: 0 },
});
const correlating = (runId: number, done: number, total: number, links: number): SyncInput => ({
  type: "correlating",
  runId,
  counters: {
    sessionsCorrelated: done,
    totalCorrelatableSessions: total,
    linksCreated: links,
    commitsFound: 42,
  },
});

describe("the sync's line", () => {
  it("says what is stored while nothing runs", () => {
    const idle = initialSyncState(totals, { running: false });
    assertEquals(
      describeSync(idle, NOW),
      "Last update: 2 minutes ago · 1,204 sessions · 8,310 commits",
    );
    const never = { ...totals, projectsFound: 3, sessionsIndexed: 14, lastGitSyncAt: null };
    assertEquals(
      describeSync(initialSyncState(never, { running: false }), NOW),
      "Not yet synced · 3 projects · 14 sessions",
    );
  });

  it("follows a run from the press to its end", () => {
    const { texts, toasts, refreshes, state } = play([
      { type: "pressed" },
      { type: "accepted", runId: 7 },
      { type: "reading", filesDone: 0, filesTotal: null },
      { type: "reading", filesDone: 120, filesTotal: 1000 },
      { type: "readingEnded" },
      scanning(7, 0, 0),
      scanning(7, 3, 10),
      correlating(7, 0, 0, 12),
      correlating(7, 5, 8, 12),
      {
        type: "done",
        runId: 7,
        done: { ...nothing, reposScanned: 3, commitsFound: 42, linksCreated: 7 },
      },
    ]);
    assertEquals(texts, [
      "Starting sync...",
      "Starting sync...",
      "Reading sessions...",
      "Reading sessions 120/1,000...",
      "Starting sync...",
      "Scanning repos...",
      "Scanning repo 3/10...",
      "Linking commits... (12 links)",
      "Linking sessions 5/8... (12 links)",
      "Last update: 2 minutes ago · 1,204 sessions · 8,310 commits",
    ]);
    assertEquals(toasts, [{
      kind: "success",
      title: "Sync completed",
      detail: "3 repos | 42 commits | 7 links",
      retry: false,
    }]);
    assertEquals(refreshes, 1);
    assert(!wantsProgress(state));
  });

  it("shows transcripts being read after the stream's first event, until repositories are counted", () => {
    const { texts } = play([
      { type: "started", runId: 7, kind: "user" },
      scanning(7, 0, 0),
      { type: "reading", filesDone: 5, filesTotal: 9 },
      scanning(7, 0, 0),
      scanning(7, 0, 4),
      { type: "reading", filesDone: 9, filesTotal: 9 },
    ]);
    assertEquals(texts.slice(2), [
      "Reading sessions 5/9...",
      "Reading sessions 5/9...",
      "Scanning repo 0/4...",
      "Scanning repo 0/4...",
    ]);
  });

  it("says how much of the running step is done", () => {
    assertEquals(syncShare(play([scanning(7, 3, 12)]).state), 0.25);
    assertEquals(syncShare(play([correlating(7, 4, 8, 0)]).state), 0.5);
    assertEquals(syncShare(play([scanning(7, 0, 0)]).state), null);
  });
});

describe("the sync's toasts", () => {
  it("says that nothing was new", () => {
    const { toasts } = play([
      { type: "started", runId: 1, kind: "user" },
      { type: "done", runId: 1, done: { ...nothing, reposScanned: 3 } },
    ]);
    assertEquals(toasts.map(({ title, kind }) => [title, kind]), [[
      "Already up to date",
      "success",
    ]]);
  });

  it("never hides a failed repository behind a success", () => {
    const { toasts } = play([
      { type: "started", runId: 1, kind: "user" },
      { type: "done", runId: 1, done: { ...nothing, reposScanned: 2, failedRepos: 1 } },
    ]);
    assertEquals(toasts[0].kind, "warning");
    assertEquals(toasts[0].detail, "2 repos | 0 commits | 0 links | 1 repository failed");
  });

  it("offers to retry what failed, and not what was cancelled", () => {
    const failed = play([
      { type: "started", runId: 1, kind: "user" },
      { type: "error", runId: 1, message: "disk full" },
    ]);
    assertEquals(failed.toasts, [
      { kind: "error", title: "Sync failed", detail: "disk full", retry: true },
    ]);
    const cancelled = play([
      { type: "started", runId: 1, kind: "user" },
      { type: "error", runId: 1, message: CANCELLED },
    ]);
    assertEquals(cancelled.toasts.map(({ title, retry }) => [title, retry]), [[CANCELLED, false]]);
  });

  it("says on a conflict that a sync is in progress, and follows it", () => {
    const { toasts, state } = play([{ type: "pressed" }, { type: "conflict" }]);
    assertEquals(toasts.map(({ title }) => title), ["Sync already in progress"]);
    assert(wantsProgress(state));
  });

  it("says why a sync was refused, and shows what is stored again", () => {
    const { toasts, texts } = play([{ type: "pressed" }, { type: "refused", message: "No." }]);
    assertEquals(toasts, [{ kind: "error", title: "Sync failed", detail: "No.", retry: true }]);
    assert(texts[1].startsWith("Last update"));
  });

  it("says once that the server was restarted during a run", () => {
    const { toasts, state } = play([
      { type: "started", runId: 4, kind: "user" },
      scanning(4, 1, 3),
      { type: "vanished" },
      { type: "vanished" },
    ]);
    assertEquals(toasts.map(({ title, retry }) => [title, retry]), [["Sync failed", true]]);
    assertEquals(state.phase, "idle");
  });

  it("shows none for a run that ended before this tab looked", () => {
    const { toasts, refreshes } = play(
      [{ type: "quiet" }],
      initialSyncState(totals, { running: true }),
    );
    assertEquals(toasts, []);
    assertEquals(refreshes, 1);
    const known = initialSyncState(totals, { running: false, endedRunId: 6 });
    assertEquals(play([{ type: "done", runId: 6, done: nothing }], known).toasts, []);
  });

  it("leaves background syncs alone", () => {
    const { texts } = play([{ type: "started", runId: 9, kind: "background" }]);
    assert(texts[0].startsWith("Last update"));
  });

  it("comes exactly once a run, whatever is repeated or reordered", () => {
    const inputs = fc.array(
      fc.oneof(
        fc.constant<SyncInput>({ type: "pressed" }),
        fc.constant<SyncInput>({ type: "running" }),
        fc.constant<SyncInput>({ type: "quiet" }),
        fc.constant<SyncInput>({ type: "offline" }),
        fc.integer({ min: 1, max: 4 }).chain((runId) =>
          fc.constantFrom<SyncInput>(
            { type: "accepted", runId },
            { type: "started", runId, kind: "user" },
            scanning(runId, 1, 3),
            correlating(runId, 1, 3, 2),
            { type: "done", runId, done: nothing },
            { type: "error", runId, message: `failed ${runId}` },
          )
        ),
      ),
      { maxLength: 40 },
    );
    fc.assert(fc.property(inputs, (list) => {
      let state = initialSyncState(totals, { running: false });
      const ended: number[] = [];
      for (const input of list) {
        const step = stepSync(state, input);
        for (const effect of step.effects) {
          if ((effect.type === "toast" || effect.type === "completed") && "runId" in input) {
            ended.push(input.runId!);
          }
        }
        state = step.state;
      }
      assertEquals(new Set(ended).size, ended.length);
      assertEquals(ended, ended.toSorted((a, b) => a - b));
    }));
  });
});
