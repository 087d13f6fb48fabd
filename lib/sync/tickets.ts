/** Questions that are answered by a message, each with a number by which its answer is known. */
export class Tickets {
  readonly #open = new Map<number, PromiseWithResolvers<void>>();
  #next = 1;

  /** Asks a new question with its number; settles with its answer. */
  ask(tell: (ticket: number) => void): Promise<void> {
    const ticket = this.#next++;
    const answer = Promise.withResolvers<void>();
    this.#open.set(ticket, answer);
    tell(ticket);
    return answer.promise;
  }

  /** @param error What went wrong, or null. */
  answer(ticket: number, error: string | null): void {
    const answer = this.#open.get(ticket);
    this.#open.delete(ticket);
    if (error === null) answer?.resolve();
    else answer?.reject(new Error(error));
  }

  /** No answer will come any more. */
  rejectAll(reason: string): void {
    for (const ticket of [...this.#open.keys()]) this.answer(ticket, reason);
  }
}
