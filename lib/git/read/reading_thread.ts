import { errorMessage } from "../../text/errors.ts";
import type { GitEnvironment } from "../run/environment.ts";
import { createGitRunner } from "../run/runner.ts";
import type { GitError, GitQuery, GitResult, GitResults } from "./queries.ts";
import { createGitReading, type GitReading } from "./reading.ts";
import { type StartedThread, startReadingThread, type ThreadStart } from "./start_reading.ts";

/** One question, with a ticket that its answer carries. */
interface ToThread {
  ticket: number;
  question: GitQuery;
}

/** What the thread answers. */
interface FromThread {
  ticket: number;
  answer: GitResult;
}

/**
 * Reads repositories in a thread of its own, since the main thread gives up its right to run programs. When the thread
 * crashes, what it had been asked is answered with trouble, and the next question starts another.
 */
export class ReadingThread implements GitReading, Disposable {
  readonly #environment: GitEnvironment;
  readonly #startAnew: typeof startReadingThread;
  #thread: StartedThread | null = null;
  #port: MessagePort | null = null;
  #isFirst = true;
  #waiting = new Map<number, (answer: GitResult) => void>();
  #nextTicket = 1;
  #ended = false;

  /** @param options.startAnew Starts what replaces a thread that crashed. @default {startReadingThread} */
  constructor(
    environment: GitEnvironment,
    { startAnew = startReadingThread }: { startAnew?: typeof startReadingThread } = {},
  ) {
    this.#environment = environment;
    this.#startAnew = startAnew;
  }

  /**
   * Has the thread at hand, which the first question starts otherwise.
   *
   * @throws {Deno.errors.NotCapable} If this thread may not run git itself.
   */
  prepare(): void {
    this.#port ??= this.#start();
  }

  #start(): MessagePort {
    const { port1: ours, port2: port } = new MessageChannel();
    const start = this.#isFirst ? startReadingThread : this.#startAnew;
    this.#isFirst = false;
    this.#thread = start((reason) => {
      if (this.#port !== ours) return;
      this.#forget(`Reading repositories stopped (${reason}) and starts again: reload the page.`);
    });
    ours.onmessage = ({ data }) => this.#hear(data as FromThread);
    this.#thread.begin({ environment: this.#environment, port });
    return ours;
  }

  ask<Ask extends keyof GitResults>(
    question: GitQuery & { ask: Ask },
  ): Promise<GitResult<Ask>> {
    if (this.#ended) return Promise.resolve(unexpected("Ascribe is ending."));
    this.prepare();
    const ticket = this.#nextTicket++;
    const { promise, resolve } = Promise.withResolvers<GitResult>();
    this.#waiting.set(ticket, resolve);
    this.#port!.postMessage({ ticket, question } satisfies ToThread);
    return promise as Promise<GitResult<Ask>>;
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#thread?.terminate();
    this.#forget("Ascribe is ending.");
  }

  #hear({ ticket, answer }: FromThread): void {
    this.#waiting.get(ticket)?.(answer);
    this.#waiting.delete(ticket);
  }

  #forget(message: string): void {
    this.#port?.close();
    this.#port = null;
    this.#thread = null;
    for (const resolve of this.#waiting.values()) resolve(unexpected(message));
    this.#waiting.clear();
  }
}

function unexpected(message: string): GitError {
  return { kind: "error", code: "unexpected", message };
}

// As a worker, this module answers what it is asked; imported, it does nothing.
if ("WorkerGlobalScope" in globalThis && self.name === "git-reading") {
  const scope = self as unknown as { onmessage: (event: MessageEvent<ThreadStart>) => void };
  scope.onmessage = ({ data: { environment, port } }) => {
    const reading = createGitReading(createGitRunner({ environment }));
    port.onmessage = async ({ data }) => {
      const { ticket, question } = data as ToThread;
      const answer = await reading.ask(question).catch((error) => unexpected(errorMessage(error)));
      port.postMessage({ ticket, answer } satisfies FromThread);
    };
  };
}
