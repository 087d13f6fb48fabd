import { createGitRunner, type GitRunner } from "../git/runner.ts";
import { createLog, type Log } from "../log.ts";
import type { Database } from "../store/database.ts";
import { openStore } from "../store/open.ts";
import { closeInterruptedRuns } from "../store/runs.ts";
import { writeSettings } from "../store/settings.ts";
import { GitSyncState } from "./git_sync_state.ts";
import { IndexingState } from "./indexing_state.ts";
import { runGitSync } from "./pipeline.ts";
import { trackProgress } from "./track_progress.ts";
import { listWatchable } from "../store/watchable.ts";
import { Watcher } from "./watch/watcher.ts";
import type { WorkerStart } from "./worker_keeper.ts";
import type { FromWorker, RunReport, SyncOrder, ToWorker, WorkerSetup } from "./worker_messages.ts";

/** The thread that syncs: it holds the one connection that writes, and runs one sync at a time. */
class SyncThread {
  readonly #setup: WorkerSetup;
  readonly #port: MessagePort;
  readonly #db: Database;
  readonly #runGit: GitRunner;
  readonly #log: Log;
  readonly #gitSync: GitSyncState;
  readonly #indexing: IndexingState;
  #watcher: Watcher | null = null;
  #running: { runId: number; abort: AbortController; ended: Promise<void> } | null = null;

  constructor(db: Database, { setup, port }: WorkerStart) {
    this.#setup = setup;
    this.#port = port;
    this.#db = db;
    this.#runGit = createGitRunner({ environment: setup.gitEnvironment });
    this.#log = createLog(setup.logLevel);
    this.#gitSync = new GitSyncState(setup.gitSync);
    this.#indexing = new IndexingState(setup.indexing);
    closeInterruptedRuns(this.#db, Date.now());
    port.onmessage = ({ data }) => this.#hear(data as ToWorker);
    this.#tell({ type: "opened" });
  }

  #tell(message: FromWorker): void {
    this.#port.postMessage(message);
  }

  #hear(message: ToWorker): void {
    switch (message.type) {
      case "sync":
        this.#start(message);
        break;
      case "abort":
        if (this.#running?.runId === message.runId) this.#running.abort.abort();
        break;
      case "settings":
        this.#tell({
          type: "stored",
          ticket: message.ticket,
          error: attempt(() => writeSettings(this.#db, message.settings)),
        });
        break;
      case "watch":
        this.#watch(message.on);
        break;
      case "close":
        this.#close();
        break;
      default:
        message satisfies never;
    }
  }

  #start(order: SyncOrder): void {
    const abort = new AbortController();
    const ended = this.#run(order, abort.signal).then((report) => {
      this.#running = null;
      this.#tell({ type: "ended", runId: order.runId, report });
      this.#watcher?.refresh();
    });
    this.#running = { runId: order.runId, abort, ended };
  }

  async #run({ runId, kind, rebuild }: SyncOrder, signal: AbortSignal): Promise<RunReport> {
    // Messages that came with the order are heard before it begins: it may have been cancelled already.
    await new Promise((resolve) => setTimeout(resolve));
    this.#log.info(`${kind} sync ${runId} starts`);
    try {
      const result = await runGitSync(
        {
          db: this.#db,
          claudeDirs: this.#setup.claudeDirs,
          runGit: this.#runGit,
          now: Date.now,
        },
        {
          runId,
          kind,
          rebuild,
          signal,
          onProgress: kind === "user" ? trackProgress(this.#gitSync, runId) : () => {},
          onIndexing: (progress) => this.#indexing.update(progress),
          onChanged: (what) => this.#tell({ type: "changed", what }),
          onRepositories: (steps) => this.#tell({ type: "repositories", runId, steps }),
        },
      );
      this.#log.info(
        `${kind} sync ${runId} done in ${result.durationMs} ms: ${result.reposScanned} repositories, ` +
          `${result.commitsFound} new commits, ${result.linksCreated} new links, ${result.failures.length} failures`,
      );
      return { outcome: "completed", result };
    } catch (error) {
      if (signal.aborted) {
        this.#log.info(`${kind} sync ${runId} was cancelled`);
        return { outcome: "cancelled" };
      }
      const message = error instanceof Error ? error.message : String(error);
      this.#log.error(`${kind} sync ${runId} failed: ${message}`);
      return { outcome: "failed", message };
    }
  }

  #watch(on: boolean): void {
    this.#watcher?.[Symbol.dispose]();
    this.#watcher = null;
    if (!on) return;
    this.#watcher = new Watcher({
      claudeDirs: this.#setup.claudeDirs,
      commonDirs: () => listWatchable(this.#db),
      touched: () => this.#tell({ type: "touched" }),
    });
    this.#watcher.refresh();
  }

  async #close(): Promise<void> {
    this.#watch(false);
    this.#running?.abort.abort();
    await this.#running?.ended;
    this.#db[Symbol.dispose]();
    this.#tell({ type: "closed" });
    this.#port.close();
    self.close();
  }
}

/** @returns What went wrong, or null. */
function attempt(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// As a worker, this module begins with what it is sent first; imported, it does nothing.
if ("WorkerGlobalScope" in globalThis && self.name === "sync") {
  (self as unknown as { onmessage: (event: MessageEvent) => void }).onmessage = ({ data }) => {
    const start = data as WorkerStart;
    const opened = openStore(start.setup.dataDir, "write");
    if (opened.kind === "opened") new SyncThread(opened.db, start);
    else start.port.postMessage({ type: "failed", message: opened.message } satisfies FromWorker);
  };
}
