import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import { GitSyncPhase, gitSyncPhaseFrom, GitSyncState } from "../../lib/sync/git_sync_state.ts";
import { until } from "../support/wait.ts";
import { ERROR_TEXT_BYTES, SAMPLE_MS } from "../../lib/sync/shared_state.ts";

const IDLE = {
  phase: GitSyncPhase.Idle,
  runId: 0,
  reposScanned: 0,
  totalRepos: 0,
  commitsFound: 0,
  sessionsCorrelated: 0,
  totalCorrelatableSessions: 0,
  linksCreated: 0,
  failedRepos: 0,
  durationMs: 0,
  error: null,
};

describe("a new GitSyncState", () => {
  it("is idle, with zeroes and no error", () => {
    assertEquals(new GitSyncState().snapshot(), IDLE);
  });

  it("equals another new one", () => {
    assertEquals(new GitSyncState(), new GitSyncState());
    assertEquals(new GitSyncState().snapshot(), new GitSyncState().snapshot());
  });
});

describe("phases", () => {
  it("go from idle over scanning and correlating to done, and back with a reset", () => {
    const state = new GitSyncState();
    for (let round = 0; round < 2; round++) {
      assertEquals(state.phase, GitSyncPhase.Idle);
      for (const phase of [GitSyncPhase.Scanning, GitSyncPhase.Correlating, GitSyncPhase.Done]) {
        state.setPhase(phase);
        assertEquals(state.phase, phase);
      }
      state.reset();
    }
  });

  it("have the numbers 0 to 4, and no other", () => {
    const phases = [0, 1, 2, 3, 4].map(gitSyncPhaseFrom);
    assertEquals(phases, [
      GitSyncPhase.Idle,
      GitSyncPhase.Scanning,
      GitSyncPhase.Correlating,
      GitSyncPhase.Done,
      GitSyncPhase.Error,
    ]);
    for (const value of [5, 255, -1, 1.5, NaN]) assertEquals(gitSyncPhaseFrom(value), null);
  });
});

describe("counters", () => {
  it("take what they are set to", () => {
    const state = new GitSyncState();
    state.setRunId(17);
    state.setReposScanned(3);
    state.setReposScanned(4);
    state.setTotalRepos(10);
    state.setSessionsCorrelated(5);
    state.setTotalCorrelatableSessions(8);
    state.setFailedRepos(1);
    state.setDurationMs(1234.4);
    assertEquals(state.snapshot(), {
      ...IDLE,
      runId: 17,
      reposScanned: 4,
      totalRepos: 10,
      sessionsCorrelated: 5,
      totalCorrelatableSessions: 8,
      failedRepos: 1,
      durationMs: 1234,
    });
  });

  it("of commits and links accumulate", () => {
    const state = new GitSyncState();
    for (const count of [10, 20, 12]) state.addCommitsFound(count);
    for (const count of [3, 0, 4]) state.addLinksCreated(count);
    assertEquals(state.commitsFound, 42);
    assertEquals(state.linksCreated, 7);
  });

  it("lose nothing when 8 workers count at once", async () => {
    const state = new GitSyncState();
    const source = `
      import { GitSyncState } from ${
      JSON.stringify(import.meta.resolve("../../lib/sync/git_sync_state.ts"))
    };
      self.onmessage = ({ data }) => {
        const state = new GitSyncState(data);
        for (let i = 1; i <= 100; i++) {
          state.addCommitsFound(1);
          state.addLinksCreated(1);
          state.setReposScanned(i);
        }
        self.postMessage("done");
        self.close();
      };`;
    const url = `data:application/javascript,${encodeURIComponent(source)}`;
    await Promise.all(Array.from({ length: 8 }, () => {
      const done = Promise.withResolvers<void>();
      const worker = new Worker(url, { type: "module" });
      worker.onmessage = () => done.resolve();
      worker.onerror = (event) => done.reject(new Error(event.message));
      worker.postMessage(state.buffer);
      return done.promise;
    }));
    assertEquals(state.commitsFound, 800);
    assertEquals(state.linksCreated, 800);
    assertEquals(state.reposScanned, 100);
  });
});

describe("an error", () => {
  it("sets its message and the phase, and is overwritten by the next", () => {
    const state = new GitSyncState();
    state.setError("disk full");
    assertEquals([state.phase, state.error], [GitSyncPhase.Error, "disk full"]);
    state.setError("no git");
    assertEquals([state.phase, state.error], [GitSyncPhase.Error, "no git"]);
  });

  it("is there for whoever sees its phase, in whatever thread", () => {
    const state = new GitSyncState();
    const elsewhere = new GitSyncState(state.buffer);
    const seen: [GitSyncPhase, string | null][] = [];
    const unsubscribe = state.subscribe(() => seen.push([elsewhere.phase, elsewhere.error]));
    state.setError("disk full");
    unsubscribe();
    assertEquals(seen, [[GitSyncPhase.Error, "disk full"]]);
  });

  it("is cut at 4 KB, on a character's boundary", () => {
    const texts = fc.string({ unit: "binary", minLength: 1000, maxLength: 2000 });
    fc.assert(
      fc.property(texts, (text) => {
        const state = new GitSyncState();
        const whole = text.toWellFormed();
        state.setError(whole);
        const kept = state.error ?? "";
        assert(whole.startsWith(kept));
        const bytes = new TextEncoder().encode(kept).length;
        assert(bytes <= ERROR_TEXT_BYTES);
        // What was left out begins with a character that would not have fitted.
        const next = [...whole.slice(kept.length)][0] ?? "";
        assert(next === "" || bytes + new TextEncoder().encode(next).length > ERROR_TEXT_BYTES);
      }),
      { numRuns: 30 },
    );
  });
});

describe("reset", () => {
  it("clears everything", () => {
    const state = new GitSyncState();
    state.setRunId(1);
    state.setReposScanned(1);
    state.setTotalRepos(2);
    state.addCommitsFound(3);
    state.setSessionsCorrelated(4);
    state.setTotalCorrelatableSessions(5);
    state.addLinksCreated(6);
    state.setFailedRepos(7);
    state.setDurationMs(8);
    state.setError("disk full");
    state.reset();
    assertEquals(state.snapshot(), IDLE);
  });
});

describe("listeners", () => {
  it("hear of a phase at once, and of counters at most every 100 ms", async () => {
    const state = new GitSyncState();
    const writer = new GitSyncState(state.buffer);
    let calls = 0;
    const unsubscribe = state.subscribe(() => calls++);
    const since = performance.now();
    while (performance.now() - since < 2 * SAMPLE_MS) {
      writer.addCommitsFound(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const most = (performance.now() - since) / SAMPLE_MS + 2;
    assert(calls >= 1 && calls <= most, `${calls} calls`);
    // A busy machine may take its time with one, and does not with all.
    const waits: number[] = [];
    for (let attempt = 0; attempt < 5; attempt++) {
      const before = calls;
      const changed = performance.now();
      writer.setPhase(attempt % 2 === 0 ? GitSyncPhase.Correlating : GitSyncPhase.Scanning);
      await until(() => calls > before);
      waits.push(performance.now() - changed);
    }
    assert(Math.min(...waits) < SAMPLE_MS * 0.9, `${waits} ms`);
    unsubscribe();
  });

  it("are all woken, and none once it left", async () => {
    const state = new GitSyncState();
    const writer = new GitSyncState(state.buffer);
    const calls = [0, 0, 0];
    const stops = calls.map((_, place) => state.subscribe(() => calls[place]++));
    stops[2]();
    writer.setPhase(GitSyncPhase.Scanning);
    await until(() => calls[0] + calls[1] === 2);
    assertEquals(calls, [1, 1, 0]);
    for (const stop of stops) stop();
  });
});
