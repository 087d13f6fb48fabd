import { GitSyncPhase, type GitSyncState } from "../sync/git_sync_state.ts";
import { IndexingPhase, type IndexingState } from "../sync/indexing_state.ts";
import type { SyncRun } from "../store/runs.ts";
import type { PhaseEvent, ProgressView } from "./progress_feed.ts";

/** What the progress stream shows of a user sync. */
export function viewGitSync(state: GitSyncState): ProgressView {
  const { phase, runId, failedRepos, durationMs, error, ...counts } = state.snapshot();
  const { reposScanned, totalRepos, commitsFound, linksCreated } = counts;
  const { sessionsCorrelated, totalCorrelatableSessions } = counts;
  const scanning = { phase: "scanning", data: { reposScanned, totalRepos, commitsFound } };
  const correlating = {
    phase: "correlating",
    data: { sessionsCorrelated, totalCorrelatableSessions, commitsFound, linksCreated },
  };
  switch (phase) {
    case GitSyncPhase.Idle:
      return { runId, events: [], ended: false };
    case GitSyncPhase.Scanning:
      return { runId, events: [scanning], ended: false };
    case GitSyncPhase.Correlating:
      return { runId, events: [scanning, correlating], ended: false };
    case GitSyncPhase.Done: {
      const data = { reposScanned, commitsFound, linksCreated, failedRepos, durationMs };
      return { runId, events: [scanning, correlating, { phase: "done", data }], ended: true };
    }
    case GitSyncPhase.Error:
      return { runId, events: [failed(error)], ended: true };
    default:
      return phase satisfies never;
  }
}

/** How a run of the store ended, as the progress stream would have said it; null where it has not ended. */
export function viewEndOfRun(run: SyncRun | null): PhaseEvent | null {
  if (run === null || run.kind !== "user" || run.endedAt === null) return null;
  if (run.outcome !== "completed") return failed(run.error);
  const { reposScanned, commitsFound, linksCreated, failures, startedAt, endedAt } = run;
  return {
    phase: "done",
    data: {
      reposScanned,
      commitsFound,
      linksCreated,
      failedRepos: failures.length,
      durationMs: endedAt - startedAt,
    },
  };
}

/** What the indexing stream shows. */
export function viewIndexing(state: IndexingState): ProgressView {
  const { phase, runId, error, ...counts } = state.snapshot();
  const discovering = { phase: "discovering", data: { ...counts } };
  const indexing = { phase: "indexing", data: { ...counts } };
  switch (phase) {
    case IndexingPhase.Idle:
      return { runId, events: [], ended: false };
    case IndexingPhase.Discovering:
      return { runId, events: [discovering], ended: false };
    case IndexingPhase.Indexing:
      return { runId, events: [indexing], ended: false };
    case IndexingPhase.Ready:
      return { runId, events: [indexing, { phase: "ready", data: { ...counts } }], ended: true };
    case IndexingPhase.Failed: {
      const data = { ...counts, message: error ?? "The transcripts could not be read." };
      return { runId, events: [{ phase: "failed", data }], ended: true };
    }
    default:
      return phase satisfies never;
  }
}

function failed(error: string | null): PhaseEvent {
  return { phase: "error", data: { message: error ?? "The sync failed." } };
}
