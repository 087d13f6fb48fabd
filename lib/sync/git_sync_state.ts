import { FIRST_SLOT, SharedState } from "./shared_state.ts";

/** Where a user sync stands. */
export enum GitSyncPhase {
  Idle = 0,
  Scanning = 1,
  Correlating = 2,
  Done = 3,
  Error = 4,
}

/** The phase that a number stands for, or null where it stands for none. */
export function gitSyncPhaseFrom(value: number): GitSyncPhase | null {
  return Number.isInteger(value) && value >= GitSyncPhase.Idle && value <= GitSyncPhase.Error
    ? value
    : null;
}

/** Every value of a {@linkcode GitSyncState} at one moment. */
export interface GitSyncSnapshot {
  phase: GitSyncPhase;
  /** The run that the values belong to; 0 before the first one. */
  runId: number;
  reposScanned: number;
  totalRepos: number;
  commitsFound: number;
  sessionsCorrelated: number;
  totalCorrelatableSessions: number;
  linksCreated: number;
  failedRepos: number;
  durationMs: number;
  error: string | null;
}

const RUN_ID = FIRST_SLOT;
const REPOS_SCANNED = RUN_ID + 1;
const TOTAL_REPOS = RUN_ID + 2;
const COMMITS_FOUND = RUN_ID + 3;
const SESSIONS_CORRELATED = RUN_ID + 4;
const TOTAL_CORRELATABLE_SESSIONS = RUN_ID + 5;
const LINKS_CREATED = RUN_ID + 6;
const FAILED_REPOS = RUN_ID + 7;
const DURATION_MS = RUN_ID + 8;
const LAST_SLOT = DURATION_MS;

/**
 * The progress of the user sync, shared by the worker that writes it and everyone who looks.
 *
 * It is made once and lives as long as the server; {@linkcode reset} precedes every user sync.
 */
export class GitSyncState extends SharedState {
  get phase(): GitSyncPhase {
    return gitSyncPhaseFrom(this.phaseNumber) ?? GitSyncPhase.Idle;
  }

  get runId(): number {
    return this.get(RUN_ID);
  }

  get reposScanned(): number {
    return this.get(REPOS_SCANNED);
  }

  get totalRepos(): number {
    return this.get(TOTAL_REPOS);
  }

  get commitsFound(): number {
    return this.get(COMMITS_FOUND);
  }

  get sessionsCorrelated(): number {
    return this.get(SESSIONS_CORRELATED);
  }

  get totalCorrelatableSessions(): number {
    return this.get(TOTAL_CORRELATABLE_SESSIONS);
  }

  get linksCreated(): number {
    return this.get(LINKS_CREATED);
  }

  get failedRepos(): number {
    return this.get(FAILED_REPOS);
  }

  get durationMs(): number {
    return this.get(DURATION_MS);
  }

  setPhase(phase: GitSyncPhase): void {
    this.storePhase(phase);
  }

  setRunId(id: number): void {
    this.set(RUN_ID, id);
  }

  setReposScanned(count: number): void {
    this.set(REPOS_SCANNED, count);
  }

  setTotalRepos(count: number): void {
    this.set(TOTAL_REPOS, count);
  }

  addCommitsFound(count: number): void {
    this.add(COMMITS_FOUND, count);
  }

  setSessionsCorrelated(count: number): void {
    this.set(SESSIONS_CORRELATED, count);
  }

  setTotalCorrelatableSessions(count: number): void {
    this.set(TOTAL_CORRELATABLE_SESSIONS, count);
  }

  addLinksCreated(count: number): void {
    this.add(LINKS_CREATED, count);
  }

  setFailedRepos(count: number): void {
    this.set(FAILED_REPOS, count);
  }

  setDurationMs(ms: number): void {
    this.set(DURATION_MS, Math.min(Math.round(ms), 0x7fffffff));
  }

  /** Stores the message, then the phase `Error`. */
  setError(message: string): void {
    this.storeError(message);
    this.storePhase(GitSyncPhase.Error);
  }

  /** Returns every counter to 0, the error to null and the phase to `Idle`. */
  reset(): void {
    for (let slot = RUN_ID; slot <= LAST_SLOT; slot++) Atomics.store(this.slots, slot, 0);
    this.storeError(null);
    this.storePhase(GitSyncPhase.Idle);
  }

  /** All of it at once: the phase is read first, so what belongs to it is there. */
  snapshot(): GitSyncSnapshot {
    return {
      phase: this.phase,
      runId: this.runId,
      reposScanned: this.reposScanned,
      totalRepos: this.totalRepos,
      commitsFound: this.commitsFound,
      sessionsCorrelated: this.sessionsCorrelated,
      totalCorrelatableSessions: this.totalCorrelatableSessions,
      linksCreated: this.linksCreated,
      failedRepos: this.failedRepos,
      durationMs: this.durationMs,
      error: this.error,
    };
  }
}
