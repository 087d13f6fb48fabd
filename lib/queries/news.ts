import type { SyncTotals } from "../domain/sync_model.ts";
import type { Database } from "../store/database.ts";
import { countCommits } from "../store/read/commit_list.ts";
import { countSessions } from "../store/read/session_list.ts";
import type { GitSync } from "../sync/git_sync.ts";
import { readStatus } from "../sync/status.ts";

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

/** The totals that the StatusBar shows on a page that has just been served. */
export function readTotals(services: { store: Database; gitSync: GitSync }): SyncTotals {
  const { sessionsIndexed, projectsFound, commitsFound, lastGitSyncAt } = readStatus(services);
  return {
    sessionsIndexed,
    projectsFound,
    commitsFound,
    lastGitSyncAt: lastGitSyncAt === null ? null : Date.parse(lastGitSyncAt),
  };
}
