import type { RepositoryId } from "../../domain/ids.ts";
import type { Database } from "../database.ts";
import { countCommitsByBucket } from "./commit_counts.ts";
import type { Bucket } from "./days.ts";
import type { CommitCounts } from "./stats.ts";

/** What happened in a repository in a stretch of time. */
export interface RepositoryActivity extends CommitCounts {
  id: RepositoryId;
  commits: number;
  /** The length of the activities of sessions that worked in it, as far as they began in the stretch. */
  activeMinutes: number;
}

/**
 * The repositories with a session at work or a commit in a stretch of time, the one with most session time first, then
 * the one with most commits.
 *
 * @param options.buckets The stretch, cut as its commits have been counted in before: they are not counted again.
 * @param options.repositoryId Asks for one repository alone.
 */
export function busyRepositories(
  db: Database,
  { buckets, repositoryId }: { buckets: readonly Bucket[]; repositoryId?: RepositoryId },
): RepositoryActivity[] {
  const minutes = new Map(
    db.all<{ id: RepositoryId; minutes: number }>(
      `SELECT sr.repository_id AS id, sum(a.ended_at - a.started_at) / 60000 AS minutes
      FROM activities a JOIN session_repositories sr ON sr.session_id = a.session_id
      WHERE a.started_at >= ? AND a.started_at < ? GROUP BY 1`,
      buckets.at(0)?.from ?? 0,
      buckets.at(-1)?.to ?? 0,
    ).map(({ id, minutes }) => [id, minutes]),
  );
  return db.all<{ id: RepositoryId }>("SELECT id FROM repositories ORDER BY name, path")
    .filter(({ id }) => repositoryId === undefined || id === repositoryId)
    .map(({ id }) => {
      const sums = { id, commits: 0, linked: 0, unlinked: 0, elsewhere: 0 };
      for (const counts of countCommitsByBucket(db, { buckets, repositoryId: id })) {
        sums.commits += counts.all;
        sums.linked += counts.tier1 + counts.tier2;
        sums.unlinked += counts.unlinked;
        sums.elsewhere += counts.elsewhere;
      }
      return { ...sums, activeMinutes: minutes.get(id) ?? 0 };
    })
    .filter(({ id, commits }) => commits > 0 || minutes.has(id))
    .sort((a, b) => b.activeMinutes - a.activeMinutes || b.commits - a.commits);
}
