import type { WorkerSetup } from "./worker_messages.ts";

/** What the keeper is told. */
export type ToKeeper =
  /** Start a worker whose messages go over `port`; the one before it is ended. */
  | { type: "start"; setup: WorkerSetup; port: MessagePort }
  | { type: "terminate" };

/** What the keeper tells: its worker ended by itself. */
export type FromKeeper = { type: "crashed"; reason: string };

/**
 * Keeps the worker: starts it, and a new one when it crashed or hangs.
 *
 * The main thread gives up its right to write and to run git once this thread is there, so it could never start a
 * second worker; the keeper can, and does nothing else.
 */
class Keeper {
  #worker: Worker | null = null;

  hear(message: ToKeeper): void {
    this.#worker?.terminate();
    this.#worker = null;
    if (message.type === "start") this.#start(message.setup, message.port);
  }

  #start(setup: WorkerSetup, port: MessagePort): void {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      type: "module",
      name: "sync",
      deno: { permissions: workerPermissions(setup.dataDir) },
    });
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.#worker = null;
      self.postMessage({ type: "crashed", reason: event.message } satisfies FromKeeper);
    };
    worker.postMessage({ setup, port }, [port]);
    this.#worker = worker;
  }
}

/** What the worker may do: read, write its own data, run git. It has no network and no environment. */
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

// As a worker, this module waits for orders; imported, it does nothing.
if ("WorkerGlobalScope" in globalThis) {
  const keeper = new Keeper();
  (self as unknown as { onmessage: (event: MessageEvent) => void }).onmessage = ({ data }) =>
    keeper.hear(data);
}
