import type { GitAnswer, GitAnswers, GitQuestion } from "./questions.ts";
import type { GitReading } from "./reading.ts";

/** The most answers that are kept, and their size together, in characters of JSON. */
const MOST_ANSWERS = 200;
const MOST_CHARACTERS = 24_000_000;

interface Kept {
  answer: Promise<GitAnswer>;
  size: number;
}

/**
 * Remembers answers that can't change, since they are about a commit by its hash, and asks once where several ask the
 * same at once. Trouble is not remembered.
 */
export class CachedReading implements GitReading {
  readonly #reading: GitReading;
  readonly #limits: { answers: number; characters: number };
  /** The one asked for last is the last. */
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  constructor(
    reading: GitReading,
    limits: { answers: number; characters: number } = {
      answers: MOST_ANSWERS,
      characters: MOST_CHARACTERS,
    },
  ) {
    this.#reading = reading;
    this.#limits = limits;
  }

  async ask<Ask extends keyof GitAnswers>(
    question: GitQuestion & { ask: Ask },
  ): Promise<GitAnswer<Ask>> {
    const key = JSON.stringify(question);
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return await kept.answer as GitAnswer<Ask>;
    }
    const asked = this.#reading.ask<Ask>(question);
    const entry: Kept = { answer: asked, size: 0 };
    this.#kept.set(key, entry);
    const answer = await asked.catch((error) => {
      this.#forget(key, entry);
      throw error;
    });
    const lasts = question.ask !== "revision" && question.ask !== "refs";
    if (answer.kind !== "ok" || !lasts) this.#forget(key, entry);
    else this.#weigh(key, { entry, size: JSON.stringify(answer.value).length });
    return answer;
  }

  #weigh(key: string, { entry, size }: { entry: Kept; size: number }): void {
    if (this.#kept.get(key) !== entry) return;
    entry.size = size;
    this.#size += size;
    for (const [oldest, kept] of this.#kept) {
      const { answers, characters } = this.#limits;
      if (this.#kept.size <= answers && this.#size <= characters) return;
      this.#forget(oldest, kept);
    }
  }

  #forget(key: string, entry: Kept): void {
    if (this.#kept.get(key) !== entry) return;
    this.#kept.delete(key);
    this.#size -= entry.size;
  }
}
