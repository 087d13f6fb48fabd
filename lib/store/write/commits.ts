import type { ScannedCommit } from "../../domain/link_facts.ts";

import type { RepositoryKey } from "../../domain/ids.ts";
import type { Database, SqlValue } from "../database.ts";

/** How many commits a repository has, and the most recent of them. */
export interface CommitTotals {
  reachable: number;
  unreachable: number;
}

/** A statement of many rows takes half the time of as many statements. */
const ROWS_AT_ONCE = 100;

/**
 * Keeps commits that a scan read, the last of them first: git lists the newest first, and indexes by time grow faster at
 * their end. One that is known already is not changed, but for being reachable again.
 *
 * @param options.reachable Whether a ref holds them. @default {true}
 * @returns How many were not known, and how many had been out of reach.
 */
export function saveCommits(
  db: Database,
  repository: RepositoryKey,
  { commits, reachable = true }: { commits: readonly ScannedCommit[]; reachable?: boolean },
): { added: number; revived: number } {
  return db.transaction(() => {
    let added = 0;
    let revived = 0;
    for (let end = commits.length, rows = 0; end > 0; end -= rows) {
      // What is left goes one by one, so that there are two statements and not one for every count.
      rows = end < ROWS_AT_ONCE ? 1 : ROWS_AT_ONCE;
      const values: SqlValue[] = [];
      for (let at = end - 1; at >= end - rows; at--) {
        values.push(repository, reachable ? 1 : 0);
        addValues(values, commits[at]);
      }
      const inserted = db.run(INSERT[rows], ...values).changes;
      added += inserted;
      if (inserted < rows && reachable) {
        revived += revive(db, repository, commits.slice(end - rows, end));
      }
    }
    if (added + revived > 0) raiseFactsVersion(db, repository);
    return { added, revived };
  });
}

const COLUMNS = "repository_id, reachable, hash, parents, author_at, committer_at, author_name, " +
  "author_email, committer_email, subject, trailers";
const COLUMN_COUNT = 11;

function addValues(values: SqlValue[], commit: ScannedCommit): void {
  const { parents, trailers } = commit;
  values.push(
    commit.hash,
    parents.length === 1 ? parents[0] : parents.join(" "),
    commit.authorAt,
    commit.committerAt,
    commit.authorName,
    commit.authorEmail,
    commit.committerEmail,
    commit.subject,
    trailers.length === 0 ? "[]" : JSON.stringify(trailers),
  );
}

function insertStatement(rows: number): string {
  const row = `(${Array(COLUMN_COUNT).fill("?").join(", ")})`;
  // An upsert that does nothing takes a quarter longer, and parameters with numbers are looked up one by one.
  return `INSERT OR IGNORE INTO commits (${COLUMNS}) VALUES ${Array(rows).fill(row).join(", ")}`;
}

const INSERT: Record<number, string> = {
  1: insertStatement(1),
  [ROWS_AT_ONCE]: insertStatement(ROWS_AT_ONCE),
};

function revive(
  db: Database,
  repository: RepositoryKey,
  rows: readonly ScannedCommit[],
): number {
  let revived = 0;
  for (const { hash } of rows) {
    revived += db.run(
      "UPDATE commits SET reachable = 1 WHERE hash = ? AND repository_id = ? AND reachable = 0",
      hash,
      repository,
    ).changes;
  }
  return revived;
}

/** With the commits themselves, so that a scan which is cut short leaves none that linking knows nothing of. */
function raiseFactsVersion(db: Database, repository: RepositoryKey): void {
  db.run("UPDATE repositories SET facts_version = facts_version + 1 WHERE id = ?", repository);
}

/** Marks commits that no ref holds any more; they stay. Returns how many were marked. */
export function markUnreachable(
  db: Database,
  repository: RepositoryKey,
  hashes: Iterable<string>,
): number {
  return db.transaction(() => {
    let marked = 0;
    for (const hash of hashes) {
      marked += db.run(
        "UPDATE commits SET reachable = 0 WHERE hash = ? AND repository_id = ? AND reachable = 1",
        hash,
        repository,
      ).changes;
    }
    if (marked > 0) raiseFactsVersion(db, repository);
    return marked;
  });
}

/** The hashes of a repository's commits that a ref held at the last scan. */
export function listReachableHashes(db: Database, repository: RepositoryKey): string[] {
  return db.all<{ hash: string }>(
    "SELECT hash FROM commits WHERE repository_id = ? AND reachable = 1",
    repository,
  ).map(({ hash }) => hash);
}

/** When the first session started, Unix milliseconds; null where there is none. */
export function earliestSessionStart(db: Database): number | null {
  return db.get<{ first: number | null }>("SELECT min(started_at) AS first FROM sessions")!.first;
}
