import type { Config } from "./lib/domain/settings.ts";
import { createDefine } from "fresh";

import type { GitReading } from "./lib/git/read/reading.ts";
import type { Status } from "./lib/queries/schemas.ts";
import type { Database } from "./lib/store/database.ts";
import type { GitSync, Indexing } from "./lib/sync/git_sync.ts";

/** What every request finds in `ctx.state`. */
export interface State {
  /** The database, for reading. */
  store: Database;
  gitSync: GitSync;
  indexing: Indexing;
  /** Diffs and blames of the repositories; without it pages leave them out. */
  git?: GitReading;
  /** Whether the store holds the sample workspace instead of the user's own work. */
  sample?: boolean;
  /** What the program runs with, for the settings page. */
  config?: Config;
  /** The version of the files under `static/`, for their addresses. */
  version?: string;
  /** What is stored and what is running, for the page being rendered. */
  status?: Status;
  /** The title of the page being rendered, set by its handler. */
  title?: string;
}

/** Types routes and middleware for this app's {@linkcode State}. */
export const define = createDefine<State>();
