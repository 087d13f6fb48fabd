import type { Database } from "../store/database.ts";
import { lastTimes } from "../store/write/runs.ts";
import { cached } from "../store/read/cached.ts";
import { iso } from "../store/read/page.ts";
import { getStatus, type StoreStatus } from "../store/read/stats.ts";
import type { SyncKind } from "./announcements.ts";
import type { GitSync } from "./git_sync.ts";

/** What is stored, when it was brought up to date, and what is running. Times are ISO 8601 in UTC. */
export interface Status extends StoreStatus {
  lastIndexedAt: string | null;
  /** When a sync last came to its end well, whoever asked for it. */
  lastGitSyncAt: string | null;
  gitSyncIntervalSecs: number;
  running: SyncKind | null;
  /** Grows whenever what is shown changes. */
  version: number;
}

/** Reads the status as `GET /api/status` gives it. */
export function readStatus({ store, gitSync }: { store: Database; gitSync: GitSync }): Status {
  const { indexedAt, syncedAt } = cached(store, "lastTimes", () => lastTimes(store));
  return {
    ...getStatus(store),
    lastIndexedAt: iso(indexedAt),
    lastGitSyncAt: iso(syncedAt),
    gitSyncIntervalSecs: gitSync.intervalSecs,
    running: gitSync.running,
    version: gitSync.announcements.version,
  };
}
