/** Who wanted a sync: somebody, or the program itself. */
export type SyncKind = "user" | "background";

/** How a sync ended. `interrupted`: its process ended first. */
export type SyncOutcome = "completed" | "failed" | "cancelled" | "interrupted";

/** Which parts of the store changed. */
export type Changed = "sessions" | "repositories" | "commits" | "links" | "lines" | "settings";

/** What open pages hear, whatever caused it. */
export type Announcement =
  | { type: "syncStarted"; runId: number; kind: SyncKind }
  | { type: "syncEnded"; runId: number; kind: SyncKind; outcome: SyncOutcome }
  | { type: "changed"; version: number; what: Changed[] };

/** Tells everyone who listens what happened to the store. */
export class Announcements {
  #version: number;
  #listeners = new Set<(announcement: Announcement) => void>();

  /** @param version Where counting starts: the clock, so that it grows over restarts too. */
  constructor(version: number) {
    this.#version = version;
  }

  /** A number that grows whenever what is shown changes. */
  get version(): number {
    return this.#version;
  }

  /** How many listen. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** @returns A function that ends it. */
  subscribe(listener: (announcement: Announcement) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  syncStarted(runId: number, kind: SyncKind): void {
    this.#tell({ type: "syncStarted", runId, kind });
  }

  syncEnded(run: { runId: number; kind: SyncKind; outcome: SyncOutcome }): void {
    this.#tell({ type: "syncEnded", ...run });
  }

  /** Counts the version up and says what changed; with nothing changed it says nothing. */
  changed(what: Changed[]): void {
    if (what.length === 0) return;
    this.#version++;
    this.#tell({ type: "changed", version: this.#version, what });
  }

  #tell(announcement: Announcement): void {
    for (const listener of [...this.#listeners]) listener(announcement);
  }
}
