import type { RepositoryId } from "../../ids.ts";
import type { RepoOutcome } from "../../sync/events.ts";
import type { Database } from "../database.ts";
import { cached } from "./cached.ts";
import { iso } from "./page.ts";
import type { CommitCounts } from "./stats.ts";

/** A folder that sessions saw a repository under. */
export interface RepositoryFolder {
  path: string;
  /** The worktree's folder that holds it; null where it is not known. */
  worktree: string | null;
}

/** A repository with what is known of it. Times are ISO 8601 in UTC. */
export interface RepositorySummary {
  id: RepositoryId;
  name: string;
  /** The main worktree's folder, or the git directory of a bare repository. */
  path: string;
  commonDir: string;
  state: string;
  userEmail: string | null;
  remotes: string[];
  lastScannedAt: string | null;
  lastOutcome: RepoOutcome | null;
  failure: { code: string; message: string } | null;
  /** Left out of syncs by a setting. */
  excluded: boolean;
  commits: CommitCounts & { total: number };
  /** Sessions that worked in it. */
  sessionCount: number;
  lastCommitAt: string | null;
  folders: RepositoryFolder[];
  worktrees: string[];
}

interface RepositoryRow {
  id: RepositoryId;
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

interface CommitRow {
  repository_id: number;
  total: number;
  linked: number;
  elsewhere: number;
  last_at: number;
}

/** Every repository with its counts, by name. */
export function listRepositories(db: Database): RepositorySummary[] {
  return cached(db, "repositories", () => {
    const rows = db.all<RepositoryRow>("SELECT * FROM repositories ORDER BY name, path");
    const commits = new Map(
      db.all<CommitRow>(
        `SELECT repository_id, count(*) AS total, sum(best_tier IS NOT NULL) AS linked,
          sum(best_tier IS NULL AND elsewhere = 1) AS elsewhere, max(author_at) AS last_at
        FROM commits WHERE reachable = 1 GROUP BY repository_id`,
      ).map((row) => [row.repository_id, row]),
    );
    return rows.map((row) => repository(db, row, commits.get(row.id)));
  });
}

/** One repository by its number; undefined where there is none. */
export function getRepository(db: Database, id: RepositoryId): RepositorySummary | undefined {
  return listRepositories(db).find((repository) => repository.id === id);
}

function repository(db: Database, row: RepositoryRow, counts?: CommitRow): RepositorySummary {
  const { total = 0, linked = 0, elsewhere = 0 } = counts ?? {};
  const folders = db.all<RepositoryFolder>(
    "SELECT path, root AS worktree FROM repository_paths WHERE repository_id = ? ORDER BY path",
    row.id,
  );
  return {
    id: row.id,
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
    commits: { total, linked, unlinked: total - linked - elsewhere, elsewhere },
    sessionCount: db.get<{ n: number }>(
      "SELECT count(*) AS n FROM session_repositories WHERE repository_id = ?",
      row.id,
    )!.n,
    lastCommitAt: iso(counts?.last_at ?? null),
    folders,
    worktrees: [...new Set(folders.flatMap(({ worktree }) => worktree ?? []))],
  };
}
