import type { SyncRun } from "../store/write/runs.ts";
import { GitSyncPhase, type GitSyncState } from "../sync/git_sync_state.ts";
import { IndexingPhase, type IndexingState } from "../sync/indexing_state.ts";
import type { SharedState } from "../sync/shared_state.ts";
import { encodeEvent, type EventStream, type EventStreams } from "./event_stream.ts";

/** One event that a state gives: its name is the phase's. */
export interface PhaseEvent {
  phase: string;
  data: Record<string, unknown>;
}

/** What a state shows at one moment. */
export interface ProgressView {
  runId: number;
  /** The phases of the run so far, the present one last, each with the values of now. Empty while idle. */
  events: PhaseEvent[];
  /** The run is over. */
  ended: boolean;
}

/** How long a client waits before it connects anew, in milliseconds. */
export const RETRY_MS = 1_000;

/** The version in the id of an end that is told from the store, after the state itself is gone. */
const LAST_VERSION = 0x7fffffff;

interface Step {
  phase: string;
  text: string;
  /** The state's version that its id names. */
  version: number;
  bytes: Uint8Array;
}

/** The present view, encoded once for all listeners. */
interface Sample {
  runId: number;
  steps: Step[];
  ended: boolean;
}

interface Listener {
  stream: EventStream;
  runId: number;
  /** The phase and data that it got last. */
  phase: string | null;
  text: string | null;
}

/**
 * Streams a state to any number of clients: looks once for all of them, and sends what changed.
 *
 * A client that saw a run begin is sent each of its phases, in order, up to the last counts of each, however short.
 */
export class ProgressFeed {
  readonly #state: SharedState;
  readonly #streams: EventStreams;
  readonly #view: () => ProgressView;
  readonly #listeners = new Set<Listener>();
  #sample: Sample = { runId: 0, steps: [], ended: false };
  #unsubscribe: (() => void) | null = null;

  /** @param options.view Reads the state. */
  constructor(state: SharedState, options: { streams: EventStreams; view: () => ProgressView }) {
    this.#state = state;
    this.#streams = options.streams;
    this.#view = options.view;
  }

  /**
   * Answers with the stream of the run at work, from now to its end; of the last run, only its end.
   *
   * A client that says with `Last-Event-ID` that it has seen the end gets 204, which ends its reconnecting.
   *
   * @param options.endOf Gives the end of a run that the state no longer knows, or null.
   */
  answer(
    request: Request,
    { endOf = () => null }: { endOf?: (runId: number) => PhaseEvent | null } = {},
  ): Response {
    const seen = parseEventId(request.headers.get("last-event-id"));
    const sample = this.#look();
    const last = sample.steps.at(-1);
    if (sample.ended && seen?.runId === sample.runId && seen.version >= (last?.version ?? 0)) {
      return new Response(null, { status: 204 });
    }
    if (last === undefined && seen !== null) {
      if (seen.version === LAST_VERSION) return new Response(null, { status: 204 });
      const end = endOf(seen.runId);
      if (end !== null) {
        const bytes = encodeStep(end, `${seen.runId}-${LAST_VERSION}`);
        return this.#streams.answer(request, (stream) => {
          stream.send(bytes);
          stream.end();
          return () => {};
        });
      }
    }
    return this.#streams.answer(request, (stream) => this.#join(stream, sample));
  }

  #join(stream: EventStream, sample: Sample): () => void {
    const now = sample.steps.at(-1);
    const listener: Listener = { stream, runId: sample.runId, phase: null, text: null };
    if (now !== undefined) this.#send(listener, now);
    if (sample.ended) {
      stream.end();
      return () => {};
    }
    this.#listeners.add(listener);
    this.#unsubscribe ??= this.#state.subscribe(() => this.#tellAll());
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#unsubscribe?.();
      this.#unsubscribe = null;
    };
  }

  #tellAll(): void {
    const sample = this.#look();
    for (const listener of [...this.#listeners]) this.#tell(listener, sample);
  }

  #tell(listener: Listener, sample: Sample): void {
    if (listener.runId !== sample.runId) {
      listener.runId = sample.runId;
      listener.phase = listener.text = null;
    }
    // Who has seen no phase of this run is sent the present one, anyone else whatever lies between.
    const at = sample.steps.findIndex(({ phase }) => phase === listener.phase);
    const from = at === -1 ? Math.max(sample.steps.length - 1, 0) : at;
    for (const step of sample.steps.slice(from)) {
      const seen = step.phase === listener.phase && step.text === listener.text;
      if (!seen) this.#send(listener, step);
    }
    if (sample.ended) listener.stream.end();
  }

  #send(listener: Listener, step: Step): void {
    // To a client that lags behind, the next sample says more than this one.
    const droppable = step === this.#sample.steps.at(-1) && !this.#sample.ended;
    if (!listener.stream.send(step.bytes, { droppable })) return;
    listener.phase = step.phase;
    listener.text = step.text;
  }

  /** Reads the state, and encodes what is not encoded yet. */
  #look(): Sample {
    const version = this.#state.version;
    const { runId, events, ended } = this.#view();
    const before = this.#sample.runId === runId ? this.#sample.steps : [];
    const steps = events.map((event, place) => {
      const text = JSON.stringify(event.data);
      const known = before.find((step) => step.phase === event.phase && step.text === text);
      if (known !== undefined) return known;
      // Only the present phase has the state's version: who was cut off before it still has something to come.
      const named = place === events.length - 1 ? version : version - 1;
      const bytes = encodeStep(event, `${runId}-${named}`);
      return { phase: event.phase, text, version: named, bytes };
    });
    return this.#sample = { runId, steps, ended };
  }
}

function encodeStep({ phase, data }: PhaseEvent, id: string): Uint8Array {
  return encodeEvent({ event: phase, data: { phase, ...data }, id, retryMs: RETRY_MS });
}

/** Reads an id that {@linkcode ProgressFeed} has sent: `runId-version`. */
function parseEventId(id: string | null): { runId: number; version: number } | null {
  const match = /^(\d{1,15})-(\d{1,10})$/.exec(id ?? "");
  return match === null ? null : { runId: Number(match[1]), version: Number(match[2]) };
}

/** What the progress stream shows of a user sync. */
export function viewGitSync(state: GitSyncState): ProgressView {
  const { phase, runId, failedRepos, durationMs, error, ...counts } = state.snapshot();
  const { reposScanned, totalRepos, commitsFound, linksCreated } = counts;
  const { sessionsCorrelated, totalCorrelatableSessions } = counts;
  const scanning = { phase: "scanning", data: { reposScanned, totalRepos, commitsFound } };
  const correlating = {
    phase: "correlating",
    data: { sessionsCorrelated, totalCorrelatableSessions, commitsFound, linksCreated },
  };
  switch (phase) {
    case GitSyncPhase.Idle:
      return { runId, events: [], ended: false };
    case GitSyncPhase.Scanning:
      return { runId, events: [scanning], ended: false };
    case GitSyncPhase.Correlating:
      return { runId, events: [scanning, correlating], ended: false };
    case GitSyncPhase.Done: {
      const data = { reposScanned, commitsFound, linksCreated, failedRepos, durationMs };
      return { runId, events: [scanning, correlating, { phase: "done", data }], ended: true };
    }
    case GitSyncPhase.Error:
      return { runId, events: [failed(error)], ended: true };
    default:
      return phase satisfies never;
  }
}

/** How a run of the store ended, as the progress stream would have said it; null where it has not ended. */
export function viewEndOfRun(run: SyncRun | null): PhaseEvent | null {
  if (run === null || run.kind !== "user" || run.endedAt === null) return null;
  if (run.outcome !== "completed") return failed(run.error);
  const { reposScanned, commitsFound, linksCreated, failures, startedAt, endedAt } = run;
  return {
    phase: "done",
    data: {
      reposScanned,
      commitsFound,
      linksCreated,
      failedRepos: failures.length,
      durationMs: endedAt - startedAt,
    },
  };
}

/** What the indexing stream shows. */
export function viewIndexing(state: IndexingState): ProgressView {
  const { phase, runId, error, ...counts } = state.snapshot();
  const discovering = { phase: "discovering", data: { ...counts } };
  const indexing = { phase: "indexing", data: { ...counts } };
  switch (phase) {
    case IndexingPhase.Idle:
      return { runId, events: [], ended: false };
    case IndexingPhase.Discovering:
      return { runId, events: [discovering], ended: false };
    case IndexingPhase.Indexing:
      return { runId, events: [indexing], ended: false };
    case IndexingPhase.Ready:
      return { runId, events: [indexing, { phase: "ready", data: { ...counts } }], ended: true };
    case IndexingPhase.Failed: {
      const data = { ...counts, message: error ?? "The sessions could not be read." };
      return { runId, events: [{ phase: "failed", data }], ended: true };
    }
    default:
      return phase satisfies never;
  }
}

function failed(error: string | null): PhaseEvent {
  return { phase: "error", data: { message: error ?? "The sync failed." } };
}
