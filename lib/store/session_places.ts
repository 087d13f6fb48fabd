import { basename, normalPath, parentPath } from "../links/paths.ts";
import { type KnownPath, Places } from "../links/places.ts";
import { traceShell } from "../links/shell/git_calls.ts";
import type { Database } from "./database.ts";

/** The setting that holds what the last resolution of paths was made from. */
const PATHS_SEEN = "links.paths_seen";

/** What is known of folders on this machine: those that were looked up, and where the user says they are now. */
export function loadPlaces(db: Database): Places {
  return new Places(knownPaths(db), aliases(db));
}

/**
 * Keeps, for every session, which repositories it worked in: for those whose facts changed from their events, and for
 * all of them, from the folders kept, when folders have come to be known otherwise.
 */
export function refreshSessionPlaces(db: Database, places: Places): void {
  const changed = db.all<{ id: number; facts_version: number }>(
    `SELECT s.id, s.facts_version FROM sessions s LEFT JOIN session_places p ON p.session_id = s.id
     WHERE p.facts_version IS NOT s.facts_version ORDER BY s.id`,
  );
  for (const { id, facts_version } of changed) {
    const folders = foldersOf(db, id);
    db.transaction(() => {
      db.run(
        `INSERT INTO session_places (session_id, facts_version, folders) VALUES (?, ?, ?)
         ON CONFLICT (session_id) DO UPDATE SET facts_version = excluded.facts_version, folders = excluded.folders`,
        id,
        facts_version,
        JSON.stringify(folders),
      );
      keepRepositories(db, { session: id, folders, places });
    });
  }
  const seen = pathsFingerprint(db);
  const last = db.get<{ value: string }>("SELECT value FROM settings WHERE key = ?", PATHS_SEEN);
  if (last?.value === seen) return;
  const all = db.all<{ session_id: number; folders: string }>(
    "SELECT session_id, folders FROM session_places",
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
  { session, folders, places }: { session: number; folders: string[]; places: Places },
): void {
  const repositories = new Set<number>();
  for (const folder of folders) {
    const place = places.find(folder);
    if (place !== null) repositories.add(place.repository);
  }
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

function knownPaths(db: Database): KnownPath[] {
  const repositories = db.all<KnownPath>(
    "SELECT path, id AS repository, path AS root FROM repositories WHERE excluded = 0",
  );
  const looked = db.all<KnownPath>(
    `SELECT p.path, CASE WHEN r.excluded THEN NULL ELSE p.repository_id END AS repository, p.root
     FROM repository_paths p LEFT JOIN repositories r ON r.id = p.repository_id`,
  );
  return [...repositories, ...looked];
}

function aliases(db: Database): { oldPath: string; newPath: string }[] {
  return db.all("SELECT old_path AS oldPath, new_path AS newPath FROM repository_aliases");
}

function pathsFingerprint(db: Database): string {
  let hash = 0xcbf29ce4;
  let count = 0;
  const mix = (text: string) => {
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    }
    count++;
  };
  for (const { path, repository, root } of knownPaths(db)) mix(`${path}\0${repository}\0${root}\n`);
  for (const { oldPath, newPath } of aliases(db)) mix(`${oldPath}\0${newPath}\n`);
  return `${count}:${hash >>> 0}`;
}
