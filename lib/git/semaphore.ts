/** Lets at most so many tasks run at once; the others wait in the order they came. */
export class Semaphore {
  #free: number;
  #waiting: (() => void)[] = [];

  /** @throws {RangeError} If `limit` is not a positive integer. */
  constructor(limit: number) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`Cannot run ${limit} tasks at once: the limit must be 1 or more`);
    }
    this.#free = limit;
  }

  /**
   * Waits for a turn. Who got one gives it back by calling what this resolves with, once.
   *
   * @returns null if `signal` was aborted before there was a turn.
   */
  async acquire(signal?: AbortSignal): Promise<(() => void) | null> {
    if (signal?.aborted) return null;
    if (this.#free > 0) this.#free--;
    else if (!(await this.#wait(signal))) return null;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    };
  }

  #wait(signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const turn = () => {
        signal?.removeEventListener("abort", giveUp);
        resolve(true);
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        resolve(false);
      };
      this.#waiting.push(turn);
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  }
}
