import type { CommitHash, RepositoryId } from "../../domain/ids.ts";
import type { Database } from "../database.ts";
import {
  COMMIT_COLUMNS,
  COMMIT_TABLES,
  type CommitRow,
  commitSummaries,
  type CommitSummary,
} from "./commit_list.ts";

/** Reads several commits of a repository at once, by their full hashes; those that are not stored are left out. */
export function commitsOfHashes(
  db: Database,
  repositoryId: RepositoryId,
  hashes: readonly string[],
): Map<CommitHash, CommitSummary> {
  const rows = db.all<CommitRow>(
    `SELECT ${COMMIT_COLUMNS} FROM json_each(?) AS wanted
    CROSS JOIN ${COMMIT_TABLES} WHERE c.hash = wanted.value AND c.repository_id = ?`,
    JSON.stringify(hashes),
    repositoryId,
  );
  return new Map(commitSummaries(db, rows).map((commit) => [commit.hash, commit]));
}
