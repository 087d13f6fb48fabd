/** What the browser knows of a sync. `starting` is active without an event yet. */
export type SyncPhase = "idle" | "starting" | "scanning" | "correlating";

/** What became of the request that starts a sync. Only the stream reports its completion. */
export type Trigger = "idle" | "running" | "success" | "conflict" | "error";

/** What the progress stream counts. */
export interface SyncCounters {
  reposScanned: number;
  totalRepos: number;
  commitsFound: number;
  sessionsCorrelated: number;
  totalCorrelatableSessions: number;
  linksCreated: number;
}

/** How far a run has come with reading transcripts; null totals are not known yet. */
export interface ReadingProgress {
  filesDone: number;
  filesTotal: number | null;
}

/** The totals that the line shows while nothing runs. */
export interface SyncTotals {
  sessionsIndexed: number;
  projectsFound: number;
  commitsFound: number;
  /** When the last sync ended, Unix milliseconds; null before the first. */
  lastGitSyncAt: number | null;
}

/** Everything the StatusBar shows. */
export interface SyncState {
  phase: SyncPhase;
  trigger: Trigger;
  /** The run on show; null while nothing runs or its number is not known yet. */
  runId: number | null;
  counters: SyncCounters;
  reading: ReadingProgress | null;
  totals: SyncTotals;
  /** The newest run whose end this tab has shown: what ends a run twice is ignored. */
  endedRunId: number;
  /** The server has not answered for five seconds. */
  offline: boolean;
}

/** Whatever changes the state: a press, an answer, an event of a stream, the connection. */
export type SyncInput =
  | { type: "pressed" }
  | { type: "accepted"; runId: number }
  | { type: "conflict" }
  | { type: "refused"; message: string }
  | { type: "started"; runId: number; kind: "user" | "background" }
  | { type: "reading"; filesDone: number; filesTotal: number | null }
  | { type: "readingEnded" }
  | { type: "scanning"; runId: number | null; counters: Partial<SyncCounters> }
  | { type: "correlating"; runId: number | null; counters: Partial<SyncCounters> }
  | { type: "done"; runId: number | null; done: SyncDone }
  | { type: "error"; runId: number | null; message: string }
  /** The server that ran the sync is gone, and the one that answers now knows nothing of it. */
  | { type: "vanished" }
  /** A user sync runs whose number is not known. */
  | { type: "running" }
  /** Nothing runs: what was running when the page was served ended before the page could listen. */
  | { type: "quiet" }
  | { type: "totals"; totals: SyncTotals }
  | { type: "offline" }
  | { type: "online" };

/** What a step asks of its caller. */
export type SyncEffect =
  | { type: "toast"; toast: ToastContent }
  /** A run ended well; what it came to is to be shown as a toast. */
  | { type: "completed"; done: SyncDone }
  /** What the page shows is out of date. */
  | { type: "refresh" };

const noCounters: SyncCounters = {
  reposScanned: 0,
  totalRepos: 0,
  commitsFound: 0,
  sessionsCorrelated: 0,
  totalCorrelatableSessions: 0,
  linksCreated: 0,
};

/** The message with which the server ends a run that was cancelled. */
export const CANCELLED = "Sync cancelled";

/**
 * The state of a page as it was served.
 *
 * @param options.running Whether a user sync was running then.
 * @param options.endedRunId The newest run whose end this tab has shown. @default {0}
 */
export function initialSyncState(
  totals: SyncTotals,
  options: { running: boolean; endedRunId?: number },
): SyncState {
  return {
    phase: options.running ? "starting" : "idle",
    trigger: "idle",
    runId: null,
    counters: noCounters,
    reading: null,
    totals,
    endedRunId: options.endedRunId ?? 0,
    offline: false,
  };
}

/** Whether the progress stream is wanted: from a run's start to its end, never otherwise. */
export function wantsProgress(state: SyncState): boolean {
  return state.phase !== "idle";
}

/** What `input` makes of `state`. The state given is left as it is. */
export function stepSync(
  state: SyncState,
  input: SyncInput,
): { state: SyncState; effects: SyncEffect[] } {
  switch (input.type) {
    case "pressed":
      return only(
        state.phase === "idle"
          ? { ...begin(state, null), trigger: "running" }
          : { ...state, trigger: "running" },
      );
    case "accepted":
      return only(
        input.runId <= state.endedRunId
          ? { ...state, trigger: "success" }
          : { ...follow(state, input.runId), trigger: "success" },
      );
    case "started":
      return only(
        input.kind === "background" || input.runId <= state.endedRunId
          ? state
          : follow(state, input.runId),
      );
    case "conflict":
      return {
        state: { ...state, trigger: "conflict" },
        effects: [toast("info", "Sync already in progress", null)],
      };
    case "refused":
      return {
        state: {
          ...state,
          trigger: "error",
          phase: state.runId === null ? "idle" : state.phase,
        },
        effects: [toast("error", "Sync failed", input.message, true)],
      };
    case "reading":
      return only(
        state.phase === "idle" || state.counters.totalRepos > 0 ? state : {
          ...state,
          reading: { filesDone: input.filesDone, filesTotal: input.filesTotal },
        },
      );
    case "readingEnded":
      return only({ ...state, reading: null });
    case "scanning":
    case "correlating": {
      if (isOver(state, input.runId)) return only(state);
      const current = follow(state, input.runId);
      const reading = input.type === "correlating" || (input.counters.totalRepos ?? 0) > 0
        ? null
        : current.reading;
      const counters = { ...current.counters, ...input.counters };
      return only({ ...current, phase: input.type, counters, reading });
    }
    case "done":
      if (isOver(state, input.runId)) return only(state);
      return {
        state: finish(state, input.runId),
        effects: [{ type: "completed", done: input.done }, { type: "refresh" }],
      };
    case "error": {
      if (isOver(state, input.runId)) return only(state);
      const cancelled = input.message === CANCELLED;
      return {
        state: finish(state, input.runId),
        effects: [
          cancelled
            ? toast("info", CANCELLED, "What was found until then is kept.")
            : toast("error", "Sync failed", input.message, true),
          { type: "refresh" },
        ],
      };
    }
    case "vanished":
      if (state.phase === "idle") return only(state);
      return {
        state: finish(state, null),
        effects: [
          toast("error", "Sync failed", "Ascribe was restarted while this sync ran.", true),
          { type: "refresh" },
        ],
      };
    case "running":
      return only(follow(state, null));
    case "quiet":
      if (state.phase === "idle" || state.trigger === "running") return only(state);
      return {
        state: { ...finish(state, null), endedRunId: state.endedRunId },
        effects: [{ type: "refresh" }],
      };
    case "totals":
      return only({ ...state, totals: input.totals });
    case "offline":
      return only({ ...state, offline: true });
    case "online":
      return only({ ...state, offline: false });
    default:
      return input satisfies never;
  }
}

function only(state: SyncState): { state: SyncState; effects: SyncEffect[] } {
  return { state, effects: [] };
}

/** A run is over once its end was shown; without a number, once nothing runs. */
function isOver(state: SyncState, runId: number | null): boolean {
  return runId === null ? state.phase === "idle" : runId <= state.endedRunId;
}

function begin(state: SyncState, runId: number | null): SyncState {
  return { ...state, phase: "starting", runId, counters: noCounters, reading: null };
}

/** The state on the way with `runId`: as it is if that run is on show, else from the start. */
function follow(state: SyncState, runId: number | null): SyncState {
  if (state.phase === "idle") return begin(state, runId);
  if (runId === null || state.runId === runId) return state;
  if (state.runId === null) return { ...state, runId };
  return begin(state, runId);
}

function finish(state: SyncState, runId: number | null): SyncState {
  return {
    ...state,
    phase: "idle",
    trigger: "idle",
    runId: null,
    counters: noCounters,
    reading: null,
    endedRunId: Math.max(state.endedRunId, runId ?? state.runId ?? 0),
  };
}

function toast(
  kind: ToastContent["kind"],
  title: string,
  detail: string | null,
  retry = false,
): SyncEffect {
  return { type: "toast", toast: { kind, title, detail, retry } };
}

/** What a toast says; `retry` adds the button that starts the sync again. */
export interface ToastContent {
  kind: "success" | "warning" | "info" | "error";
  title: string;
  detail: string | null;
  retry: boolean;
}

/** What the end of a run says. */
export interface SyncDone {
  reposScanned: number;
  commitsFound: number;
  linksCreated: number;
  failedRepos: number;
  durationMs: number;
}

/** What became of one repository in a sync. */
export type RepoOutcome = "scanned" | "unchanged" | "empty" | "failed";
