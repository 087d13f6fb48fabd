/** How long a hurried run waits for the one at work, in milliseconds; longer each time, the longer that one takes. */
const RETRY_MS = { least: 200, most: 10_000 };

/** Runs something now and then. */
export class Scheduler implements Disposable {
  readonly #work: () => boolean;
  #intervalSecs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #started = false;
  #hurried = false;

  /**
   * @param work What to run; false says that it cannot be run now. It must not throw.
   * @param intervalSecs Seconds between two runs; 0 is never.
   */
  constructor(work: () => boolean, intervalSecs: number) {
    this.#work = work;
    this.#intervalSecs = intervalSecs;
  }

  get intervalSecs(): number {
    return this.#intervalSecs;
  }

  /** Whether it runs anything by itself. */
  get isOn(): boolean {
    return this.#started && this.#intervalSecs > 0;
  }

  /** Runs the work at once, and from then on every interval. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    if (this.#intervalSecs > 0) this.#work();
    this.#wait();
  }

  /** Runs the work without waiting for the interval's end: at once, or as soon as it can be run. */
  runSoon(): void {
    if (!this.isOn || this.#hurried) return;
    this.#hurried = true;
    this.#try(RETRY_MS.least);
  }

  /** Takes a new interval at once: the next run is that far from now. */
  setIntervalSecs(seconds: number): void {
    this.#intervalSecs = seconds;
    if (this.#started) this.#wait();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#started = false;
  }

  #try(retryMs: number): void {
    clearTimeout(this.#timer);
    if (this.#work()) this.#wait();
    else {
      const next = Math.min(retryMs * 2, RETRY_MS.most);
      this.#timer = setTimeout(() => this.#try(next), retryMs);
    }
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#hurried = false;
    if (this.#intervalSecs === 0) return;
    this.#timer = setTimeout(() => {
      this.#work();
      if (this.#started) this.#wait();
    }, this.#intervalSecs * 1000);
  }
}
