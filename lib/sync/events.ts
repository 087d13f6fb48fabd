import type { RepoOutcome } from "../domain/sync_model.ts";
/** What a sync reports while it runs: in order, never concurrently. */
export type GitSyncProgress =
  | { type: "scanningStarted"; totalRepos: number }
  | {
    type: "repoScanned";
    reposDone: number;
    totalRepos: number;
    commitsInRepo: number;
    repo: string;
    outcome: RepoOutcome;
  }
  | { type: "correlatingStarted"; totalCorrelatableSessions: number }
  | {
    type: "sessionCorrelated";
    sessionsDone: number;
    totalCorrelatableSessions: number;
    linksInSession: number;
  };

/** Why one repository could not be scanned or linked. */
export interface RepoFailure {
  /** The repository's folder. */
  repo: string;
  /** A stable, machine-readable reason such as `gone` or `timeout`. */
  code: string;
  /** One sentence for the user, with what to do. */
  message: string;
}

/** What a sync came to. `commitsFound` and `linksCreated` count what is new in this run. */
export interface GitSyncResult {
  runId: number;
  reposScanned: number;
  commitsFound: number;
  linksCreated: number;
  durationMs: number;
  failures: RepoFailure[];
}
