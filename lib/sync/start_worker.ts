import { type FromKeeper, type ToKeeper, workerPermissions } from "./worker_keeper.ts";
import type { FromWorker, SyncWorker, WorkerListener, WorkerSetup } from "./worker_messages.ts";

/** Starts workers, one after the other, in a thread that may write and run git when this one no longer may. */
export class WorkerStarter implements Disposable {
  readonly #keeper: Worker;
  #listener: WorkerListener | null = null;

  /** @param dataDir The folder that workers may write to. */
  constructor(dataDir: string) {
    this.#keeper = new Worker(new URL("./worker_keeper.ts", import.meta.url), {
      type: "module",
      name: "keeper",
      deno: { permissions: workerPermissions(dataDir) },
    });
    this.#keeper.onmessage = ({ data }) => {
      const { reason } = data as FromKeeper;
      this.#listener?.crashed(reason);
    };
    this.#keeper.onerror = (event) => {
      event.preventDefault();
      this.#listener?.crashed(event.message);
    };
  }

  /** Starts a worker; the one before it is ended. */
  start(setup: WorkerSetup, listener: WorkerListener): SyncWorker {
    const { port1: ours, port2: its } = new MessageChannel();
    this.#listener = listener;
    ours.onmessage = ({ data }) => listener.heard(data as FromWorker);
    this.#tell({ type: "start", setup, port: its }, [its]);
    return {
      tell: (message) => ours.postMessage(message),
      terminate: () => {
        ours.close();
        if (this.#listener !== listener) return;
        this.#listener = null;
        this.#tell({ type: "terminate" });
      },
    };
  }

  [Symbol.dispose](): void {
    this.#keeper.terminate();
  }

  #tell(message: ToKeeper, transfer: Transferable[] = []): void {
    this.#keeper.postMessage(message, transfer);
  }
}
