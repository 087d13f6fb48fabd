import type { AgentFolders } from "../domain/settings.ts";
import { readGitEnvironment } from "../config.ts";
import { acquireLock, type LockOwner } from "../fs/lock_file.ts";
import { createGitRunner, type GitRunner } from "../git/run/runner.ts";
import type { Database } from "../store/database.ts";
import { explainFailure, openOwned } from "../store/open.ts";
import { errorMessage } from "../text/errors.ts";
import { type Call, CommandFailure } from "./command.ts";

/** What a run in this process works with. */
export interface LockedRun {
  db: Database;
  runGit: GitRunner;
  agents: readonly AgentFolders[];
  now: () => number;
}

/** What came of trying to be the one who writes. */
export type LockedRunOutcome<Result> =
  | { kind: "ran"; result: Result }
  /** Another process owns the data folder. */
  | { kind: "held"; owner: LockOwner | null };

/**
 * Runs `work` as the owner of the data folder, which is made where it is missing. If the database proves damaged, a backup
 * takes its place and `work` is run again.
 *
 * @throws {CommandFailure} If the folder or its database cannot be used.
 */
export async function runWithLock<Result>(
  { config, output }: Pick<Call, "config" | "output">,
  work: (run: LockedRun) => Promise<Result> | Result,
): Promise<LockedRunOutcome<Result>> {
  const { dataDir, agents } = config;
  makeFolder(dataDir);
  const locked = await acquireLock(dataDir);
  if (locked.kind === "failed") throw new CommandFailure(locked.message);
  if (locked.kind === "held") return locked;
  using _lock = locked.lock;
  const runGit = createGitRunner({ environment: readGitEnvironment() });
  const attempt = async (suspect: boolean) => {
    const opened = openOwned(dataDir, { now: Date.now(), suspect });
    if (opened.kind !== "opened") throw new CommandFailure(opened.message);
    using db = opened.db;
    if (opened.recovery !== null) output.log(opened.recovery);
    return await work({ db, runGit, agents, now: Date.now });
  };
  try {
    return { kind: "ran", result: await attempt(false) };
  } catch (error) {
    const failure = explainFailure(error, dataDir);
    if (failure.kind === "unreadable") throw error;
    if (failure.kind !== "corrupt") throw new CommandFailure(failure.message, { cause: error });
    return { kind: "ran", result: await attempt(true) };
  }
}

/** The sentence for a user whose data folder is held by a process that does not answer. */
export function heldMessage(dataDir: string, owner: LockOwner | null): string {
  const who = owner === null ? "Another process" : `Another process (number ${owner.pid})`;
  return `${who} is writing to ${dataDir}. Try again once it ended, or name another --data-dir.`;
}

/** Makes a folder for the user's eyes only. */
export function makeFolder(dataDir: string): void {
  try {
    Deno.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const reason = errorMessage(error);
    throw new CommandFailure(
      `Cannot make the data folder ${dataDir} (${reason}). Name another with --data-dir.`,
    );
  }
}
