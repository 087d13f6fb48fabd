import type { GitSyncProgress, GitSyncResult } from "./events.ts";
import { GitSyncPhase, type GitSyncState } from "./git_sync_state.ts";
import { IndexingPhase, type IndexingState } from "./indexing_state.ts";
import type { RunReport } from "./worker/messages.ts";

/** The message of a run that somebody cancelled. */
export const CANCELLED_MESSAGE = "Sync cancelled";

/**
 * Gives the callback that writes a user sync's progress into the state that everyone looks at, as long as the state is
 * that of the run named.
 */
export function reportProgress(
  state: GitSyncState,
  runId: number,
): (progress: GitSyncProgress) => void {
  return (progress) => {
    if (state.runId !== runId) return;
    switch (progress.type) {
      case "scanningStarted":
        state.setTotalRepos(progress.totalRepos);
        break;
      case "repoScanned":
        state.addCommitsFound(progress.commitsInRepo);
        state.setReposScanned(progress.reposDone);
        break;
      case "correlatingStarted":
        state.setTotalCorrelatableSessions(progress.totalCorrelatableSessions);
        state.setPhase(GitSyncPhase.Correlating);
        break;
      case "sessionCorrelated":
        state.addLinksCreated(progress.linksInSession);
        state.setSessionsCorrelated(progress.sessionsDone);
        break;
      default:
        progress satisfies never;
    }
  };
}

/** Shows what a user sync came to, and that it is over. */
function reportResult(state: GitSyncState, result: GitSyncResult): void {
  state.setReposScanned(result.reposScanned);
  state.addCommitsFound(result.commitsFound - state.commitsFound);
  state.addLinksCreated(result.linksCreated - state.linksCreated);
  state.setFailedRepos(result.failures.length);
  state.setDurationMs(result.durationMs);
  state.setPhase(GitSyncPhase.Done);
}

/** Shows how a user sync ended. */
export function reportEnd(state: GitSyncState, report: RunReport): void {
  if (report.outcome === "completed") reportResult(state, report.result);
  else state.setError(reasonOf(report));
}

/** Shows that a run which ended early has left no transcript half read. */
export function reportIndexingEnd(state: IndexingState, report: RunReport): void {
  if (report.outcome === "completed" || state.phase === IndexingPhase.Ready) return;
  state.setError(reasonOf(report));
}

function reasonOf(report: Exclude<RunReport, { outcome: "completed" }>): string {
  return report.outcome === "failed" ? report.message : CANCELLED_MESSAGE;
}
