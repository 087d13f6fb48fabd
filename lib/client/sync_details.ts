import { type ReadonlySignal, type Signal, signal } from "@preact/signals";

/** Where a repository stands in the newest run, as `/api/sync/repositories` tells it. */
export interface RepositoryProgress {
  id: number | null;
  name: string;
  path: string;
  state: "queued" | "scanning" | "scanned" | "unchanged" | "empty" | "failed";
  /** Why it failed, with what to do; else null. */
  message: string | null;
}

/** A run as `/api/sync/runs` tells it. Times are ISO 8601 in UTC. */
export interface RunSummary {
  id: number;
  kind: "user" | "background";
  startedAt: string;
  endedAt: string | null;
  outcome: "running" | "completed" | "failed" | "cancelled" | "interrupted";
  reposScanned: number;
  commitsFound: number;
  linksCreated: number;
  error: string | null;
  failures: { repo: string; code: string; message: string }[];
}

/** What the panel of the StatusBar shows. */
export interface SyncDetailsState {
  /** The run whose repositories are listed; 0 before the first. */
  runId: number;
  repositories: RepositoryProgress[];
  /** The newest runs first. */
  runs: RunSummary[];
}

const RUNS_SHOWN = 30;
/** How often the panel asks at most, in milliseconds. */
const LEAST_MS = 200;

/** Reads what the panel shows, again after every call of {@linkcode SyncDetails.refresh}. */
export class SyncDetails {
  #state: Signal<SyncDetailsState | null> = signal(null);
  #failed = signal(false);
  #busy = false;
  #again = false;

  /** Null until it was read first. */
  get state(): ReadonlySignal<SyncDetailsState | null> {
    return this.#state;
  }

  /** Whether the server did not answer. */
  get failed(): ReadonlySignal<boolean> {
    return this.#failed;
  }

  /** Reads soon; calls while it is being read are one. */
  async refresh(): Promise<void> {
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#again) {
      this.#again = false;
      await this.#load();
      await new Promise((resolve) => setTimeout(resolve, LEAST_MS));
    }
    this.#busy = false;
  }

  async #load(): Promise<void> {
    try {
      const [repositories, runs] = await Promise.all([
        readJson("/api/sync/repositories"),
        readJson(`/api/sync/runs?limit=${RUNS_SHOWN}`),
      ]);
      this.#state.value = {
        runId: repositories.runId,
        repositories: repositories.items,
        runs: runs.items,
      };
      this.#failed.value = false;
    } catch {
      this.#failed.value = true;
    }
  }
}

// deno-lint-ignore no-explicit-any
async function readJson(address: string): Promise<any> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return await response.json();
}
