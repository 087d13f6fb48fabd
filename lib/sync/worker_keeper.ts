import type { WorkerSetup } from "./worker_messages.ts";

/** What the keeper is told. */
export type ToKeeper =
  /** Start a worker whose messages go over `port`; the one before it is ended. */
  | { type: "start"; setup: WorkerSetup; port: MessagePort }
  | { type: "terminate" };

/** What the keeper tells: its worker ended by itself. */
export type FromKeeper = { type: "crashed"; reason: string };

/** What a new worker is sent first. */
export interface WorkerStart {
  setup: WorkerSetup;
  port: MessagePort;
}

/**
 * Starts the thread that syncs. It may read, write its own data and run git, has no network and no environment, and
 * waits for its {@linkcode WorkerStart}.
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
    sys: false,
    ffi: false,
    import: false,
  };
}

/**
 * Starts a new worker when one crashed or hangs.
 *
 * The main thread gives up its right to write and to run git, so it could not do it; the keeper can, and does nothing
 * else.
 */
class Keeper {
  #worker: Worker | null = null;

  hear(message: ToKeeper): void {
    this.#worker?.terminate();
    this.#worker = null;
    if (message.type === "start") this.#start(message.setup, message.port);
  }

  #start(setup: WorkerSetup, port: MessagePort): void {
    const worker = startSyncThread(setup.dataDir);
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.#worker = null;
      self.postMessage({ type: "crashed", reason: event.message } satisfies FromKeeper);
    };
    worker.postMessage({ setup, port } satisfies WorkerStart, [port]);
    this.#worker = worker;
  }
}

// As a worker, this module waits for orders; imported, it does nothing.
if ("WorkerGlobalScope" in globalThis && self.name === "keeper") {
  const keeper = new Keeper();
  (self as unknown as { onmessage: (event: MessageEvent) => void }).onmessage = ({ data }) =>
    keeper.hear(data);
}
