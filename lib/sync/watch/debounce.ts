/** How many events become one. */
export interface DebounceOptions {
  /** How long it must be quiet before the work is done, in milliseconds. */
  quietMs: number;
  /** How long a storm of events may put the work off. It doubles each time one storm lasts longer than that. */
  longestMs: number;
  /** What it doubles up to. */
  mostMs: number;
}

/** Does one piece of work for many events: once they pause, or once they went on for long. */
export class Debounce implements Disposable {
  readonly #work: () => void;
  readonly #options: DebounceOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #first = 0;
  #last = 0;
  #longestMs: number;

  constructor(work: () => void, options: DebounceOptions) {
    this.#work = work;
    this.#options = options;
    this.#longestMs = options.longestMs;
  }

  /** Takes an event; cheap, since there may be thousands a second. */
  touch(): void {
    this.#last = performance.now();
    if (this.#timer !== undefined) return;
    this.#first = this.#last;
    this.#wait(this.#options.quietMs);
  }

  /** Forgets what came so far. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    this.#timer = undefined;
    const now = performance.now();
    const { quietMs, longestMs, mostMs } = this.#options;
    const quietFor = now - this.#last;
    const leftMs = this.#first + this.#longestMs - now;
    // Timers may be early by less than a millisecond.
    if (quietFor < quietMs - 1 && leftMs > 1) {
      return this.#wait(Math.min(quietMs - quietFor, leftMs));
    }
    this.#longestMs = quietFor < quietMs - 1 ? Math.min(this.#longestMs * 2, mostMs) : longestMs;
    this.#work();
  }
}
