import { createDefine } from "fresh";
import type { Database } from "./lib/store/database.ts";
import type { GitSync, Indexing } from "./lib/sync/git_sync.ts";

/** What every request finds in `ctx.state`. */
export interface State {
  /** The database, for reading. */
  store: Database;
  gitSync: GitSync;
  indexing: Indexing;
}

/** Types routes and middleware for this app's {@linkcode State}. */
export const define = createDefine<State>();
