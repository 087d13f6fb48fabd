import { join } from "node:path";
import { sleep } from "../async/yield.ts";
import { errorMessage } from "../text/errors.ts";

/** Who owns a data folder. */
export interface LockOwner {
  pid: number;
  /** Where it answers, such as `http://127.0.0.1:47892`; null while it does not serve. */
  address: string | null;
}

/** A data folder that is ours, or whose it is. */
export type LockOutcome =
  | { kind: "acquired"; lock: LockFile }
  | { kind: "held"; owner: LockOwner | null }
  | { kind: "failed"; message: string };

/** The lock's file in the data folder. */
export const LOCK_FILE = "ascribe.lock";
const MAX_BYTES = 1024;
const ATTEMPTS = 5;
const ATTEMPT_MS = 20;

/**
 * Makes a data folder this process's own.
 *
 * The system holds the lock for as long as the process lives, so a lock file that a killed process left behind is
 * known to be stale. A folder that is missing is made, for the user's eyes only.
 */
export async function acquireLock(dataDir: string): Promise<LockOutcome> {
  const path = join(dataDir, LOCK_FILE);
  let file: Deno.FsFile;
  try {
    Deno.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    file = Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
    // Someone who only looks holds it for a moment too.
    for (let attempt = 1; !file.tryLockSync(true); attempt++) {
      if (attempt === ATTEMPTS) {
        const owner = readOwner(file);
        file.close();
        return { kind: "held", owner };
      }
      await sleep(ATTEMPT_MS);
    }
  } catch (error) {
    const reason = errorMessage(error);
    return {
      kind: "failed",
      message: `Cannot write to the data folder (${reason}). Allow it, or name another --data-dir.`,
    };
  }
  const lock = new LockFile(file);
  lock.setAddress(null);
  return { kind: "acquired", lock };
}

/** Who owns a data folder right now, or null where nobody does. */
export function findOwner(dataDir: string): LockOwner | null {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(join(dataDir, LOCK_FILE), { read: true });
  } catch {
    return null;
  }
  try {
    return file.tryLockSync(false) ? null : readOwner(file);
  } catch {
    return null;
  } finally {
    file.close();
  }
}

/** The lock on a data folder, for as long as it is open. */
export class LockFile implements Disposable {
  readonly #file: Deno.FsFile;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /** Says where this process answers, for those who find the folder taken. */
  setAddress(address: string | null): void {
    this.#write(JSON.stringify({ pid: Deno.pid, address } satisfies LockOwner));
  }

  /** Gives the folder up. */
  [Symbol.dispose](): void {
    this.#write("");
    this.#file.close();
  }

  #write(text: string): void {
    this.#file.truncateSync();
    this.#file.seekSync(0, Deno.SeekMode.Start);
    this.#file.writeSync(new TextEncoder().encode(text));
  }
}

/** What a lock file says, as far as it can be believed. */
function readOwner(file: Deno.FsFile): LockOwner | null {
  const bytes = new Uint8Array(MAX_BYTES);
  file.seekSync(0, Deno.SeekMode.Start);
  const length = file.readSync(bytes) ?? 0;
  try {
    const { pid, address } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, length)));
    if (!Number.isSafeInteger(pid)) return null;
    const known = typeof address === "string" && LOOPBACK.test(address);
    return { pid, address: known ? address : null };
  } catch {
    return null;
  }
}

const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/;
