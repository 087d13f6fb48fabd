import type { RepositoryId } from "../../domain/ids.ts";
import { type Alias } from "../../text/path_index.ts";
import { normalPath } from "../../text/paths.ts";
import type { Database } from "../database.ts";

/** What the user says about a folder: where it is now, or, with null, that it never went anywhere. */
export interface AliasChange {
  oldPath: string;
  newPath: string | null;
}

/** A repository that is gone, and one with the same history that may be it. */
export interface MoveSuggestion {
  repositoryId: RepositoryId;
  oldPath: string;
  newPath: string;
}

/** Every alias, by its old path. */
export function listAliases(db: Database): Alias[] {
  return db.all(
    "SELECT old_path AS oldPath, new_path AS newPath FROM repository_aliases ORDER BY old_path",
  );
}

/** Stores what the user says about a folder; returns false if there was no alias to take back. */
export function changeAlias(db: Database, { oldPath, newPath }: AliasChange): boolean {
  if (newPath === null) return deleteAlias(db, oldPath);
  saveAlias(db, { oldPath, newPath });
  return true;
}

/** Keeps that what was at `oldPath` is at `newPath` now. Folders below it are looked up again by the next sync. */
export function saveAlias(db: Database, { oldPath, newPath }: Alias): void {
  db.transaction(() => {
    db.run(
      `INSERT INTO repository_aliases (old_path, new_path) VALUES (?, ?)
       ON CONFLICT (old_path) DO UPDATE SET new_path = excluded.new_path`,
      normalPath(oldPath),
      normalPath(newPath),
    );
    forgetChecks(db, normalPath(oldPath));
  });
}

/** Takes an alias back; returns false if there was none. */
export function deleteAlias(db: Database, oldPath: string): boolean {
  return db.transaction(() => {
    forgetChecks(db, normalPath(oldPath));
    return db.run(
      "DELETE FROM repository_aliases WHERE old_path = ?",
      normalPath(oldPath),
    ).changes > 0;
  });
}

/** Repositories that are gone while another has the same first commits, and no alias says so yet. */
export function suggestMoves(db: Database): MoveSuggestion[] {
  return db.all(
    `SELECT o.public_id AS repositoryId, o.path AS oldPath, n.path AS newPath
     FROM repositories o
     JOIN repositories n ON n.id != o.id AND n.roots = o.roots AND n.state = 'repository' AND n.last_outcome != 'failed'
     WHERE o.state = 'gone' AND o.roots != '[]'
       AND NOT EXISTS (SELECT 1 FROM repository_aliases a WHERE a.old_path = o.path)
     ORDER BY o.path, n.path`,
  );
}

function forgetChecks(db: Database, folder: string): void {
  db.run(
    "UPDATE repository_paths SET checked_at = 0 WHERE path = ? OR substr(path, 1, ?) = ?",
    folder,
    folder.length + 1,
    `${folder}/`,
  );
}
