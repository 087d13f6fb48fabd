import type { RepositoryId } from "../domain/ids.ts";
import type { AliasChange } from "../store/write/repository_aliases.ts";
import type { Log } from "../text/log.ts";
import { Announcements, type SyncKind, type SyncOutcome } from "./announcements.ts";
import type { GitSync, Indexing, RunningSync, TriggerOutcome } from "./git_sync.ts";
import { GitSyncPhase, GitSyncState } from "./git_sync_state.ts";
import { IndexingState } from "./indexing_state.ts";
import { CANCELLED_MESSAGE, reportEnd, reportIndexingEnd } from "./report.ts";
import { Scheduler } from "./scheduler.ts";
import { RepositorySteps } from "./steps/repository_steps.ts";
import type {
  FromWorker,
  RunReport,
  SharedBuffers,
  SyncOrder,
  SyncWorker,
  WorkerListener,
} from "./worker/messages.ts";

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

/** Questions that are answered by a message, each with a number by which its answer is known. */
class PendingRequests {
  readonly #open = new Map<number, PromiseWithResolvers<void>>();
  #next = 1;

  /** Asks a new question with its number; settles with its answer. */
  ask(tell: (ticket: number) => void): Promise<void> {
    const ticket = this.#next++;
    const answer = Promise.withResolvers<void>();
    this.#open.set(ticket, answer);
    tell(ticket);
    return answer.promise;
  }

  /** @param error What went wrong, or null. */
  answer(ticket: number, error: string | null): void {
    const answer = this.#open.get(ticket);
    this.#open.delete(ticket);
    if (error === null) answer?.resolve();
    else answer?.reject(new Error(error));
  }

  /** No answer will come any more. */
  rejectAll(reason: string): void {
    for (const ticket of [...this.#open.keys()]) this.answer(ticket, reason);
  }
}

/** How long a run may go on after it was told to end, before its worker is ended. */
const ABORT_MS = 5_000;
/** How long closing waits for the worker. */
const CLOSE_MS = 1_500;

interface Run extends SyncOrder {
  /** The worker has it. */
  sent: boolean;
  /** It was told to end, and nobody waits for it any more. */
  dropped: boolean;
}

/**
 * Says which sync runs, and tells everyone about it.
 *
 * One run at a time is with the worker. Of the others only a user sync waits, for a run that was told to end; the
 * newest run that was not dropped is the one that counts as running.
 */
export class Coordinator implements GitSync, AsyncDisposable {
  readonly state: GitSyncState = new GitSyncState();
  readonly indexing: Indexing;
  readonly announcements: Announcements;
  readonly repositories: RepositorySteps = new RepositorySteps();
  readonly #options: CoordinatorOptions;
  readonly #scheduler: Scheduler;
  readonly #pendingRequests = new PendingRequests();
  readonly #droppedRun = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #runs: Run[] = [];
  #worker: SyncWorker | null = null;
  #opened = false;
  #nextRunId: number;
  #abortTimer: ReturnType<typeof setTimeout> | undefined;
  #closed: PromiseWithResolvers<void> | null = null;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#nextRunId = options.nextRunId;
    this.announcements = new Announcements(options.now());
    this.indexing = {
      state: new IndexingState(),
      rebuild: () => this.#triggerUser({ rebuild: true }),
    };
    this.#scheduler = new Scheduler(() => this.#startBackground(), options.intervalSecs);
  }

  get current(): RunningSync | null {
    const run = this.#runs.at(-1);
    return run === undefined || run.dropped ? null : { runId: run.runId, kind: run.kind };
  }

  get running(): SyncKind | null {
    return this.current?.kind ?? null;
  }

  get intervalSecs(): number {
    return this.#scheduler.intervalSecs;
  }

  /** Runs the first background sync, and the others every interval. */
  startSchedule(): void {
    this.#scheduler.start();
  }

  trigger(): TriggerOutcome {
    return this.#triggerUser({ rebuild: false });
  }

  cancel(): boolean {
    const current = this.current;
    if (current?.kind !== "user") return false;
    this.#drop();
    this.state.setError(CANCELLED_MESSAGE);
    this.announcements.syncEnded({ ...current, outcome: "cancelled" });
    return true;
  }

  async setIntervalSecs(seconds: number): Promise<void> {
    const settings = { gitSyncIntervalSecs: seconds };
    await this.#pendingRequests.ask((ticket) =>
      this.#ready().tell({ type: "settings", ticket, settings })
    );
    this.#scheduler.setIntervalSecs(seconds);
    this.#worker?.tell({ type: "watch", on: this.#scheduler.isOn });
    this.announcements.changed(["settings"]);
  }

  async changeAlias(change: AliasChange): Promise<void> {
    await this.#pendingRequests.ask((ticket) =>
      this.#ready().tell({ type: "alias", ticket, change })
    );
    this.announcements.changed(["repositories"]);
  }

  async setExcluded(id: RepositoryId, excluded: boolean): Promise<void> {
    const order = { type: "exclude", id, excluded } as const;
    await this.#pendingRequests.ask((ticket) => this.#ready().tell({ ...order, ticket }));
    this.announcements.changed(["repositories"]);
  }

  async erase(): Promise<void> {
    this.#scheduler.setIntervalSecs(0);
    this.#worker?.tell({ type: "watch", on: false });
    this.#cancelCurrent();
    await this.#pendingRequests.ask((ticket) => this.#ready().tell({ type: "erase", ticket }));
    this.state.reset();
    this.announcements.changed(["sessions", "repositories", "commits", "links", "settings"]);
  }

  /** Ends what runs, and the worker with its database. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#scheduler[Symbol.dispose]();
    clearTimeout(this.#abortTimer);
    if (this.#worker === null) return;
    this.#closed = Promise.withResolvers();
    Atomics.store(this.#droppedRun, 0, this.#nextRunId);
    this.#worker.tell({ type: "close" });
    const timer = setTimeout(this.#closed.resolve, CLOSE_MS);
    await this.#closed.promise;
    clearTimeout(timer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#pendingRequests.rejectAll("Ascribe is stopping");
  }

  #triggerUser({ rebuild }: { rebuild: boolean }): TriggerOutcome {
    const current = this.current;
    if (current?.kind === "user") return { kind: "conflict", runId: current.runId };
    this.#cancelCurrent();
    const run = this.#newRun("user", rebuild);
    this.#show(run);
    this.#begin(run);
    return { kind: "accepted", runId: run.runId };
  }

  #cancelCurrent(): void {
    const { current } = this;
    if (current === null) return;
    this.#drop();
    this.announcements.syncEnded({ ...current, outcome: "cancelled" });
  }

  #startBackground(): boolean {
    if (this.#runs.length > 0 || this.#closed !== null) return false;
    this.#begin(this.#newRun("background", false));
    return true;
  }

  /** Makes the state that of a user sync which has just begun. */
  #show({ runId }: Run): void {
    this.state.reset();
    this.state.setRunId(runId);
    this.state.setPhase(GitSyncPhase.Scanning);
  }

  #newRun(kind: SyncKind, rebuild: boolean): Run {
    return { runId: this.#nextRunId++, kind, rebuild, sent: false, dropped: false };
  }

  #begin(run: Run): void {
    this.#runs.push(run);
    this.indexing.state.begin(run.runId);
    this.repositories.begin(run.runId);
    this.announcements.syncStarted(run.runId, run.kind);
    this.#advance();
  }

  /** Lets go of the newest run: it ends at its next batch, and its end is not waited for. */
  #drop(): void {
    const run = this.#runs.at(-1)!;
    run.dropped = true;
    Atomics.store(this.#droppedRun, 0, run.runId);
    if (!run.sent) return;
    clearTimeout(this.#abortTimer);
    this.#abortTimer = setTimeout(
      () => this.#replaceWorker(`run ${run.runId} did not end when told to`),
      ABORT_MS,
    );
  }

  /** Hands the first run to the worker, unless it has it. One that was dropped meanwhile is recorded as cancelled. */
  #advance(): void {
    const run = this.#runs[0];
    if (run === undefined || run.sent) return;
    run.sent = true;
    this.indexing.state.begin(run.runId);
    const { runId, kind, rebuild } = run;
    this.#ready().tell({ type: "sync", runId, kind, rebuild });
  }

  #ready(): SyncWorker {
    const { startWorker } = this.#options;
    if (this.#worker !== null) return this.#worker;
    this.#opened = false;
    const shared: SharedBuffers = {
      gitSync: this.state.buffer,
      indexing: this.indexing.state.buffer,
      droppedRun: this.#droppedRun.buffer,
    };
    const worker: SyncWorker = startWorker(shared, {
      heard: (message) => this.#worker === worker && this.#hear(message),
      crashed: (reason) => this.#worker === worker && this.#replaceWorker(reason),
    });
    this.#worker = worker;
    if (this.#scheduler.isOn) worker.tell({ type: "watch", on: true });
    return worker;
  }

  #hear(message: FromWorker): void {
    switch (message.type) {
      case "opened":
        this.#opened = true;
        break;
      case "failed":
        this.#replaceWorker(message.message);
        break;
      case "changed":
        this.announcements.changed(message.what);
        break;
      case "repositories":
        this.repositories.note(message.runId, message.steps);
        break;
      case "touched":
        this.#scheduler.runSoon();
        break;
      case "ended":
        this.#ended(message.runId, message.report);
        break;
      case "stored":
        this.#pendingRequests.answer(message.ticket, message.error);
        break;
      case "closed":
        this.#closed?.resolve();
        break;
      default:
        message satisfies never;
    }
  }

  #ended(runId: number, report: RunReport): void {
    if (this.#runs[0]?.runId !== runId) return;
    clearTimeout(this.#abortTimer);
    const run = this.#runs.shift()!;
    // The sync is over before anyone can see that it is: who sees the end may start the next one.
    if (this.#runs.length === 0) reportIndexingEnd(this.indexing.state, report);
    if (!run.dropped) this.#tellEnd(run, report);
    // The run that ended may have counted on until now.
    const next = this.#runs[0];
    if (run.kind === "user" && next !== undefined && !next.dropped) this.#show(next);
    this.#advance();
  }

  #tellEnd({ runId, kind }: Run, report: RunReport): void {
    if (kind === "user") reportEnd(this.state, report);
    const outcome: SyncOutcome = report.outcome;
    this.announcements.syncEnded({ runId, kind, outcome });
  }

  /** Ends a worker that crashed or hangs. Its run has failed; the next one gets a new worker. */
  #replaceWorker(reason: string): void {
    this.#options.log.error(`the sync worker ended: ${reason}`);
    clearTimeout(this.#abortTimer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#pendingRequests.rejectAll(reason);
    this.#closed?.resolve();
    const run = this.#runs[0];
    const wasOpen = this.#opened;
    if (!run?.sent || this.#closed !== null) return;
    this.#ended(run.runId, {
      outcome: "failed",
      message: `The sync stopped unexpectedly: ${reason}`,
    });
    // A new worker closes the run's row as it opens the database.
    if (wasOpen) this.#ready();
  }
}
