import {
  type SyncCounters,
  type SyncInput,
  type SyncState,
  type SyncTotals,
  wantsProgress,
} from "../domain/sync_model.ts";

/** What a tab does with what the server says. */
export interface ServerListener {
  input(input: SyncInput): void;
  /** Something that pages show has changed in the store. */
  changed(): void;
  /** The state after every input so far. */
  state(): SyncState;
}

/** How long the server may be silent before the page says so, in milliseconds. */
const OFFLINE_AFTER_MS = 5_000;

/** How long after a reconnection a run may leave its end unsaid before it counts as lost. */
const VANISHED_AFTER_MS = 2_000;
const REOPEN_AFTER_MS = 1_000;

/** Reads `/api/status` as the totals that the StatusBar shows, with who is syncing. */
async function readStatus(): Promise<{ totals: SyncTotals; running: string | null }> {
  const response = await fetch("/api/status", { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`/api/status answered ${response.status}`);
  const status = await response.json();
  return {
    running: status.running,
    totals: {
      sessionsIndexed: status.sessionsIndexed,
      projectsFound: status.projectsFound,
      commitsFound: status.commitsFound,
      lastGitSyncAt: status.lastGitSyncAt === null ? null : Date.parse(status.lastGitSyncAt),
    },
  };
}

/**
 * The connections of the one tab that listens to the server: announcements as long as it lives, progress and indexing
 * while a run is on show.
 */
export class ServerStreams {
  #listener: ServerListener;
  #announcements: EventSource | null = null;
  #progress: EventSource | null = null;
  #indexing: EventSource | null = null;
  #timers = new Map<string, number>();
  #wasDown = false;

  constructor(listener: ServerListener) {
    this.#listener = listener;
  }

  open(): void {
    this.#openAnnouncements();
    this.follow();
  }

  /** Opens or closes the progress stream as the state wants it. */
  follow(): void {
    if (!wantsProgress(this.#listener.state())) return this.#closeProgress();
    this.#openProgress();
    this.#openIndexing();
  }

  close(): void {
    this.#announcements?.close();
    this.#announcements = null;
    this.#closeProgress();
    for (const name of [...this.#timers.keys()]) this.#stop(name);
  }

  /** Compares the server's state with the page's, after a connection was made. */
  async check(): Promise<void> {
    const { totals, running } = await readStatus();
    this.#listener.input({ type: "totals", totals });
    const state = this.#listener.state();
    if (running === "user") {
      if (!wantsProgress(state)) this.#listener.input({ type: "running" });
    } else if (wantsProgress(state) && state.trigger !== "running") {
      const lost = this.#wasDown || state.runId !== null ? "vanished" : "quiet";
      this.#after("vanished", VANISHED_AFTER_MS, () => this.#listener.input({ type: lost }));
    }
    this.#wasDown = false;
    this.follow();
  }

  #openAnnouncements(): void {
    const source = new EventSource("/api/events");
    this.#announcements = source;
    source.onopen = () => {
      const wasDown = this.#wasDown;
      this.#stop("offline");
      this.#listener.input({ type: "online" });
      this.check().catch(() => this.#down());
      if (wasDown) this.#listener.changed();
    };
    source.addEventListener("syncStarted", (event) => {
      const { runId, kind } = JSON.parse(event.data);
      this.#listener.input({ type: "started", runId, kind });
      this.follow();
    });
    source.addEventListener("changed", () => {
      this.#listener.changed();
    });
    source.addEventListener("syncEnded", () => {
      readStatus().then(
        ({ totals }) => this.#listener.input({ type: "totals", totals }),
        () => this.#down(),
      );
    });
    source.onerror = () => {
      this.#down();
      if (source.readyState === EventSource.CLOSED) {
        this.#after("announcements", REOPEN_AFTER_MS, () => this.#openAnnouncements());
      }
    };
  }

  #openProgress(): void {
    if (this.#progress !== null) return;
    const source = new EventSource("/api/sync/git/progress");
    this.#progress = source;
    const tell = (input: SyncInput) => {
      this.#stop("vanished");
      this.#listener.input(input);
      this.follow();
    };
    const counters = (event: MessageEvent): Partial<SyncCounters> => {
      const { phase: _, ...counters } = JSON.parse(event.data);
      return counters;
    };
    for (const type of ["scanning", "correlating"] as const) {
      source.addEventListener(type, (event) => {
        tell({ type, runId: runOf(event), counters: counters(event) });
      });
    }
    source.addEventListener("done", (event) => {
      tell({ type: "done", runId: runOf(event), done: JSON.parse(event.data) });
    });
    source.addEventListener("error", (event) => {
      if (event instanceof MessageEvent && event.data) {
        const { message } = JSON.parse(event.data);
        tell({ type: "error", runId: runOf(event), message });
      } else if (source.readyState === EventSource.CLOSED && this.#progress === source) {
        this.#progress = null;
        this.#after("progress", REOPEN_AFTER_MS, () => this.follow());
      }
    });
  }

  #openIndexing(): void {
    if (this.#indexing !== null) return;
    const source = new EventSource("/api/indexing/progress");
    this.#indexing = source;
    for (const type of ["discovering", "indexing"] as const) {
      source.addEventListener(type, (event) => {
        const { filesDone, filesTotal } = JSON.parse(event.data);
        this.#listener.input({
          type: "reading",
          filesDone,
          filesTotal: type === "discovering" || filesTotal === 0 ? null : filesTotal,
        });
      });
    }
    for (const type of ["ready", "failed"]) {
      source.addEventListener(type, () => this.#listener.input({ type: "readingEnded" }));
    }
  }

  #closeProgress(): void {
    this.#progress?.close();
    this.#progress = null;
    this.#indexing?.close();
    this.#indexing = null;
    this.#stop("progress");
    this.#stop("vanished");
  }

  #down(): void {
    this.#wasDown = true;
    if (this.#timers.has("offline")) return;
    this.#after("offline", OFFLINE_AFTER_MS, () => this.#listener.input({ type: "offline" }));
  }

  #after(name: string, ms: number, work: () => void): void {
    this.#stop(name);
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      work();
    }, ms);
    this.#timers.set(name, timer as unknown as number);
  }

  #stop(name: string): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}

/** The run that an event belongs to, from its id `runId-version`; null where it has none. */
function runOf(event: MessageEvent): number | null {
  const runId = Number.parseInt(event.lastEventId, 10);
  return Number.isSafeInteger(runId) ? runId : null;
}
