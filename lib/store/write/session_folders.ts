import { traceShell } from "../../shell/trace.ts";
import { FNV_START, hashText } from "../../text/fnv.ts";
import { type KnownPath, PathIndex } from "../../text/path_index.ts";
import { basename, normalPath, parentPath } from "../../text/paths.ts";
import type { Database } from "../database.ts";
import { placeFolders } from "./placed_folders.ts";
import { listAliases } from "./repository_aliases.ts";

/** The setting that holds what the last resolution of paths was made from. */
const PATHS_SEEN = "links.paths_seen";

/** What is known of folders on this machine: those that were looked up, and where the user says they are now. */
export function loadPlaces(db: Database): PathIndex {
  refreshSessionFolders(db);
  const aliases = listAliases(db);
  if (placeFolders(db, new PathIndex(foundPaths(db), aliases))) {
    db.run("DELETE FROM settings WHERE key = ?", PATHS_SEEN);
  }
  return new PathIndex(knownPaths(db), aliases);
}

/**
 * Keeps the folders of sessions whose facts changed.
 *
 * @param limit How many sessions to deal with at most. @default {Infinity}
 * @returns How many were dealt with; fewer than `limit` once all are up to date.
 */
export function refreshSessionFolders(db: Database, limit = Infinity): number {
  const changed = db.all<{ id: number; facts_version: number }>(
    `SELECT s.id, s.facts_version FROM sessions s LEFT JOIN session_folders p ON p.session_id = s.id
     WHERE p.facts_version IS NOT s.facts_version ORDER BY s.id LIMIT ?`,
    limit === Infinity ? -1 : limit,
  );
  db.transaction(() => {
    for (const { id, facts_version } of changed) {
      db.run(
        `INSERT INTO session_folders (session_id, facts_version, folders) VALUES (?, ?, ?)
         ON CONFLICT (session_id) DO UPDATE SET facts_version = excluded.facts_version, folders = excluded.folders,
           resolved = 0`,
        id,
        facts_version,
        JSON.stringify(foldersOf(db, id)),
      );
    }
  });
  return changed.length;
}

/** The folders of sessions not resolved yet that were never looked up in git, without repeats. */
export function listUnknownFolders(db: Database): string[] {
  return db.all<{ folder: string }>(
    `SELECT DISTINCT f.value AS folder FROM session_folders p, json_each(p.folders) f
     WHERE p.resolved = 0 AND NOT EXISTS (SELECT 1 FROM repository_paths r WHERE r.path = f.value)`,
  ).map(({ folder }) => folder);
}

/**
 * Keeps, for every session, which repositories it worked in: for those whose folders changed, and for all of them when
 * folders have come to be known otherwise.
 */
export function refreshSessionPlaces(db: Database, places: PathIndex): void {
  refreshSessionFolders(db);
  const changed = db.all<{ session_id: number; folders: string }>(
    "SELECT session_id, folders FROM session_folders WHERE resolved = 0",
  );
  for (const { session_id, folders } of changed) {
    db.transaction(() => {
      keepRepositories(db, { session: session_id, folders: JSON.parse(folders), places });
      db.run("UPDATE session_folders SET resolved = 1 WHERE session_id = ?", session_id);
    });
  }
  const seen = pathsFingerprint(db);
  const last = db.get<{ value: string }>("SELECT value FROM settings WHERE key = ?", PATHS_SEEN);
  if (last?.value === seen) return;
  const all = db.all<{ session_id: number; folders: string }>(
    "SELECT session_id, folders FROM session_folders",
  );
  db.transaction(() => {
    for (const { session_id, folders } of all) {
      keepRepositories(db, { session: session_id, folders: JSON.parse(folders), places });
    }
    db.run(
      "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      PATHS_SEEN,
      seen,
    );
  });
}

function keepRepositories(
  db: Database,
  { session, folders, places }: { session: number; folders: string[]; places: PathIndex },
): void {
  const repositories = new Set<number>();
  let location = FNV_START;
  for (const folder of folders) {
    const place = places.find(folder);
    if (place === null) continue;
    repositories.add(place.repository);
    location = hashText(`${folder}\0${place.repository}\0${place.path}\n`, location);
  }
  db.run(
    "UPDATE session_folders SET location = ?1 WHERE session_id = ?2 AND location <> ?1",
    location,
    session,
  );
  const kept = db.all<{ repository_id: number }>(
    "SELECT repository_id FROM session_repositories WHERE session_id = ?",
    session,
  );
  for (const { repository_id } of kept) {
    if (repositories.delete(repository_id)) continue;
    db.run(
      "DELETE FROM session_repositories WHERE session_id = ? AND repository_id = ?",
      session,
      repository_id,
    );
  }
  for (const repository of repositories) {
    db.run(
      "INSERT INTO session_repositories (session_id, repository_id) VALUES (?, ?)",
      session,
      repository,
    );
  }
}

/** Every folder that a session's events stood in, changed to, or edited a file of. */
function foldersOf(db: Database, session: number): string[] {
  const folders = new Set<string>();
  const rows = db.all<{ kind: string; cwd: string | null; data: string }>(
    `SELECT kind, cwd, CASE WHEN kind IN ('edit', 'command') THEN data ELSE '' END AS data
     FROM session_events WHERE session_id = ? AND owned = 1`,
    session,
  );
  for (const { kind, cwd, data } of rows) {
    if (cwd !== null) folders.add(normalPath(cwd));
    if (kind === "edit") {
      const { path } = JSON.parse(data) as { path: string };
      if (basename(path) !== path) folders.add(parentPath(normalPath(path)));
    } else if (kind === "command") {
      const { command } = JSON.parse(data) as { command: string };
      for (const folder of traceShell(command, cwd).folders) folders.add(folder);
    }
  }
  const cwds = db.get<{ cwds: string }>("SELECT cwds FROM sessions WHERE id = ?", session)?.cwds;
  for (const cwd of cwdList(cwds)) folders.add(normalPath(cwd));
  return [...folders].sort();
}

/** The folders of `sessions.cwds`, a JSON list or an object with a count for each. */
function cwdList(json: string | undefined): string[] {
  const value: unknown = JSON.parse(json ?? "[]");
  if (Array.isArray(value)) return value.filter((cwd) => typeof cwd === "string");
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

/** What is known of folders: what git says of them, and of those that lead nowhere what sessions left. */
function knownPaths(db: Database): KnownPath[] {
  const placed = db.all<KnownPath>(
    "SELECT path, repository_id AS repository, path AS root FROM placed_folders ORDER BY path",
  );
  const found = foundPaths(db);
  if (placed.length === 0) return found;
  const isPlaced = (path: string) =>
    placed.some((folder) => path === folder.path || path.startsWith(`${folder.path}/`));
  return [
    ...found.filter(({ path, repository }) => repository !== null || !isPlaced(path)),
    ...placed,
  ];
}

function foundPaths(db: Database): KnownPath[] {
  const repositories = db.all<KnownPath>(
    "SELECT path, id AS repository, path AS root FROM repositories WHERE excluded = 0",
  );
  const looked = db.all<Omit<KnownPath, "gone"> & { gone: number }>(
    `SELECT p.path, CASE WHEN r.excluded THEN NULL ELSE p.repository_id END AS repository, ${SPELLED_ROOT} AS root,
       p.outcome = 'gone' AS gone
     FROM repository_paths p LEFT JOIN repositories r ON r.id = p.repository_id`,
  );
  return [...repositories, ...looked.map((path) => ({ ...path, gone: path.gone === 1 }))];
}

/** The worktree's folder as the session's path spells it, which may lead through links; else its canonical spelling. */
const SPELLED_ROOT = `CASE WHEN p.root IS NULL THEN NULL WHEN p.inside = '' THEN p.path
  WHEN substr(p.path, -length(p.inside) - 1) = '/' || p.inside
  THEN substr(p.path, 1, length(p.path) - length(p.inside) - 1) ELSE p.root END`;

function pathsFingerprint(db: Database): string {
  let hash = FNV_START;
  let count = 0;
  const mix = (text: string) => {
    hash = hashText(text, hash);
    count++;
  };
  for (const { path, repository, root, gone } of knownPaths(db)) {
    mix(`${path}\0${repository}\0${root}\0${gone === true}\n`);
  }
  for (const { oldPath, newPath } of listAliases(db)) mix(`${oldPath}\0${newPath}\n`);
  return `${count}:${hash}`;
}
