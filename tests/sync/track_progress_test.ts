import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { GitSyncPhase, GitSyncState } from "../../lib/sync/git_sync_state.ts";
import { reportProgress } from "../../lib/sync/report.ts";

function newRun(runId: number): GitSyncState {
  const state = new GitSyncState();
  state.setRunId(runId);
  state.setPhase(GitSyncPhase.Scanning);
  return state;
}

describe("trackProgress", () => {
  it("writes what a run reports into its state", () => {
    const state = newRun(4);
    const track = reportProgress(state, 4);
    track({ type: "scanningStarted", totalRepos: 2 });
    for (const reposDone of [1, 2]) {
      const commitsInRepo = 10 * reposDone;
      const repo = `/work/${reposDone}`;
      track({
        type: "repoScanned",
        reposDone,
        totalRepos: 2,
        commitsInRepo,
        repo,
        outcome: "scanned",
      });
    }
    assertEquals(state.phase, GitSyncPhase.Scanning);
    track({ type: "correlatingStarted", totalCorrelatableSessions: 3 });
    assertEquals(state.phase, GitSyncPhase.Correlating);
    for (const sessionsDone of [1, 2, 3]) {
      track({
        type: "sessionCorrelated",
        sessionsDone,
        totalCorrelatableSessions: 3,
        linksInSession: sessionsDone - 1,
      });
    }
    const { reposScanned, totalRepos, commitsFound, ...linking } = state.snapshot();
    assertEquals([reposScanned, totalRepos, commitsFound], [2, 2, 30]);
    const { sessionsCorrelated, totalCorrelatableSessions, linksCreated } = linking;
    assertEquals([sessionsCorrelated, totalCorrelatableSessions, linksCreated], [3, 3, 3]);
  });

  it("leaves the state of another run alone", () => {
    const state = newRun(5);
    const before = state.version;
    reportProgress(state, 4)({ type: "correlatingStarted", totalCorrelatableSessions: 3 });
    assertEquals(state.version, before);
  });
});
