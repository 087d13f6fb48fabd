import { FIRST_SLOT, SharedState } from "./shared_state.ts";

/** Where reading the transcripts stands. */
export enum IndexingPhase {
  Idle = 0,
  Discovering = 1,
  Indexing = 2,
  Ready = 3,
  Failed = 4,
}

/** The phase that a number stands for, or null where it stands for none. */
export function indexingPhaseFrom(value: number): IndexingPhase | null {
  return Number.isInteger(value) && value >= IndexingPhase.Idle && value <= IndexingPhase.Failed
    ? value
    : null;
}

/** How far reading the transcripts came. */
export interface IndexingCounts {
  filesDone: number;
  filesTotal: number;
  bytesDone: number;
  bytesTotal: number;
  sessions: number;
  skippedLines: number;
}

/** What the index step reports while it runs. */
export interface IndexingProgress extends IndexingCounts {
  phase: "discovering" | "indexing" | "ready" | "failed";
}

/** Every value of an {@linkcode IndexingState} at one moment. */
export interface IndexingSnapshot extends IndexingCounts {
  phase: IndexingPhase;
  /** The run that the values belong to; 0 before the first one. */
  runId: number;
  error: string | null;
}

const PHASES = {
  discovering: IndexingPhase.Discovering,
  indexing: IndexingPhase.Indexing,
  ready: IndexingPhase.Ready,
  failed: IndexingPhase.Failed,
} as const;

const RUN_ID = FIRST_SLOT;
/** Each count takes two slots, high and low: bytes exceed 31 bits. */
const COUNTS = RUN_ID + 2;
const FIELDS = [
  "filesDone",
  "filesTotal",
  "bytesDone",
  "bytesTotal",
  "sessions",
  "skippedLines",
] as const;

/** The progress of reading transcripts, shared by the worker that writes it and everyone who looks. */
export class IndexingState extends SharedState {
  get phase(): IndexingPhase {
    return indexingPhaseFrom(this.phaseNumber) ?? IndexingPhase.Idle;
  }

  get runId(): number {
    return this.get(RUN_ID);
  }

  /** Returns everything to 0 and the error to null, and enters the first phase of the run named. */
  begin(runId: number): void {
    this.#storeCounts(NOTHING);
    this.storeError(null);
    Atomics.store(this.slots, RUN_ID, runId);
    this.storePhase(IndexingPhase.Discovering);
  }

  /** Takes over what the index step reports; a phase only where it changed. */
  update(progress: IndexingProgress): void {
    this.#storeCounts(progress);
    const phase = PHASES[progress.phase];
    if (phase === this.phase) this.bump();
    else this.storePhase(phase);
  }

  /** Stores the message, then the phase `Failed`. */
  setError(message: string): void {
    this.storeError(message);
    this.storePhase(IndexingPhase.Failed);
  }

  /** All of it at once: the phase is read first, so what belongs to it is there. */
  snapshot(): IndexingSnapshot {
    const phase = this.phase;
    const counts = { ...NOTHING };
    for (const [i, field] of FIELDS.entries()) counts[field] = Number(this.#counts[i]);
    return { phase, runId: this.runId, ...counts, error: this.error };
  }

  get #counts(): BigInt64Array {
    return new BigInt64Array(this.buffer, COUNTS * 4, FIELDS.length);
  }

  #storeCounts(counts: IndexingCounts): void {
    const slots = this.#counts;
    for (const [i, field] of FIELDS.entries()) Atomics.store(slots, i, BigInt(counts[field]));
  }
}

const NOTHING: IndexingCounts = {
  filesDone: 0,
  filesTotal: 0,
  bytesDone: 0,
  bytesTotal: 0,
  sessions: 0,
  skippedLines: 0,
};
