import type { Database } from "../store/database.ts";
import type { GitSync, Indexing } from "../sync/git_sync.ts";
import type { Config } from "../config.ts";

/** What a server works with while it runs. */
export interface OpenServices {
  store: Database;
  gitSync: GitSync;
  indexing: Indexing;
  sample: boolean;
  config: Config;
}

/** Opens the services once, when they are first asked for. */
export function lazyServices(): () => Promise<OpenServices> {
  return () => Promise.reject(new Error("Cannot open the services: no sync coordinator yet"));
}
