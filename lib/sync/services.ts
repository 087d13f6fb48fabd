import type { AgentFolders } from "../domain/settings.ts";
import type { LogLevel } from "../domain/settings.ts";
import { acquireLock, type LockFile, type LockOwner } from "../fs/lock_file.ts";
import { CachedReading, type GitReading } from "../git/read/reading.ts";
import { ReadingThread } from "../git/read/reading_thread.ts";
import type { GitEnvironment } from "../git/run/environment.ts";
import type { Database } from "../store/database.ts";
import { type OpenFailure, openOwned, openStore } from "../store/open.ts";
import { setBusy } from "../store/read/cached.ts";
import { closeInterruptedRuns, nextRunId } from "../store/write/runs.ts";
import { readSettings } from "../store/write/settings.ts";
import { createLog } from "../text/log.ts";
import { Coordinator } from "./coordinator.ts";
import type { Indexing } from "./git_sync.ts";
import { WorkerStarter } from "./worker/start.ts";

/** What the services are opened with. */
export interface ServicesOptions {
  dataDir: string;
  agents: readonly AgentFolders[];
  gitEnvironment: GitEnvironment;
  logLevel: LogLevel;
  /** @default {Date.now} */
  now?: () => number;
}

/** Open services, or why there are none. */
export type ServicesOutcome =
  | { kind: "opened"; services: SyncServices }
  /** Another process owns the data folder. */
  | { kind: "held"; owner: LockOwner | null }
  | { kind: "failed"; reason: OpenFailure | "lock"; message: string };

/** Everything a server works with: the store for reading, and the sync, whose worker is the one that writes. */
export class SyncServices implements AsyncDisposable {
  readonly store: Database;
  readonly gitSync: Coordinator;
  readonly lock: LockFile;
  readonly #starter: WorkerStarter;
  /** Diffs, blames and files for pages. */
  readonly git: GitReading;
  readonly #thread: ReadingThread;

  constructor(
    parts: {
      store: Database;
      gitSync: Coordinator;
      lock: LockFile;
      starter: WorkerStarter;
      git: ReadingThread;
    },
  ) {
    this.store = parts.store;
    this.gitSync = parts.gitSync;
    this.lock = parts.lock;
    this.#starter = parts.starter;
    this.#thread = parts.git;
    this.git = new CachedReading(parts.git);
  }

  get indexing(): Indexing {
    return this.gitSync.indexing;
  }

  /**
   * Gives up this thread's right to write files and to run programs. The worker keeps its own, and what is open here
   * goes on working.
   */
  async renounce(): Promise<void> {
    this.#starter.prepare();
    this.#thread.prepare();
    await Deno.permissions.revoke({ name: "write" });
    await Deno.permissions.revoke({ name: "run" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gitSync[Symbol.asyncDispose]();
    this.#starter[Symbol.dispose]();
    this.#thread[Symbol.dispose]();
    this.store[Symbol.dispose]();
    this.lock[Symbol.dispose]();
  }
}

/** Opens a data folder for a server: locks it, brings its database up to date, and has a worker at hand. */
export async function openServices(options: ServicesOptions): Promise<ServicesOutcome> {
  const { dataDir, agents, gitEnvironment, logLevel, now = Date.now } = options;
  const locked = await acquireLock(dataDir);
  if (locked.kind === "held") return locked;
  if (locked.kind === "failed") return { ...locked, reason: "lock" };
  const { lock } = locked;
  const failed = (reason: OpenFailure, message: string): ServicesOutcome => {
    lock[Symbol.dispose]();
    return { kind: "failed", reason, message };
  };
  const written = openOwned(dataDir, { now: now() });
  if (written.kind !== "opened") return failed(written.kind, written.message);
  using writing = written.db;
  const log = createLog(logLevel);
  if (written.recovery !== null) log.warn(written.recovery);
  closeInterruptedRuns(writing, now());
  const opened = openStore(dataDir, "read");
  if (opened.kind !== "opened") return failed(opened.kind, opened.message);
  const starter = new WorkerStarter(dataDir);
  const gitSync = new Coordinator({
    startWorker: (shared, listener) =>
      starter.start({ ...shared, dataDir, agents, gitEnvironment, logLevel }, listener),
    nextRunId: nextRunId(writing),
    intervalSecs: readSettings(writing).gitSyncIntervalSecs,
    log,
    now,
  });
  gitSync.announcements.subscribe(() => setBusy(opened.db, gitSync.running !== null));
  return {
    kind: "opened",
    services: new SyncServices({
      store: opened.db,
      gitSync,
      lock,
      starter,
      git: new ReadingThread(gitEnvironment, {
        startAnew: (crashed) => starter.startReading(crashed),
      }),
    }),
  };
}
