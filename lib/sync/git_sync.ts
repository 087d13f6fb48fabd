import type { RepositoryId } from "../domain/ids.ts";
import type { AliasChange } from "../store/write/repository_aliases.ts";
import type { Announcements, SyncKind } from "./announcements.ts";
import type { GitSyncState } from "./git_sync_state.ts";
import type { RepositorySteps } from "./steps/repository_steps.ts";
import type { IndexingState } from "./indexing_state.ts";

/** A sync at work. */
export interface RunningSync {
  /** Its row in `sync_runs`. */
  runId: number;
  kind: SyncKind;
}

/** What asking for a sync came to. */
export type TriggerOutcome =
  | { kind: "accepted"; runId: number }
  /** Somebody's sync is at work already. */
  | { kind: "conflict"; runId: number };

/** What pages, the API and the CLI know of the sync. Tests make one of their own to preset states. */
export interface GitSync {
  readonly state: GitSyncState;
  readonly announcements: Announcements;
  /** Where each repository stands in the newest run. */
  readonly repositories: RepositorySteps;
  /** The sync at work, or null. */
  readonly current: RunningSync | null;
  /** Who asked for the sync at work, or null. */
  readonly running: SyncKind | null;
  /** Seconds between background syncs; 0 is off. */
  readonly intervalSecs: number;
  /** Starts a user sync: its state is active before this returns. A background sync gives way. */
  trigger(): TriggerOutcome;
  /** Ends the user sync; false where none is running. */
  cancel(): boolean;
  /** Keeps the interval and applies it at once. Resolves when it is stored. */
  setIntervalSecs(seconds: number): Promise<void>;
  /** Keeps where a folder is now; the next sync looks there. Resolves when it is stored. */
  changeAlias(change: AliasChange): Promise<void>;
  /** Leaves a repository out of syncs, or takes it in again. Resolves when it is stored. */
  setExcluded(id: RepositoryId, excluded: boolean): Promise<void>;
  /**
   * Ends the sync at work, turns background syncs off until somebody turns them on, and removes all that was stored.
   * Resolves when nothing of it is left.
   */
  erase(): Promise<void>;
}

/** What pages, the API and the CLI know of reading the transcripts. */
export interface Indexing {
  readonly state: IndexingState;
  /** Starts a user sync that reads every source from its beginning. */
  rebuild(): TriggerOutcome;
}
