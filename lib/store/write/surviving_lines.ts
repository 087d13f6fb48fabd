import type { BlameGroup, Skipped } from "../../domain/blame.ts";
import type { CommitHash, RepositoryKey } from "../../domain/ids.ts";

import type { Database } from "../database.ts";

/** A repository whose written lines are to be counted. */
export interface UncountedRepository {
  id: RepositoryKey;
  path: string;
  /** What they are to be counted from: to be handed back to {@linkcode saveCounts}. */
  countFrom: string;
}

/**
 * What written lines are counted from: the refs and the links. Where refs have no fingerprint, the version of the
 * repository's facts stands in.
 */
const COUNT_FROM = "coalesce(r.fingerprint, r.facts_version) || ' ' || r.links_fingerprint";

/** A condition on `repositories r` and its count `n`: linked, looked at by syncs, and its count is of another state. */
export const IS_UNCOUNTED = "r.excluded = 0 AND r.state = 'repository' AND " +
  `${COUNT_FROM} IS NOT NULL AND n.counted_from IS NOT ${COUNT_FROM}`;

/**
 * The repositories whose refs or links are not those their lines were counted from, and after them those that could
 * not be counted.
 */
export function listUncounted(db: Database): UncountedRepository[] {
  return db.all(
    `SELECT r.id, r.path, ${COUNT_FROM} AS countFrom
    FROM repositories r LEFT JOIN surviving_counts n ON n.repository_id = r.id
    WHERE ${IS_UNCOUNTED} OR (r.excluded = 0 AND r.state = 'repository' AND n.failure IS NOT NULL
      AND ${COUNT_FROM} IS NOT NULL)
    ORDER BY n.failure IS NOT NULL, r.id`,
  );
}

/** What sessions wrote in a repository: in which files, and since when; undefined where nothing is known of any line. */
export function writtenFiles(
  db: Database,
  id: RepositoryKey,
): { paths: string[]; since: number } | undefined {
  const rows = db.all<{ path: string; at: number }>(
    `SELECT l.path, min(c.committer_at) AS at FROM commits c JOIN line_ranges l ON l.commit_id = c.id
    WHERE c.repository_id = ? GROUP BY l.path ORDER BY l.path`,
    id,
  );
  if (rows.length === 0) return undefined;
  return {
    paths: rows.map(({ path }) => path),
    since: rows.reduce((least, { at }) => Math.min(least, at), Infinity),
  };
}

/** The numbers of a repository's commits by their hashes. */
export function commitNumbers(db: Database, id: RepositoryKey): Map<CommitHash, number> {
  const rows = db.all<{ id: number; hash: CommitHash }>(
    "SELECT id, hash FROM commits WHERE repository_id = ?",
    id,
  );
  const numbers = new Map<CommitHash, number>();
  for (const row of rows) numbers.set(row.hash, row.id);
  return numbers;
}

/** A file that was looked at. */
export interface KnownFile {
  blob: string;
  /** How far back, Unix milliseconds. */
  since: number;
  /** The numbers of the commits that its lines came with. */
  commits: number[];
}

/** The files of a repository that were looked at, by path. */
export function knownFiles(db: Database, id: RepositoryKey): Map<string, KnownFile> {
  const rows = db.all<{ path: string; blob: string; since: number; commits: string }>(
    `SELECT f.path, f.blob, f.since, json_group_array(g.commit_id) FILTER (WHERE g.commit_id IS NOT NULL) AS commits
    FROM surviving_files f LEFT JOIN surviving_groups g ON g.file_id = f.id
    WHERE f.repository_id = ? GROUP BY f.id`,
    id,
  );
  return new Map(
    rows.map(({ path, commits, ...file }) => [path, { ...file, commits: JSON.parse(commits) }]),
  );
}

/** Forgets files of a repository, so that they are looked at anew. */
export function forgetFiles(db: Database, id: RepositoryKey, paths: readonly string[]): void {
  db.run(
    "DELETE FROM surviving_files WHERE repository_id = ? AND path IN (SELECT value FROM json_each(?))",
    id,
    JSON.stringify(paths),
  );
}

/** A file with the stored commits that its lines came with. */
export interface LookedAtFile {
  path: string;
  blob: string;
  since: number;
  /** Why its lines are not known. */
  skipped: Skipped | null;
  groups: (Pick<BlameGroup, "originalPath" | "originalLine" | "count"> & { commit: number })[];
}

/** Keeps what was found out about files. */
export function saveFiles(db: Database, id: RepositoryKey, files: readonly LookedAtFile[]): void {
  db.transaction(() => {
    forgetFiles(db, id, files.map(({ path }) => path));
    for (const { path, blob, since, skipped, groups } of files) {
      const { lastId } = db.run(
        "INSERT INTO surviving_files (repository_id, path, blob, since, skipped) VALUES (?, ?, ?, ?, ?)",
        id,
        path,
        blob,
        since,
        skipped,
      );
      for (const { commit, originalPath, originalLine, count } of groups) {
        db.run(
          `INSERT INTO surviving_groups (file_id, commit_id, path, first_line, last_line)
          VALUES (?, ?, ?, ?, ?)`,
          lastId,
          commit,
          originalPath,
          originalLine,
          originalLine + count - 1,
        );
      }
    }
  });
}

/** What a count came to: of which version, or why it could not be counted. */
export interface CountedRepository extends UncountedRepository {
  head: CommitHash | null;
  /** The commits in the history of that version, by number. */
  history: readonly number[];
  failure: string | null;
}

/**
 * Counts a repository's lines anew from the files that were looked at, and keeps the counts. After a failure the ones of
 * before stay.
 *
 * @returns Whether the counts differ from those of before.
 */
export function saveCounts(db: Database, counted: CountedRepository): boolean {
  const { id, countFrom, head, failure, history } = counted;
  return db.transaction(() => {
    const before = totalsOf(db, id);
    if (failure === null) {
      db.run(
        "DELETE FROM surviving_lines WHERE commit_id IN (SELECT id FROM commits WHERE repository_id = ?)",
        id,
      );
      db.run(
        `INSERT INTO surviving_lines (commit_id, session_id, written, surviving)
        SELECT l.commit_id, l.session_id, sum(l.last_line - l.first_line + 1), 0
        FROM json_each(?) AS h JOIN line_ranges l ON l.commit_id = h.value GROUP BY 1, 2`,
        JSON.stringify(history),
      );
      db.run(
        `UPDATE surviving_lines SET surviving = s.lines FROM (
          SELECT l.commit_id, l.session_id,
            sum(min(l.last_line, g.last_line) - max(l.first_line, g.first_line) + 1) AS lines
          FROM surviving_files f JOIN surviving_groups g ON g.file_id = f.id
          JOIN line_ranges l ON l.commit_id = g.commit_id AND l.path = g.path
            AND l.first_line <= g.last_line AND l.last_line >= g.first_line
          WHERE f.repository_id = ? GROUP BY 1, 2
        ) AS s WHERE s.commit_id = surviving_lines.commit_id AND s.session_id = surviving_lines.session_id`,
        id,
      );
    }
    db.run(
      `INSERT INTO surviving_counts (repository_id, counted_from, head, failure) VALUES (?, ?, ?, ?)
      ON CONFLICT (repository_id) DO UPDATE SET counted_from = excluded.counted_from,
        head = excluded.head, failure = excluded.failure`,
      id,
      countFrom,
      head,
      failure,
    );
    return totalsOf(db, id) !== before;
  });
}

/** What pages show of a repository's counts, as one text. */
function totalsOf(db: Database, id: RepositoryKey): string {
  return JSON.stringify([
    db.get("SELECT failure FROM surviving_counts WHERE repository_id = ?", id),
    db.all(
      `SELECT skipped, count(*) FROM surviving_files
      WHERE repository_id = ? AND skipped IS NOT NULL GROUP BY 1`,
      id,
    ),
    db.all(
      `SELECT session_id, sum(written), sum(surviving) FROM surviving_lines
      WHERE commit_id IN (SELECT id FROM commits WHERE repository_id = ?) GROUP BY 1`,
      id,
    ),
  ]);
}
