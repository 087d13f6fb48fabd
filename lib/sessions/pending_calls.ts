/** The most calls that wait for a result at once; the oldest are given up. */
const MAX_WAITING = 256;

/** Tool calls whose result has not been read yet, by id, in the order they were made. */
export class PendingCalls<Call extends { id: string }> {
  readonly #calls: Map<string, Call>;

  /** @param calls Those of an earlier reading. */
  constructor(calls: readonly Call[] = []) {
    this.#calls = new Map(calls.map((call) => [call.id, call]));
  }

  add(call: Call): void {
    this.#calls.delete(call.id);
    this.#calls.set(call.id, call);
    if (this.#calls.size <= MAX_WAITING) return;
    const [oldest] = this.#calls.keys();
    this.#calls.delete(oldest);
  }

  /** The call, which goes on waiting. */
  get(id: string): Call | undefined {
    return this.#calls.get(id);
  }

  /** The call, which waits no longer. */
  take(id: string): Call | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    return call;
  }

  /** Those that wait: JSON, if a call is. */
  list(): Call[] {
    return [...this.#calls.values()];
  }
}
