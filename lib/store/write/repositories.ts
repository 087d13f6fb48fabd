import type { RepoOutcome } from "../../domain/sync_model.ts";
import type { RepositoryId, RepositoryKey } from "../../domain/ids.ts";

import type { Database } from "../database.ts";
import { plainName } from "./distinct_names.ts";
import { assignRepositoryIds } from "./repository_ids.ts";

/** A repository as a scan needs it. Times are Unix milliseconds. */
export interface StoredRepository {
  id: RepositoryKey;
  commonDir: string;
  path: string;
  /** What its folder was to git when it was last looked at: a `FolderOutcome`'s kind. */
  state: string;
  roots: string[];
  /** What its refs were when its commits were last brought up to date; null where they never were. */
  fingerprint: string | null;
  lastOutcome: RepoOutcome | null;
  /** From when on its commits are stored; null for all of them, undefined where it was never scanned. */
  scannedSince: number | null | undefined;
  excluded: boolean;
}

interface Row {
  id: RepositoryKey;
  common_dir: string;
  path: string;
  state: string;
  roots: string;
  fingerprint: string | null;
  last_outcome: RepoOutcome | null;
  scanned_since: number | null;
  last_scanned_at: number | null;
  excluded: number;
}

/** What a scan found out about a repository itself. */
export interface ScannedFacts {
  objectFormat: string;
  roots: readonly string[];
  remotes: readonly string[];
  userEmail: string | null;
  /** Other addresses of the same person, by `.mailmap`. */
  ownAddresses: readonly string[];
  defaultBranch: string | null;
  /** The names of refs' objects, to tell the next scan what is known. */
  tips: readonly string[];
  fingerprint: string | null;
  since: number | null;
  at: number;
  outcome: RepoOutcome;
}

const COLUMNS =
  "id, common_dir, path, state, roots, fingerprint, last_outcome, scanned_since, last_scanned_at, excluded";

/** Every repository, by name and path. */
export function listStoredRepositories(db: Database): StoredRepository[] {
  return db.all<Row>(`SELECT ${COLUMNS} FROM repositories ORDER BY name, path`).map(read);
}

/**
 * Keeps that a repository exists, known by its common directory.
 *
 * @param identity.path Where it is; a better spelling than the one kept replaces it.
 * @returns Its number, the same as ever.
 */
export function saveIdentity(
  db: Database,
  { commonDir, path }: { commonDir: string; path: string },
): RepositoryKey {
  const kept = db.get<{ id: RepositoryKey; path: string; state: string }>(
    "SELECT id, path, state FROM repositories WHERE common_dir = ?",
    commonDir,
  );
  if (kept === undefined) {
    const key = db.run(
      "INSERT INTO repositories (common_dir, path, name, state) VALUES (?, ?, ?, 'repository')",
      commonDir,
      path,
      plainName(path),
    ).lastId as RepositoryKey;
    assignRepositoryIds(db);
    return key;
  }
  // Seen from a worktree of its own alone, a repository without a folder is known by its git directory.
  const better = path === commonDir ? kept.path : path;
  if (better !== kept.path || kept.state !== "repository") {
    db.run(
      "UPDATE repositories SET path = ?, name = ?, state = 'repository' WHERE id = ?",
      better,
      plainName(better),
      kept.id,
    );
  }
  return kept.id;
}

/** Keeps what a scan found out. The version of its facts rises where linking has something to do. */
export function saveScan(
  db: Database,
  id: RepositoryKey,
  { facts, commitsChanged }: { facts: ScannedFacts; commitsChanged: boolean },
): void {
  db.transaction(() => {
    const before = db.get<{ user_email: string | null; own_addresses: string }>(
      "SELECT user_email, own_addresses FROM repositories WHERE id = ?",
      id,
    );
    const ownAddresses = JSON.stringify(facts.ownAddresses);
    const changed = commitsChanged || before?.user_email !== facts.userEmail ||
      before.own_addresses !== ownAddresses;
    db.run(
      `UPDATE repositories SET state = 'repository', object_format = ?, roots = ?, remotes = ?, user_email = ?,
         own_addresses = ?, default_branch = ?, fingerprint = ?, scanned_since = ?, last_scanned_at = ?, last_outcome = ?,
         failure_code = NULL, failure_message = NULL, facts_version = facts_version + ?
       WHERE id = ?`,
      facts.objectFormat,
      JSON.stringify(facts.roots),
      JSON.stringify(facts.remotes),
      facts.userEmail,
      ownAddresses,
      facts.defaultBranch,
      facts.fingerprint,
      facts.since,
      facts.at,
      facts.outcome,
      changed ? 1 : 0,
      id,
    );
    db.run(
      `INSERT INTO repository_tips (repository_id, tips) VALUES (?, ?)
       ON CONFLICT (repository_id) DO UPDATE SET tips = excluded.tips`,
      id,
      facts.tips.join("\n"),
    );
    assignRepositoryIds(db);
  });
}

/** Keeps the fingerprint of a repository whose commits are the same while recorders wrote, so that it is linked anew. */
export function saveFingerprint(db: Database, id: RepositoryKey, fingerprint: string): void {
  db.run(
    "UPDATE repositories SET fingerprint = ?, facts_version = facts_version + 1 WHERE id = ?",
    fingerprint,
    id,
  );
}

/** Keeps that repositories were looked at and nothing had changed. */
export function saveUnchanged(db: Database, ids: readonly RepositoryKey[], at: number): void {
  db.run(
    `UPDATE repositories SET last_scanned_at = ?, last_outcome = iif(last_outcome = 'empty', 'empty', 'unchanged'),
       failure_code = NULL, failure_message = NULL
     WHERE id IN (SELECT value FROM json_each(?))`,
    at,
    JSON.stringify(ids),
  );
}

/**
 * Keeps why a repository could not be scanned. What was known of it stays.
 *
 * @param failure.state What its folder is to git now, where that is known.
 */
export function saveFailure(
  db: Database,
  id: RepositoryKey,
  failure: { code: string; message: string; state?: string; commitsChanged: boolean },
): void {
  db.run(
    `UPDATE repositories SET state = ?, last_outcome = 'failed', failure_code = ?, failure_message = ?,
       facts_version = facts_version + ? WHERE id = ?`,
    failure.state ?? "repository",
    failure.code,
    failure.message,
    failure.commitsChanged ? 1 : 0,
    id,
  );
}

/** What the refs of a repository named when its commits were last brought up to date. */
export function loadTips(db: Database, id: RepositoryKey): string[] {
  const tips = db.get<{ tips: string }>(
    "SELECT tips FROM repository_tips WHERE repository_id = ?",
    id,
  )?.tips;
  return tips === undefined || tips === "" ? [] : tips.split("\n");
}

/** Leaves a repository out of syncs, or takes it in again. Its commits and links stay. */
export function setExcluded(db: Database, id: RepositoryId, excluded: boolean): void {
  db.run("UPDATE repositories SET excluded = ? WHERE public_id = ?", excluded ? 1 : 0, id);
}

/**
 * Gives all that is known of a repository to another, which it was moved to, and forgets it. What only the old one had
 * stays as a commit that no ref holds, until the next scan finds it.
 */
export function mergeRepositories(
  db: Database,
  { from, into }: { from: RepositoryKey; into: RepositoryKey },
): void {
  db.transaction(() => {
    db.run("UPDATE repository_paths SET repository_id = ? WHERE repository_id = ?", into, from);
    db.run(
      "UPDATE OR IGNORE commits SET repository_id = ?, reachable = 0 WHERE repository_id = ?",
      into,
      from,
    );
    db.run("DELETE FROM repositories WHERE id = ?", from);
    assignRepositoryIds(db);
    db.run(
      "UPDATE repositories SET fingerprint = NULL, facts_version = facts_version + 1 WHERE id = ?",
      into,
    );
  });
}

function read(row: Row): StoredRepository {
  return {
    id: row.id,
    commonDir: row.common_dir,
    path: row.path,
    state: row.state,
    roots: JSON.parse(row.roots),
    fingerprint: row.fingerprint,
    lastOutcome: row.last_outcome,
    scannedSince: row.last_scanned_at === null ? undefined : row.scanned_since,
    excluded: row.excluded === 1,
  };
}

/** The common directories of the repositories that a scan reads, but for those it could not. */
export function listWatchable(db: Database): string[] {
  return db.all<{ common_dir: string }>(
    `SELECT common_dir FROM repositories WHERE excluded = 0 AND coalesce(last_outcome, '') <> 'failed'
     ORDER BY common_dir`,
  ).map(({ common_dir }) => common_dir);
}
