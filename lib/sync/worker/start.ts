import type { StartedThread } from "../../git/read/start_reading.ts";
import type { FromWorker, SyncWorker, WorkerListener, WorkerSetup } from "./messages.ts";
import {
  type FromSupervisor,
  startSyncThread,
  type ToSupervisor,
  workerPermissions,
  type WorkerStart,
} from "./supervisor.ts";

/**
 * Starts workers, one after the other.
 *
 * The first one is this thread's own. Any later one replaces a worker that crashed or hung, at a time when this thread
 * may no longer write or run git: a keeper, which still may, starts it.
 */
export class WorkerStarter implements Disposable {
  readonly #dataDir: string;
  #supervisor: Worker | null = null;
  #first: Worker | null = null;
  #firstGiven = false;
  #listener: WorkerListener | null = null;
  #readingCrashed: (reason: string) => void = () => {};

  /** @param dataDir The folder that workers may write to. */
  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** Has the first worker and the keeper at hand. To be called before this thread gives up its rights. */
  prepare(): void {
    if (!this.#firstGiven) this.#first ??= startSyncThread(this.#dataDir);
    this.#supervisor ??= this.#startKeeper();
  }

  /** Gives a worker that is at work; the one before it must have been ended. */
  start(setup: WorkerSetup, listener: WorkerListener): SyncWorker {
    this.prepare();
    const first = this.#first;
    this.#first = null;
    this.#firstGiven = true;
    this.#listener = listener;
    const { port1: ours, port2: port } = new MessageChannel();
    ours.onmessage = ({ data }) => listener.heard(data as FromWorker);
    if (first === null) this.#tellKeeper({ type: "start", setup, port }, [port]);
    else {
      first.onerror = (event) => {
        event.preventDefault();
        listener.crashed(event.message);
      };
      first.postMessage({ setup, port } satisfies WorkerStart, [port]);
    }
    return {
      tell: (message) => ours.postMessage(message),
      terminate: () => {
        ours.close();
        if (this.#listener === listener) this.#listener = null;
        if (first === null) this.#tellKeeper({ type: "terminate" });
        else first.terminate();
      },
    };
  }

  /** Has the keeper start a thread that reads repositories, in place of one that crashed. */
  startReading(crashed: (reason: string) => void): StartedThread {
    this.#readingCrashed = crashed;
    return {
      begin: (start) => this.#tellKeeper({ type: "startReading", start }, [start.port]),
      terminate: () => this.#tellKeeper({ type: "terminateReading" }),
    };
  }

  [Symbol.dispose](): void {
    this.#first?.terminate();
    this.#supervisor?.terminate();
  }

  #startKeeper(): Worker {
    const supervisor = new Worker(new URL("./supervisor.ts", import.meta.url), {
      type: "module",
      name: "keeper",
      deno: { permissions: workerPermissions(this.#dataDir) },
    });
    supervisor.onmessage = ({ data }) => {
      const { type, reason } = data as FromSupervisor;
      if (type === "crashed") this.#listener?.crashed(reason);
      else this.#readingCrashed(reason);
    };
    supervisor.onerror = (event) => {
      event.preventDefault();
      this.#listener?.crashed(event.message);
    };
    return supervisor;
  }

  #tellKeeper(message: ToSupervisor, transfer: Transferable[] = []): void {
    this.#supervisor?.postMessage(message, transfer);
  }
}
