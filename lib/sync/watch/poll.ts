/** The shortest time between two looks, in milliseconds. */
const LEAST_MS = 1_000;
/** The longest one. */
const MOST_MS = 60_000;
/** Looking takes at most one part in so many of the time. */
const SHARE = 50;

/** Looks again and again at what cannot be watched, the more seldom the longer that takes. */
export class Poll implements Disposable {
  readonly #look: () => Promise<string>;
  readonly #changed: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #seen: string | null = null;
  #closed = false;

  /**
   * @param look Gives something that is equal as long as nothing changed.
   * @param changed Hears that it is not equal any more.
   */
  constructor(look: () => Promise<string>, changed: () => void) {
    this.#look = look;
    this.#changed = changed;
    this.#run();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    const since = performance.now();
    // What cannot be looked at now is looked at again.
    const now = await this.#look().catch(() => this.#seen);
    if (this.#closed) return;
    if (this.#seen !== null && now !== this.#seen) this.#changed();
    this.#seen = now;
    const tookMs = performance.now() - since;
    this.#timer = setTimeout(
      () => this.#run(),
      Math.min(MOST_MS, Math.max(LEAST_MS, tookMs * SHARE)),
    );
  }
}
