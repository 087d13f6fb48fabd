import type { RepositoryId } from "../../domain/ids.ts";
import type { RepoOutcome } from "../../sync/events.ts";
import type { Database } from "../database.ts";
import { cached } from "./cached.ts";
import { countCommitsOfRepository } from "./commit_counts.ts";
import { countStandingLines, type LineCounts } from "./line_counts.ts";
import type { RepositoryRef } from "./refs.ts";
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
  /** Lines of its commits that sessions wrote. */
  lines: LineCounts;
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

/** Every repository with its counts, by name. */
export function listRepositories(db: Database): RepositorySummary[] {
  return cached(db, "repositories", () => {
    const rows = db.all<RepositoryRow>("SELECT * FROM repositories ORDER BY name, path");
    return rows.map((row) => repository(db, row));
  });
}

/** One repository by its number; undefined where there is none. */
export function getRepository(db: Database, id: RepositoryId): RepositorySummary | undefined {
  return cached(db, `repository ${id}`, () => {
    const row = db.get<RepositoryRow>("SELECT * FROM repositories WHERE id = ?", id);
    return row && repository(db, row);
  });
}

/** The names of all repositories, for choosing one. */
export function listRepositoryNames(db: Database): RepositoryRef[] {
  return db.all<RepositoryRef>("SELECT id, name, path FROM repositories ORDER BY name, path");
}

function repository(db: Database, row: RepositoryRow): RepositorySummary {
  const { all, linked, unlinked, elsewhere } = countCommitsOfRepository(db, row.id);
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
    commits: { total: all, linked, unlinked, elsewhere },
    lines: countStandingLines(db, { repositoryId: row.id }),
    sessionCount: db.get<{ n: number }>(
      "SELECT count(*) AS n FROM session_repositories WHERE repository_id = ?",
      row.id,
    )!.n,
    lastCommitAt: iso(lastCommitAt(db, row.id)),
    folders,
    worktrees: [...new Set(folders.flatMap(({ worktree }) => worktree ?? []))],
  };
}

function lastCommitAt(db: Database, id: RepositoryId): number | null {
  return db.get<{ at: number }>(
    `SELECT author_at AS at FROM commits WHERE repository_id = ? AND reachable = 1
    ORDER BY author_at DESC, id DESC LIMIT 1`,
    id,
  )?.at ?? null;
}
