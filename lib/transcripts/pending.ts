/** A tool call whose result has not been read yet. */
export interface PendingCall {
  id: string;
  kind: "shell" | "edit" | "other";
  /** The call made an event, so its failure is one too. */
  told: boolean;
  /** The shell command, cut; empty for other tools. */
  command: string;
  /** It speaks to git. */
  git: boolean;
  /** It pushes or opens a pull request. */
  publishes: boolean;
}

/** The most calls that wait for a result at once; older ones are given up. */
const MAX_WAITING = 256;

/** Tool calls by their id, in the order they were made. */
export class PendingCalls {
  readonly #calls: Map<string, PendingCall>;

  constructor(calls: readonly PendingCall[] = []) {
    this.#calls = new Map(calls.map((call) => [call.id, call]));
  }

  add(call: PendingCall): void {
    this.#calls.delete(call.id);
    this.#calls.set(call.id, call);
    if (this.#calls.size <= MAX_WAITING) return;
    for (const oldest of this.#calls.keys()) {
      this.#calls.delete(oldest);
      break;
    }
  }

  /** The call, if it waits. */
  get(id: string): PendingCall | undefined {
    return this.#calls.get(id);
  }

  /** The call, which waits no longer. */
  take(id: string): PendingCall | undefined {
    const call = this.#calls.get(id);
    if (call !== undefined) this.#calls.delete(id);
    return call;
  }

  list(): PendingCall[] {
    return [...this.#calls.values()];
  }
}
