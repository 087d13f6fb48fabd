import type { Database } from "../store/database.ts";
import { countCommits } from "../store/views/commit_list.ts";
import { countSessions } from "../store/views/session_list.ts";

/** What happened since somebody was here last. */
export interface News {
  /** Unix milliseconds. */
  since: number;
  /** Sessions with a message since. */
  sessions: number;
  /** Commits made since. */
  commits: number;
  linked: number;
  unlinked: number;
  /** Other people's. */
  elsewhere: number;
}

/** Counts what happened since `since`. */
export function readNews(store: Database, since: number): News {
  return {
    since,
    sessions: countSessions(store, { from: since }),
    commits: countCommits(store, { from: since }),
    linked: countCommits(store, { from: since, state: "linked" }),
    unlinked: countCommits(store, { from: since, state: "unlinked" }),
    elsewhere: countCommits(store, { from: since, state: "elsewhere" }),
  };
}
