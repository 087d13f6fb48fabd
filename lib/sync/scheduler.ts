/** Runs something now and then. */
export class Scheduler implements Disposable {
  readonly #work: () => void;
  #intervalSecs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #started = false;

  /**
   * @param work What to run; it must not throw.
   * @param intervalSecs Seconds between two runs; 0 is never.
   */
  constructor(work: () => void, intervalSecs: number) {
    this.#work = work;
    this.#intervalSecs = intervalSecs;
  }

  get intervalSecs(): number {
    return this.#intervalSecs;
  }

  /** Runs the work at once, and from then on every interval. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    if (this.#intervalSecs > 0) this.#work();
    this.#wait();
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

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#intervalSecs === 0) return;
    this.#timer = setTimeout(() => {
      this.#work();
      if (this.#started) this.#wait();
    }, this.#intervalSecs * 1000);
  }
}
