import type { GitEnvironment } from "./environment.ts";
import type { GitAnswer, GitAnswers, GitQuestion, GitTrouble } from "./questions.ts";
import { createGitReading, type GitReading } from "./reading.ts";
import { createGitRunner } from "./runner.ts";

/** What the thread is told: the environment first, then one question at a time, each with a ticket. */
type ToThread =
  | { environment: GitEnvironment }
  | { ticket: number; question: GitQuestion };

/** What the thread answers. */
interface FromThread {
  ticket: number;
  answer: GitAnswer;
}

/**
 * Reads repositories in a thread of its own, which may read files and run git and nothing else: the main thread gives up
 * its right to run programs.
 */
export class ReadingThread implements GitReading, Disposable {
  readonly #environment: GitEnvironment;
  #worker: Worker | null = null;
  #waiting = new Map<number, (answer: GitAnswer) => void>();
  #nextTicket = 1;
  #ended: string | null = null;

  constructor(environment: GitEnvironment) {
    this.#environment = environment;
  }

  /**
   * Has the thread at hand, which the first question starts otherwise.
   *
   * @throws {Deno.errors.NotCapable} If this thread may not run git itself.
   */
  prepare(): void {
    this.#worker ??= this.#start();
  }

  #start(): Worker {
    const worker = new Worker(new URL("./reading_thread.ts", import.meta.url), {
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
    worker.onmessage = ({ data }) => this.#hear(data as FromThread);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#giveUp(`Reading repositories has stopped: ${event.message}. Start Ascribe again.`);
    };
    worker.postMessage({ environment: this.#environment } satisfies ToThread);
    return worker;
  }

  ask<Ask extends keyof GitAnswers>(
    question: GitQuestion & { ask: Ask },
  ): Promise<GitAnswer<Ask>> {
    if (this.#ended !== null) return Promise.resolve(unexpected(this.#ended));
    this.prepare();
    const ticket = this.#nextTicket++;
    const { promise, resolve } = Promise.withResolvers<GitAnswer>();
    this.#waiting.set(ticket, resolve);
    this.#worker!.postMessage({ ticket, question } satisfies ToThread);
    return promise as Promise<GitAnswer<Ask>>;
  }

  [Symbol.dispose](): void {
    this.#worker?.terminate();
    this.#giveUp("Ascribe is ending.");
  }

  #hear({ ticket, answer }: FromThread): void {
    this.#waiting.get(ticket)?.(answer);
    this.#waiting.delete(ticket);
  }

  #giveUp(message: string): void {
    this.#ended = message;
    for (const resolve of this.#waiting.values()) resolve(unexpected(message));
    this.#waiting.clear();
  }
}

function unexpected(message: string): GitTrouble {
  return { kind: "trouble", code: "unexpected", message };
}

// As a worker, this module answers what it is asked; imported, it does nothing.
if ("WorkerGlobalScope" in globalThis && self.name === "git-reading") {
  let reading: GitReading | null = null;
  const port = self as unknown as {
    onmessage: (event: MessageEvent<ToThread>) => void;
    postMessage(answer: FromThread): void;
  };
  port.onmessage = async ({ data }) => {
    if ("environment" in data) {
      reading = createGitReading(createGitRunner({ environment: data.environment }));
      return;
    }
    const { ticket, question } = data;
    const answer = await reading!.ask(question).catch((error) =>
      unexpected(error instanceof Error ? error.message : String(error))
    );
    port.postMessage({ ticket, answer });
  };
}
