import { sleep } from "../../async/yield.ts";
import { createGitRunner, type GitRunner } from "../../git/run/runner.ts";
import { backUpDaily } from "../../store/backup.ts";
import type { Database } from "../../store/database.ts";
import { eraseFiles } from "../../store/erase.ts";
import { failureMessage, openStore } from "../../store/open.ts";
import { emptyStore, OpenedFile } from "../../store/opened_file.ts";
import { listWatchable, setExcluded } from "../../store/write/repositories.ts";
import { changeAlias } from "../../store/write/repository_aliases.ts";
import { closeInterruptedRuns } from "../../store/write/runs.ts";
import { writeSettings } from "../../store/write/settings.ts";
import { createLog, type Log } from "../../text/log.ts";
import { GitSyncState } from "../git_sync_state.ts";
import { IndexingState } from "../indexing_state.ts";
import { runGitSync } from "../pipeline.ts";
import { reportProgress } from "../report.ts";
import { countLines } from "../steps/count_lines.ts";
import { Watcher } from "../watch/watcher.ts";
import type { FromWorker, RunReport, SyncOrder, ToWorker, WorkerSetup } from "./messages.ts";
import { lowerPriority } from "./priority.ts";
import type { WorkerStart } from "./supervisor.ts";

/** After how many changed rows the write-ahead log is emptied. */
const MUCH_WRITTEN = 2_000;
/** How often a run looks whether it is to end, in milliseconds. */
const LOOK_MS = 5;

/** The thread that syncs: it holds the one connection that writes, and runs one sync at a time. */
class SyncThread {
  readonly #setup: WorkerSetup;
  readonly #port: MessagePort;
  readonly #db: Database;
  readonly #file: OpenedFile;
  readonly #runGit: GitRunner;
  readonly #log: Log;
  readonly #gitSync: GitSyncState;
  readonly #indexing: IndexingState;
  readonly #droppedRun: Int32Array;
  #watcher: Watcher | null = null;
  #tidiedAt = 0;
  #running: { abort: AbortController; ended: Promise<void> } | null = null;
  #counting: { abort: AbortController; ended: Promise<void> } | null = null;

  constructor(db: Database, { setup, port }: WorkerStart) {
    this.#setup = setup;
    this.#port = port;
    this.#db = db;
    this.#file = new OpenedFile(setup.dataDir);
    this.#runGit = createGitRunner({ environment: setup.gitEnvironment });
    this.#log = createLog(setup.logLevel);
    this.#gitSync = new GitSyncState(setup.gitSync);
    this.#indexing = new IndexingState(setup.indexing);
    this.#droppedRun = new Int32Array(setup.droppedRun);
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
      case "settings":
        this.#store(message.ticket, () => writeSettings(this.#db, message.settings));
        break;
      case "alias":
        this.#store(message.ticket, () => changeAlias(this.#db, message.change));
        break;
      case "exclude":
        this.#store(message.ticket, () => setExcluded(this.#db, message.id, message.excluded));
        break;
      case "erase":
        this.#erase(message.ticket);
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

  async #store(ticket: number, work: () => unknown): Promise<void> {
    let error: string | null = null;
    try {
      this.#file.check();
      await work();
    } catch (thrown) {
      error = failureMessage(thrown, this.#setup.dataDir);
    }
    this.#tell({ type: "stored", ticket, error });
  }

  async #erase(ticket: number): Promise<void> {
    this.#running?.abort.abort();
    await this.#running?.ended;
    await this.#stopCounting();
    await this.#store(ticket, async () => {
      await emptyStore(this.#db, this.#setup.dataDir);
      eraseFiles(this.#setup.dataDir, { inUse: true });
    });
  }

  #start(order: SyncOrder): void {
    const abort = new AbortController();
    const looking = setInterval(() => {
      if (Atomics.load(this.#droppedRun, 0) >= order.runId) abort.abort();
    }, LOOK_MS);
    const ended = this.#run(order, abort.signal).then((report) => {
      clearInterval(looking);
      this.#running = null;
      this.#tell({ type: "ended", runId: order.runId, report });
      this.#watcher?.refresh();
      this.#tidy();
      if (report.outcome !== "completed") return;
      this.#count();
      return this.#backUp();
    });
    this.#running = { abort, ended };
  }

  /** Counts which written lines still stand, after a run and until the next. Without it, everything else goes on. */
  #count(): void {
    const abort = new AbortController();
    const before = this.#counting?.ended;
    const work = async () => {
      await before;
      try {
        const deps = { db: this.#db, runGit: this.#runGit };
        if (await countLines(deps, { signal: abort.signal })) {
          this.#tell({ type: "changed", what: ["lines"] });
        }
      } catch (error) {
        this.#log.error(`lines cannot be counted: ${failureMessage(error, this.#setup.dataDir)}`);
      }
    };
    this.#counting = { abort, ended: work() };
  }

  async #stopCounting(): Promise<void> {
    this.#counting?.abort.abort();
    await this.#counting?.ended;
  }

  async #run({ runId, kind, rebuild }: SyncOrder, signal: AbortSignal): Promise<RunReport> {
    // Messages that came with the order are heard before it begins: it may have been cancelled already.
    await sleep();
    await this.#stopCounting();
    this.#log.info(`${kind} sync ${runId} starts`);
    try {
      this.#file.check();
      const result = await runGitSync(
        {
          db: this.#db,
          agents: this.#setup.agents,
          runGit: this.#runGit,
          now: Date.now,
        },
        {
          runId,
          kind,
          rebuild,
          signal,
          onProgress: kind === "user" ? reportProgress(this.#gitSync, runId) : () => {},
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
      const message = failureMessage(error, this.#setup.dataDir);
      this.#log.error(`${kind} sync ${runId} failed: ${message}`);
      return { outcome: "failed", message };
    }
  }

  /** Empties the write-ahead log after a run that wrote much: reading gets slower the longer it is. */
  #tidy(): void {
    const { changes } = this.#db;
    if (changes - this.#tidiedAt < MUCH_WRITTEN) return;
    this.#tidiedAt = changes;
    this.#checkpoint();
  }

  #checkpoint(): void {
    try {
      this.#db.checkpoint();
    } catch (error) {
      this.#log.warn(failureMessage(error, this.#setup.dataDir));
    }
  }

  /** Does what is due of the daily backup. Without one, everything else goes on. */
  async #backUp(): Promise<void> {
    const { dataDir } = this.#setup;
    try {
      const outcome = await backUpDaily(this.#db, { dataDir, now: Date.now() });
      if (outcome.kind === "damaged") {
        this.#log.error(
          `the database is damaged (${outcome.reason}): start Ascribe again to restore a backup`,
        );
      }
    } catch (error) {
      this.#log.error(`there is no backup of today: ${failureMessage(error, dataDir)}`);
    }
  }

  #watch(on: boolean): void {
    this.#watcher?.[Symbol.dispose]();
    this.#watcher = null;
    if (!on) return;
    this.#watcher = new Watcher({
      agents: this.#setup.agents,
      commonDirs: () => listWatchable(this.#db),
      touched: () => this.#tell({ type: "touched" }),
    });
    this.#watcher.refresh();
  }

  async #close(): Promise<void> {
    this.#watch(false);
    this.#running?.abort.abort();
    await this.#running?.ended;
    await this.#stopCounting();
    // The main thread's connection closes last and may not write, so nobody else would do it.
    this.#checkpoint();
    this.#db[Symbol.dispose]();
    this.#tell({ type: "closed" });
    this.#port.close();
    self.close();
  }
}

// As a worker, this module begins with what it is sent first; imported, it does nothing.
if ("WorkerGlobalScope" in globalThis && self.name === "sync") {
  lowerPriority();
  (self as unknown as { onmessage: (event: MessageEvent) => void }).onmessage = ({ data }) => {
    const start = data as WorkerStart;
    const opened = openStore(start.setup.dataDir, "write");
    if (opened.kind === "opened") new SyncThread(opened.db, start);
    else start.port.postMessage({ type: "failed", message: opened.message } satisfies FromWorker);
  };
}
