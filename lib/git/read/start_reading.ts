import type { GitEnvironment } from "../run/environment.ts";

/** What a new thread is sent first: where its questions come from, and what git is to see of our environment. */
export interface ThreadStart {
  environment: GitEnvironment;
  port: MessagePort;
}

/**
 * Starts the thread that reads repositories. It may read files and run git and nothing else.
 *
 * @param crashed Hears why the thread ended, if it does so by itself.
 * @returns What to tell it first, and how to end it.
 * @throws {Deno.errors.NotCapable} If this thread may not run git itself.
 */
export function startReadingThread(crashed: (reason: string) => void): StartedThread {
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
  worker.onerror = (event) => {
    event.preventDefault();
    crashed(event.message);
  };
  return {
    begin: (start) => worker.postMessage(start, [start.port]),
    terminate: () => worker.terminate(),
  };
}

/** A thread that was started. */
export interface StartedThread {
  begin(start: ThreadStart): void;
  terminate(): void;
}
