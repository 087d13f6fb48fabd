import type { AgentFolders } from "../../domain/settings.ts";
import type { LogLevel } from "../../domain/settings.ts";
import type { GitEnvironment } from "../../git/run/environment.ts";

import type { RepositoryId } from "../../domain/ids.ts";
import type { AliasChange } from "../../store/write/repository_aliases.ts";
import type { Settings } from "../../store/write/settings.ts";
import type { Changed, SyncKind } from "../announcements.ts";
import type { GitSyncResult } from "../events.ts";
import type { RepositoryStep } from "../steps/repository_steps.ts";

/** What the worker shares with the main thread. */
export interface SharedBuffers {
  /** The two states that it writes. */
  gitSync: SharedArrayBuffer;
  indexing: SharedArrayBuffer;
  /** One `Int32`: every run up to this number is to end at its next batch. A message would wait behind the work. */
  droppedRun: SharedArrayBuffer;
}

/** What the worker opens when it starts. */
export interface WorkerSetup extends SharedBuffers {
  dataDir: string;
  agents: readonly AgentFolders[];
  gitEnvironment: GitEnvironment;
  logLevel: LogLevel;
}

/** One sync for the worker to run. */
export interface SyncOrder {
  runId: number;
  kind: SyncKind;
  rebuild: boolean;
}

/** Messages to the worker. */
export type ToWorker =
  | ({ type: "sync" } & SyncOrder)
  /** Store the settings; `ticket` comes back. */
  | { type: "settings"; ticket: number; settings: Settings }
  /** Store or take back an alias; `ticket` comes back. */
  | { type: "alias"; ticket: number; change: AliasChange }
  /** Leave a repository out of syncs, or take it in again; `ticket` comes back. */
  | { type: "exclude"; ticket: number; id: RepositoryId; excluded: boolean }
  /** End the run at work and forget everything; `ticket` comes back. */
  | { type: "erase"; ticket: number }
  /** Notice changes of transcripts and refs, or do so no more. */
  | { type: "watch"; on: boolean }
  /** Close the database, then say so. */
  | { type: "close" };

/** How a run ended. */
export type RunReport =
  | { outcome: "completed"; result: GitSyncResult }
  | { outcome: "cancelled" }
  | { outcome: "failed"; message: string };

/** What the worker tells. */
export type FromWorker =
  | { type: "opened" }
  /** The database cannot be opened, so this worker is of no use. */
  | { type: "failed"; message: string }
  | { type: "changed"; what: Changed[] }
  /** Transcripts grew or refs moved: a sync would find something. */
  | { type: "touched" }
  /** Where repositories stand in that run. */
  | { type: "repositories"; runId: number; steps: RepositoryStep[] }
  | { type: "ended"; runId: number; report: RunReport }
  | { type: "stored"; ticket: number; error: string | null }
  | { type: "closed" };

/** The main thread's end of a worker. */
export interface SyncWorker {
  tell(message: ToWorker): void;
  /** Ends it at once, whatever it does. */
  terminate(): void;
}

/** What becomes of a worker. */
export interface WorkerListener {
  heard(message: FromWorker): void;
  /** It ended by itself, and answers no more. */
  crashed(reason: string): void;
}
