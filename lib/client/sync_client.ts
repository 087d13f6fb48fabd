import { describeDone } from "../text/sync_messages.ts";
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { TabLine } from "./events.ts";
import type { ServerListener } from "./server_streams.ts";
import { stepSync, type SyncInput, type SyncState } from "../domain/sync_model.ts";
import { Toasts } from "./toasts.ts";

const ENDED_RUN = "ascribe.endedRun";

/** What the StatusBar holds: the sync's state as signals, its toasts, and the two things a user can ask for. */
export class SyncClient implements Disposable {
  readonly state: Signal<SyncState>;
  readonly phase: ReadonlySignal<SyncState["phase"]>;
  readonly toasts: Toasts = new Toasts();
  #line: TabLine;
  #refresh: () => void;

  /**
   * @param state The state as the page was served.
   * @param refresh Brings what the page shows up to date.
   */
  constructor(state: SyncState, refresh: () => void) {
    this.state = signal(state);
    this.phase = computed(() => this.state.value.phase);
    this.#refresh = refresh;
    const listener: ServerListener = {
      state: () => this.state.peek(),
      input: (input) => this.#take(input),
      changed: () => this.#refresh(),
    };
    this.#line = new TabLine(listener);
  }

  /** Connects to the server. Nothing is opened before. */
  open(): void {
    const endedRunId = Math.max(this.state.peek().endedRunId, readEndedRun());
    this.state.value = { ...this.state.peek(), endedRunId };
    this.#line.join();
  }

  [Symbol.dispose](): void {
    this.#line.leave();
  }

  /** Asks for a sync. The stream reports its outcome. */
  async trigger(): Promise<void> {
    if (this.state.peek().trigger === "running") return;
    this.#take({ type: "pressed" });
    const answer = await postSync();
    this.#take(answer);
    if (answer.type === "accepted") this.#line.tell(answer);
    this.#line.follow();
  }

  /** Cancels the running user sync; its end comes from the stream. */
  async cancel(): Promise<void> {
    const response = await fetch("/api/sync/git", { method: "DELETE" }).catch(() => null);
    await response?.body?.cancel();
  }

  #take(input: SyncInput): void {
    const { state, effects } = stepSync(this.state.peek(), input);
    if (state.endedRunId !== this.state.peek().endedRunId) writeEndedRun(state.endedRunId);
    this.state.value = state;
    for (const effect of effects) {
      if (effect.type === "toast") this.toasts.show(effect.toast);
      if (effect.type === "completed") this.toasts.show(describeDone(effect.done));
      else this.#refresh();
    }
  }
}

async function postSync(): Promise<SyncInput> {
  try {
    const response = await fetch("/api/sync/git", { method: "POST" });
    if (response.status === 409) {
      await response.body?.cancel();
      return { type: "conflict" };
    }
    const answer = await response.json();
    if (response.ok) return { type: "accepted", runId: answer.runId };
    return { type: "refused", message: answer.message ?? `The server said ${response.status}.` };
  } catch {
    return { type: "refused", message: "Ascribe does not answer. Is it still running?" };
  }
}

function readEndedRun(): number {
  try {
    return Number(sessionStorage.getItem(ENDED_RUN)) || 0;
  } catch {
    return 0;
  }
}

function writeEndedRun(runId: number): void {
  try {
    sessionStorage.setItem(ENDED_RUN, String(runId));
  } catch {
    // Storage is refused: a toast may then show once more on the next page.
  }
}
