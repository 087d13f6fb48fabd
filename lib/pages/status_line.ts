import type { SyncTotals } from "../client/sync_model.ts";
import type { Database } from "../store/database.ts";
import { getStatus } from "../store/views/stats.ts";
import { lastSyncAt } from "../store/views/last_sync.ts";

/** The totals that the StatusBar shows on a page that has just been served. */
export function readTotals(store: Database): SyncTotals {
  const { sessionsIndexed, projectsFound, commitsFound } = getStatus(store);
  return {
    sessionsIndexed,
    projectsFound,
    commitsFound,
    lastGitSyncAt: lastSyncAt(store),
  };
}
