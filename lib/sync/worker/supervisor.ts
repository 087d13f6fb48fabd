import {
  type StartedThread,
  startReadingThread,
  type ThreadStart,
} from "../../git/read/start_reading.ts";
import type { WorkerSetup } from "./messages.ts";

/** Messages to the supervisor. */
export type ToSupervisor =
  /** Start a worker whose messages go over `port`; the one before it is ended. */
  | { type: "start"; setup: WorkerSetup; port: MessagePort }
  | { type: "terminate" }
  /** Start a thread that reads repositories; the one before it has ended. */
  | { type: "startReading"; start: ThreadStart }
  | { type: "terminateReading" };

/** What the keeper tells: a thread that it started ended by itself. */
export type FromSupervisor = { type: "crashed" | "readingCrashed"; reason: string };

/** What a new worker is sent first. */
export interface WorkerStart {
  setup: WorkerSetup;
  port: MessagePort;
}

/**
 * Starts the thread that syncs. It may read, write its own data, run git and lower its priority, has no network and no
 * environment, and waits for its {@linkcode WorkerStart}.
 *
 * @throws {Deno.errors.NotCapable} If this thread may not do all of that itself.
 */
export function startSyncThread(dataDir: string): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), {
    type: "module",
    name: "sync",
    deno: { permissions: workerPermissions(dataDir) },
  });
}

/** What the keeper and the worker may do. */
export function workerPermissions(dataDir: string): Deno.PermissionOptionsObject {
  return {
    read: true,
    write: [dataDir],
    run: ["git"],
    net: false,
    env: false,
    sys: mayGiveWay() ? ["setPriority"] : false,
    ffi: false,
    import: false,
  };
}

function mayGiveWay(): boolean {
  return Deno.permissions.querySync({ name: "sys", kind: "setPriority" }).state === "granted";
}

/**
 * Starts a new worker when one crashed or hangs.
 *
 * The main thread gives up its right to write and to run git, so it could not do it; the keeper can, and does nothing
 * else.
 */
class Keeper {
  #worker: Worker | null = null;
  #reading: StartedThread | null = null;

  hear(message: ToSupervisor): void {
    switch (message.type) {
      case "start":
        this.#end();
        this.#start(message.setup, message.port);
        break;
      case "terminate":
        this.#end();
        break;
      case "startReading":
        this.#startReading(message.start);
        break;
      case "terminateReading":
        this.#reading?.terminate();
        this.#reading = null;
        break;
      default:
        message satisfies never;
    }
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #start(setup: WorkerSetup, port: MessagePort): void {
    const worker = startSyncThread(setup.dataDir);
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.#worker = null;
      self.postMessage({ type: "crashed", reason: event.message } satisfies FromSupervisor);
    };
    worker.postMessage({ setup, port } satisfies WorkerStart, [port]);
    this.#worker = worker;
  }

  #startReading(start: ThreadStart): void {
    const thread = startReadingThread((reason) => {
      if (this.#reading === thread) this.#reading = null;
      self.postMessage({ type: "readingCrashed", reason } satisfies FromSupervisor);
    });
    this.#reading = thread;
    thread.begin(start);
  }
}

// As a worker, this module waits for orders; imported, it does nothing.
if ("WorkerGlobalScope" in globalThis && self.name === "keeper") {
  const supervisor = new Keeper();
  (self as unknown as { onmessage: (event: MessageEvent) => void }).onmessage = ({ data }) =>
    supervisor.hear(data);
}
