import { traceShell } from "../../shell/trace.ts";
import { joinPath, normalPath } from "../../text/paths.ts";
import type { PathIndex } from "../../text/path_index.ts";
import type { Database } from "../database.ts";

/** The setting that holds what folders were last placed from. */
const SEEN = "links.placed_from";
/** Abbreviated hashes shorter than this are no proof. */
const SHORTEST_HASH = 7;

interface Printed {
  session: number;
  cwd: string;
  hash: string;
  subject: string | null;
  at: number;
}

/**
 * Places folders that lead to no repository, because they were removed or belong to another machine, by what sessions
 * left: the folder that a worktree was made from, and the commits that were printed there. A commit counts if exactly
 * one history that is known has it: by its full hash, or by an abbreviated one with its subject or author time.
 *
 * @param paths What is known of folders by themselves.
 * @returns Whether any folder is placed otherwise than before.
 */
export function placeFolders(db: Database, paths: PathIndex): boolean {
  const seen = db.get<{ seen: string }>(
    `SELECT (SELECT coalesce(sum(facts_version), 0) FROM repositories) || ' ' ||
       (SELECT coalesce(sum(facts_version), 0) FROM sessions) || ' ' ||
       (SELECT count(*) FROM repository_paths WHERE repository_id IS NULL) AS seen`,
  )!.seen;
  const last = db.get<{ value: string }>("SELECT value FROM settings WHERE key = ?", SEEN);
  if (last?.value === seen) return false;
  const placed = new Map<string, number>();
  for (const { path, from } of worktrees(db)) {
    const folder = normalPath(path);
    const repository = paths.find(folder) === null ? paths.find(normalPath(from)) : null;
    if (repository !== null) placed.set(folder, repository.repository);
  }
  const started = new Map<number, string[]>();
  for (const printed of printedCommits(db)) {
    const cwd = normalPath(printed.cwd);
    if (paths.find(cwd) !== null || isBelow(cwd, placed)) continue;
    const repository = repositoryOf(db, printed);
    if (repository !== null) placed.set(rootOf(db, started, printed.session, cwd), repository);
  }
  let changed = false;
  db.transaction(() => {
    const before = new Map(
      db.all<{ path: string; repository: number }>(
        "SELECT path, repository_id AS repository FROM placed_folders",
      ).map(({ path, repository }) => [path, repository]),
    );
    for (const [path, repository] of placed) {
      if (before.get(path) !== repository) {
        db.run(
          `INSERT INTO placed_folders (path, repository_id) VALUES (?, ?)
           ON CONFLICT (path) DO UPDATE SET repository_id = excluded.repository_id`,
          path,
          repository,
        );
        changed = true;
      }
      before.delete(path);
    }
    for (const path of before.keys()) {
      db.run("DELETE FROM placed_folders WHERE path = ?", path);
      changed = true;
    }
    db.run(
      "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      SEEN,
      seen,
    );
  });
  return changed;
}

/** The worktrees that sessions were in, or made with `git worktree add`, with the folders they were made from. */
function worktrees(db: Database): { path: string; from: string }[] {
  const told = db.all<{ worktrees: string }>(
    "SELECT worktrees FROM sessions WHERE worktrees <> '[]' ORDER BY id",
  ).flatMap(({ worktrees }) => JSON.parse(worktrees) as { path: string; from: string }[]);
  const made = db.all<{ command: string; cwd: string }>(
    `SELECT data ->> '$.command' AS command, cwd FROM session_events
     WHERE kind = 'command' AND instr(data, 'worktree add') > 0 AND owned = 1 AND cwd IS NOT NULL ORDER BY at, id`,
  ).flatMap(({ command, cwd }) => addedWorktrees(command, cwd));
  return [...told, ...made];
}

/** Options of `git worktree add` that take a value in the next word. */
const VALUED = new Set(["-b", "-B", "--reason"]);

function addedWorktrees(command: string, cwd: string): { path: string; from: string }[] {
  return traceShell(command, cwd).git.flatMap(({ verb, args, folder }) => {
    if (verb !== "worktree" || args[0] !== "add" || folder === null) return [];
    const words = args.slice(1);
    const at = words.findIndex((word, i) => !word.startsWith("-") && !VALUED.has(words[i - 1]));
    const path = at === -1 ? null : joinPath(folder, words[at]);
    return path === null ? [] : [{ path, from: folder }];
  });
}

/** Commits that sessions printed in folders that lead to no repository, in the order of time. */
function printedCommits(db: Database): Printed[] {
  return db.all<Printed>(
    `SELECT e.session_id AS session, e.cwd, e.data ->> '$.hash' AS hash, e.data ->> '$.subject' AS subject, e.at
     FROM session_events e
     WHERE e.kind = 'commit' AND e.owned = 1 AND e.cwd IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM repository_paths p WHERE p.path = e.cwd AND p.repository_id IS NOT NULL)
     ORDER BY e.at, e.id`,
  ).filter(({ hash }) => hash.length >= SHORTEST_HASH && /^[0-9a-f]+$/.test(hash));
}

/** The one history that has a printed commit, as its first repository by path; null if there is none, or another too. */
function repositoryOf(db: Database, { hash, subject, at }: Printed): number | null {
  const full = hash.length >= 40;
  const found = db.all<{ repository: number; roots: string }>(
    `SELECT r.id AS repository, r.roots FROM repositories r JOIN commits c ON c.repository_id = r.id
     WHERE r.excluded = 0 AND c.hash >= ?1 AND c.hash < ?1 || 'g'
       AND (?2 OR c.subject = ?3 OR abs(c.author_at - ?4) < 120000)
     ORDER BY r.path, r.id`,
    hash,
    full ? 1 : 0,
    subject,
    at,
  );
  const histories = new Set(found.map(({ roots }) => roots));
  return histories.size === 1 ? found[0].repository : null;
}

/** The topmost folder of a session above the one that it stood in: where it was started, most often the worktree's. */
function rootOf(
  db: Database,
  known: Map<number, string[]>,
  session: number,
  cwd: string,
): string {
  let folders = known.get(session);
  if (folders === undefined) {
    const row = db.get<{ folders: string }>(
      "SELECT folders FROM session_folders WHERE session_id = ?",
      session,
    );
    const cwds = db.get<{ cwds: string }>("SELECT cwds FROM sessions WHERE id = ?", session);
    const stood = new Set((JSON.parse(cwds?.cwds ?? "[]") as string[]).map(normalPath));
    folders = (JSON.parse(row?.folders ?? "[]") as string[]).filter((folder) => stood.has(folder));
    known.set(session, folders);
  }
  return folders.filter((folder) => cwd === folder || cwd.startsWith(`${folder}/`))
    .reduce((top, folder) => folder.length < top.length ? folder : top, cwd);
}

function isBelow(path: string, placed: ReadonlyMap<string, number>): boolean {
  for (const folder of placed.keys()) {
    if (path === folder || path.startsWith(`${folder}/`)) return true;
  }
  return false;
}
