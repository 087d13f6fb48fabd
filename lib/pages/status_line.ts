import type { SyncTotals } from "../client/sync_model.ts";
import type { Database } from "../store/database.ts";
import type { GitSync } from "../sync/git_sync.ts";
import { readStatus } from "../sync/status.ts";

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
