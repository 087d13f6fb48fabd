import type { Database } from "./database.ts";

/** The common directories of the repositories that a scan reads, but for those it could not. */
export function listWatchable(db: Database): string[] {
  return db.all<{ common_dir: string }>(
    `SELECT common_dir FROM repositories WHERE excluded = 0 AND coalesce(last_outcome, '') <> 'failed'
     ORDER BY common_dir`,
  ).map(({ common_dir }) => common_dir);
}
