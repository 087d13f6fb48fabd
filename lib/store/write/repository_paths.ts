import type { RepositoryKey } from "../../domain/ids.ts";
import type { Database } from "../database.ts";

/** A folder that was looked up in git. */
export interface StoredPath {
  path: string;
  repositoryId: RepositoryKey | null;
  /** What it was: a `FolderOutcome`'s kind, or `folderGone` for one whose repository was found at a parent. */
  outcome: string;
  /** The worktree's folder in its canonical spelling; null outside of worktrees. */
  root: string | null;
  /** The folder as seen from `root`; "" for that folder itself. */
  inside: string;
  /** Unix milliseconds. */
  checkedAt: number;
}

/** Where a file is kept in git. */
export interface FileLocation {
  repositoryId: RepositoryKey;
  /** The worktree's folder in its canonical spelling; null outside of worktrees. */
  root: string | null;
  /** The file as its repository tracks it. */
  path: string;
}

const COLUMNS =
  "path, repository_id AS repositoryId, outcome, root, inside, checked_at AS checkedAt";

/** Every folder that was ever looked up. */
export function listPaths(db: Database): StoredPath[] {
  return db.all(`SELECT ${COLUMNS} FROM repository_paths ORDER BY path`);
}

/** Keeps what folders are to git; what was kept of them before is replaced. */
export function savePaths(db: Database, paths: readonly StoredPath[]): void {
  db.transaction(() => {
    for (const { path, repositoryId, outcome, root, inside, checkedAt } of paths) {
      db.run(
        `INSERT INTO repository_paths (path, repository_id, outcome, root, inside, checked_at)
         VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET repository_id = excluded.repository_id,
           outcome = excluded.outcome, root = excluded.root, inside = excluded.inside, checked_at = excluded.checked_at`,
        path,
        repositoryId,
        outcome,
        root,
        inside,
        checkedAt,
      );
    }
  });
}

/** Finds where a file is kept: by the nearest folder above it that was looked up. */
export function locationOf(db: Database, file: string): FileLocation | null {
  for (let folder = file; folder !== "";) {
    const row = db.get<StoredPath>(
      `SELECT ${COLUMNS} FROM repository_paths WHERE path = ?`,
      folder,
    );
    if (row !== undefined) {
      if (row.repositoryId === null) return null;
      const rest = file.slice(folder.length).replace(/^\//, "");
      const path = [row.inside, rest].filter((part) => part !== "").join("/");
      return { repositoryId: row.repositoryId, root: row.root, path };
    }
    folder = folder.slice(0, folder.lastIndexOf("/"));
  }
  return null;
}
