import {
  initialSyncState,
  stepSync,
  type SyncCounters,
  type SyncDone,
  type SyncInput,
} from "../domain/sync_model.ts";
import type { GitSyncProgress } from "../sync/events.ts";
import type { IndexingCounts } from "../sync/indexing_state.ts";
import { describeDone, describeSync, syncShare } from "../text/sync_messages.ts";
import type { Output } from "./output.ts";

/** What an `AbortError` says to the user. */
export const STOPPED = "Sync cancelled. What was found until then is kept.";

/** Shows a sync on the screen in the words of the dashboard's status bar. */
export class SyncProgress {
  readonly #output: Output;
  #state = initialSyncState(
    { sessionsIndexed: 0, projectsFound: 0, commitsFound: 0, lastGitSyncAt: null },
    { running: true },
  );
  #links = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** How far reading the transcripts came. */
  reading({ filesDone, filesTotal }: Pick<IndexingCounts, "filesDone" | "filesTotal">): void {
    this.#step({ type: "reading", filesDone, filesTotal: filesTotal === 0 ? null : filesTotal });
  }

  scanning(counters: Partial<SyncCounters>): void {
    this.#step({ type: "scanning", runId: null, counters });
  }

  correlating(counters: Partial<SyncCounters>): void {
    this.#step({ type: "correlating", runId: null, counters });
  }

  /** What the pipeline reports, when it runs in this process. */
  event(progress: GitSyncProgress): void {
    switch (progress.type) {
      case "scanningStarted":
        return this.scanning({ totalRepos: progress.totalRepos, reposScanned: 0 });
      case "repoScanned":
        return this.scanning({
          totalRepos: progress.totalRepos,
          reposScanned: progress.reposDone,
        });
      case "correlatingStarted":
        return this.correlating({
          totalCorrelatableSessions: progress.totalCorrelatableSessions,
          linksCreated: 0,
        });
      case "sessionCorrelated":
        this.#links += progress.linksInSession;
        return this.correlating({
          totalCorrelatableSessions: progress.totalCorrelatableSessions,
          sessionsCorrelated: progress.sessionsDone,
          linksCreated: this.#links,
        });
      default:
        return progress satisfies never;
    }
  }

  #step(input: SyncInput): void {
    this.#state = stepSync(this.#state, input).state;
    this.#output.progress({
      text: describeSync(this.#state, 0),
      share: syncShare(this.#state),
    });
  }
}

/** What a sync came to, in one line. */
export function syncTotals(done: SyncDone): string {
  const { title, detail } = describeDone(done);
  return detail === null ? title : `${title}: ${detail}`;
}
