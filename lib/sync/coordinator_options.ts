import type { Log } from "../log.ts";
import type { SharedBuffers, SyncWorker, WorkerListener } from "./worker_messages.ts";

/** What a coordinator works with. */
export interface CoordinatorOptions {
  /** Starts the worker with the buffers that it shares. Nothing is started before a run is to begin. */
  startWorker: (shared: SharedBuffers, listener: WorkerListener) => SyncWorker;
  /** The number of the first run; see `nextRunId` of the store. */
  nextRunId: number;
  /** Seconds between background syncs; 0 is off. */
  intervalSecs: number;
  log: Log;
  now: () => number;
}
