import type { Database } from "../database.ts";
import { cached } from "./cached.ts";

/** When the last sync that came to its end did so, Unix milliseconds; null before the first. */
export function lastSyncAt(db: Database): number | null {
  return cached(
    db,
    "lastSyncAt",
    () =>
      db.get<{ at: number | null }>(
        "SELECT max(ended_at) AS at FROM sync_runs WHERE outcome = 'completed'",
      )!.at,
  );
}
