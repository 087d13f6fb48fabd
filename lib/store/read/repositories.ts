import type { RepoOutcome } from "../../domain/sync_model.ts";
import type { RepositoryId, RepositoryKey } from "../../domain/ids.ts";

import type { Bucket } from "../../time/days.ts";
import type { Database } from "../database.ts";
import type { RepositoryActivity, RepositoryRef, RepositorySummary } from "../shapes.ts";
import { cached } from "./cached.ts";
import { countCommitsByBucket, countCommitsOfRepository } from "./commit_counts.ts";
import { iso } from "./page.ts";

import { countSurvivingLines } from "./surviving_counts.ts";

interface RepositoryRow {
  id: RepositoryKey;
  public_id: RepositoryId;
  name: string;
  path: string;
  common_dir: string;
  state: string;
  user_email: string | null;
  remotes: string;
  last_scanned_at: number | null;
  last_outcome: RepoOutcome | null;
  failure_code: string | null;
  failure_message: string | null;
  excluded: number;
}

/** Every repository with its counts, by name. */
export function listRepositories(db: Database): RepositorySummary[] {
  return cached(db, "repositories", () => {
    const rows = db.all<RepositoryRow>("SELECT * FROM repositories ORDER BY name, path");
    return rows.map((row) => repository(db, row));
  });
}

/** One repository by its number; undefined where there is none. */
export function getRepository(db: Database, key: RepositoryKey): RepositorySummary | undefined {
  return cached(db, `repository ${key}`, () => {
    const row = db.get<RepositoryRow>("SELECT * FROM repositories WHERE id = ?", key);
    return row && repository(db, row);
  });
}

/** The names of all repositories, for choosing one. */
export function listRepositoryNames(db: Database): RepositoryRef[] {
  return db.all<RepositoryRef>(
    "SELECT public_id AS id, name, path FROM repositories ORDER BY name, path",
  );
}

function repository(db: Database, row: RepositoryRow): RepositorySummary {
  const { all, linked, unlinked, elsewhere } = countCommitsOfRepository(db, row.id);
  const folders = db.all<RepositorySummary["folders"][number]>(
    "SELECT path, root AS worktree FROM repository_paths WHERE repository_id = ? ORDER BY path",
    row.id,
  );
  return {
    id: row.public_id,
    name: row.name,
    path: row.path,
    commonDir: row.common_dir,
    state: row.state,
    userEmail: row.user_email,
    remotes: JSON.parse(row.remotes),
    lastScannedAt: iso(row.last_scanned_at),
    lastOutcome: row.last_outcome,
    failure: row.failure_code === null
      ? null
      : { code: row.failure_code, message: row.failure_message ?? row.failure_code },
    excluded: row.excluded === 1,
    commits: { total: all, linked, unlinked, elsewhere },
    lines: countSurvivingLines(db, { repositoryKey: row.id }),
    sessionCount: db.get<{ n: number }>(
      "SELECT count(*) AS n FROM session_repositories WHERE repository_id = ?",
      row.id,
    )!.n,
    lastCommitAt: iso(lastCommitAt(db, row.id)),
    folders,
    worktrees: [...new Set(folders.flatMap(({ worktree }) => worktree ?? []))],
  };
}

function lastCommitAt(db: Database, id: RepositoryKey): number | null {
  return db.get<{ at: number }>(
    `SELECT author_at AS at FROM commits WHERE repository_id = ? AND reachable = 1
    ORDER BY author_at DESC, id DESC LIMIT 1`,
    id,
  )?.at ?? null;
}

/**
 * The repositories with a session at work or a commit in a stretch of time, the one with most session time first, then
 * the one with most commits.
 *
 * @param options.buckets The stretch, cut as its commits have been counted in before: they are not counted again.
 * @param options.repositoryKey Asks for one repository alone.
 */
export function busyRepositories(
  db: Database,
  { buckets, repositoryKey }: { buckets: readonly Bucket[]; repositoryKey?: RepositoryKey },
): RepositoryActivity[] {
  const minutes = new Map(
    db.all<{ key: RepositoryKey; minutes: number }>(
      `SELECT sr.repository_id AS key, sum(a.ended_at - a.started_at) / 60000 AS minutes
      FROM activities a JOIN session_repositories sr ON sr.session_id = a.session_id
      WHERE a.started_at >= ? AND a.started_at < ? GROUP BY 1`,
      buckets.at(0)?.from ?? 0,
      buckets.at(-1)?.to ?? 0,
    ).map(({ key, minutes }) => [key, minutes]),
  );
  return db.all<{ key: RepositoryKey; id: RepositoryId }>(
    "SELECT id AS key, public_id AS id FROM repositories ORDER BY name, path",
  )
    .filter(({ key }) => repositoryKey === undefined || key === repositoryKey)
    .flatMap(({ key, id }) => {
      const sums = { id, commits: 0, linked: 0, unlinked: 0, elsewhere: 0 };
      for (const counts of countCommitsByBucket(db, { buckets, repositoryKey: key })) {
        sums.commits += counts.all;
        sums.linked += counts.tier1 + counts.tier2;
        sums.unlinked += counts.unlinked;
        sums.elsewhere += counts.elsewhere;
      }
      if (sums.commits === 0 && !minutes.has(key)) return [];
      return [{ ...sums, activeMinutes: minutes.get(key) ?? 0 }];
    })
    .sort((a, b) => b.activeMinutes - a.activeMinutes || b.commits - a.commits);
}
