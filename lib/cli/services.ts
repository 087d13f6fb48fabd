import { type Config, readConfig } from "../config.ts";
import type { GitReading } from "../git/reading.ts";
import { createLog } from "../log.ts";
import type { Database } from "../store/database.ts";
import type { GitSync, Indexing } from "../sync/git_sync.ts";
import { makeFolder } from "./own_run.ts";
import { openServing } from "./serving.ts";

/** What a server works with while it runs. */
export interface OpenServices {
  readonly store: Database;
  readonly gitSync: GitSync;
  readonly indexing: Indexing;
  readonly git: GitReading;
  /** Whether it is the sample workspace that the store holds. */
  readonly sample: boolean;
  readonly config: Config;
}

/**
 * Opens the services once, when they are first asked for, with the settings of the environment. They stay open for as
 * long as the process lives.
 */
export function lazyServices(): () => Promise<OpenServices> {
  let opening: Promise<OpenServices> | null = null;
  return () => opening ??= open();
}

async function open(): Promise<OpenServices> {
  const settings = readConfig({});
  if (settings.kind === "invalid") throw new Error(settings.message);
  const { config } = settings;
  makeFolder(config.dataDir);
  const outcome = await openServing(config, createLog(config.logLevel));
  switch (outcome.kind) {
    case "opened":
      await outcome.serving.begin(null);
      return outcome.serving;
    case "held":
      throw new Error(`Another process owns ${config.dataDir}: stop it, or set ASCRIBE_DATA_DIR`);
    case "failed":
      throw new Error(outcome.message);
    default:
      return outcome satisfies never;
  }
}
