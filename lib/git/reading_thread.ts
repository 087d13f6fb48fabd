import type { GitEnvironment } from "./environment.ts";
import { createGitReading, type GitReading } from "./reading.ts";
import { createGitRunner } from "./runner.ts";

/** What the thread is asked: the environment first, then one question at a time, each with a ticket. */
type Question =
  | { environment: GitEnvironment }
  | { ticket: number; ask: keyof GitReading; parameters: unknown[] };

/** What the thread answers. */
interface Answer {
  ticket: number;
  value: unknown;
}

/**
 * Reads repositories in a thread of its own, which may read files and run git and nothing else: the main thread gives up
 * its right to run programs.
 */
export class ReadingThread implements GitReading, Disposable {
  #worker: Worker;
  #waiting = new Map<number, (value: unknown) => void>();
  #nextTicket = 1;

  /** @throws {Deno.errors.NotCapable} If this thread may not run git itself. */
  constructor(environment: GitEnvironment) {
    this.#worker = new Worker(new URL("./reading_thread.ts", import.meta.url), {
      type: "module",
      name: "git-reading",
      deno: {
        permissions: {
          read: true,
          run: ["git"],
          write: false,
          net: false,
          env: false,
          sys: false,
          ffi: false,
          import: false,
        },
      },
    });
    this.#worker.onmessage = ({ data }) => this.#hear(data as Answer);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#giveUp(`Reading repositories ended: ${event.message}.`);
    };
    this.#worker.postMessage({ environment } satisfies Question);
  }

  patch(...parameters: Parameters<GitReading["patch"]>): ReturnType<GitReading["patch"]> {
    return this.#ask("patch", parameters);
  }

  blame(...parameters: Parameters<GitReading["blame"]>): ReturnType<GitReading["blame"]> {
    return this.#ask("blame", parameters);
  }

  tree(...parameters: Parameters<GitReading["tree"]>): ReturnType<GitReading["tree"]> {
    return this.#ask("tree", parameters);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
    this.#giveUp("Ascribe is ending.");
  }

  #ask<Value>(ask: keyof GitReading, parameters: unknown[]): Promise<Value> {
    const ticket = this.#nextTicket++;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#waiting.set(ticket, resolve);
    this.#worker.postMessage({ ticket, ask, parameters } satisfies Question);
    return promise as Promise<Value>;
  }

  #hear({ ticket, value }: Answer): void {
    this.#waiting.get(ticket)?.(value);
    this.#waiting.delete(ticket);
  }

  #giveUp(message: string): void {
    for (const resolve of this.#waiting.values()) resolve({ kind: "failed", message });
    this.#waiting.clear();
  }
}

async function answer(
  reading: GitReading,
  { ticket, ask, parameters }: Extract<Question, { ticket: number }>,
): Promise<Answer> {
  const work = reading[ask] as (...parameters: unknown[]) => Promise<unknown>;
  try {
    return { ticket, value: await work(...parameters) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ticket, value: { kind: "failed", message } };
  }
}

// As a worker, this module answers what it is asked; imported, it does nothing.
if ("WorkerGlobalScope" in globalThis && self.name === "git-reading") {
  let reading: GitReading | null = null;
  const port = self as unknown as {
    onmessage: (event: MessageEvent<Question>) => void;
    postMessage(answer: Answer): void;
  };
  port.onmessage = async ({ data }) => {
    if ("environment" in data) {
      reading = createGitReading(createGitRunner({ environment: data.environment }));
    } else port.postMessage(await answer(reading!, data));
  };
}
