import type { ScannedCommit } from "../git/log_parser.ts";
import type { RepositoryId } from "../ids.ts";
import type { Database, SqlValue } from "./database.ts";

/** How many commits a repository has, and the most recent of them. */
export interface CommitTotals {
  reachable: number;
  unreachable: number;
}

const COLUMNS =
  "repository_id, hash, parents, author_at, committer_at, author_name, author_email, " +
  "committer_email, subject, trailers, reachable";
const COLUMN_COUNT = 11;
/** A statement of many rows takes half the time of as many statements. */
const ROWS_AT_ONCE = 50;

/**
 * Keeps commits that a scan read. One that is known already is not changed, but for being reachable again.
 *
 * @param options.reachable Whether a ref holds them. @default {true}
 * @returns How many were not known, and how many had been out of reach.
 */
export function saveCommits(
  db: Database,
  repository: RepositoryId,
  { commits, reachable = true }: { commits: readonly ScannedCommit[]; reachable?: boolean },
): { added: number; revived: number } {
  return db.transaction(() => {
    let added = 0;
    let revived = 0;
    for (let at = 0; at < commits.length; at += ROWS_AT_ONCE) {
      const rows = commits.slice(at, at + ROWS_AT_ONCE);
      const inserted = insert(db, repository, { rows, reachable });
      added += inserted;
      if (inserted < rows.length && reachable) revived += revive(db, repository, rows);
    }
    if (added + revived > 0) raiseFactsVersion(db, repository);
    return { added, revived };
  });
}

function insert(
  db: Database,
  repository: RepositoryId,
  { rows, reachable }: { rows: readonly ScannedCommit[]; reachable: boolean },
): number {
  const values: SqlValue[] = [];
  for (const commit of rows) {
    values.push(
      repository,
      commit.hash,
      commit.parents.join(" "),
      commit.authorAt,
      commit.committerAt,
      commit.authorName,
      commit.authorEmail,
      commit.committerEmail,
      commit.subject,
      commit.trailers.length === 0 ? "[]" : JSON.stringify(commit.trailers),
      reachable ? 1 : 0,
    );
  }
  // The last rows of a batch go one by one, so that there are two statements and not one for every count.
  const step = rows.length === ROWS_AT_ONCE ? ROWS_AT_ONCE : 1;
  let inserted = 0;
  for (let at = 0; at < values.length; at += step * COLUMN_COUNT) {
    inserted += db.run(INSERT[step], ...values.slice(at, at + step * COLUMN_COUNT)).changes;
  }
  return inserted;
}

function insertStatement(rows: number): string {
  const row = `(${Array(COLUMN_COUNT).fill("?").join(", ")})`;
  // An upsert that does nothing takes a quarter longer.
  return `INSERT OR IGNORE INTO commits (${COLUMNS}) VALUES ${Array(rows).fill(row).join(", ")}`;
}

const INSERT: Record<number, string> = {
  1: insertStatement(1),
  [ROWS_AT_ONCE]: insertStatement(ROWS_AT_ONCE),
};

function revive(
  db: Database,
  repository: RepositoryId,
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
function raiseFactsVersion(db: Database, repository: RepositoryId): void {
  db.run("UPDATE repositories SET facts_version = facts_version + 1 WHERE id = ?", repository);
}

/** Marks commits that no ref holds any more; they stay. Returns how many were marked. */
export function markUnreachable(
  db: Database,
  repository: RepositoryId,
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
export function* iterateReachableHashes(
  db: Database,
  repository: RepositoryId,
): Generator<string> {
  const rows = db.iterate<{ hash: string }>(
    "SELECT hash FROM commits WHERE repository_id = ? AND reachable = 1",
    repository,
  );
  for (const { hash } of rows) yield hash;
}

/** Tells whether a repository has any commit that a ref holds. */
export function hasCommits(db: Database, repository: RepositoryId): boolean {
  return db.get(
    "SELECT 1 FROM commits WHERE repository_id = ? AND reachable = 1 LIMIT 1",
    repository,
  ) !== undefined;
}

/** When the first session started, Unix milliseconds; null where there is none. */
export function earliestSessionStart(db: Database): number | null {
  return db.get<{ first: number | null }>("SELECT min(started_at) AS first FROM sessions")!.first;
}
