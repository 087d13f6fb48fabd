import type { Database } from "../../lib/store/database.ts";
import { databasePath, openStore } from "../../lib/store/open.ts";
import { openDatabase } from "../../lib/store/database.ts";

/** What a user can see: sessions, links, settings and aliases, a line each. */
export type Shown = Set<string>;

/** What is to be seen in a data folder right now, as a reader sees it; nothing where there is no database yet. */
export function readShown(dataDir: string): Shown {
  const opened = openStore(dataDir, "read");
  if (opened.kind === "missing" || opened.kind === "olderSchema") return new Set();
  if (opened.kind !== "opened") throw new Error(opened.message);
  using db = opened.db;
  return shownIn(db);
}

/** Whether a database that its last writer was killed over is sound; throws what is wrong. */
export function checkSound(dataDir: string): void {
  try {
    Deno.statSync(databasePath(dataDir));
  } catch {
    return;
  }
  using db = openDatabase(databasePath(dataDir), "inspect");
  const damage = db.all<{ integrity_check: string }>("PRAGMA integrity_check");
  if (damage.length !== 1 || damage[0].integrity_check !== "ok") {
    throw new Error(`integrity_check: ${JSON.stringify(damage)}`);
  }
  const dangling = db.all("PRAGMA foreign_key_check");
  if (dangling.length > 0) throw new Error(`foreign_key_check: ${JSON.stringify(dangling[0])}`);
}

function shownIn(db: Database): Shown {
  const rows = db.all<{ line: string }>(
    `SELECT 'session ' || session_id AS line FROM sessions
     UNION ALL SELECT 'link ' || s.session_id || ' ' || c.hash
       FROM session_commits l JOIN sessions s ON s.id = l.session_id JOIN commits c ON c.id = l.commit_id
     UNION ALL SELECT 'setting ' || key || ' ' || value FROM settings WHERE key NOT LIKE '%.%'
     UNION ALL SELECT 'alias ' || old_path || ' ' || new_path FROM repository_aliases`,
  );
  return new Set(rows.map(({ line }) => line));
}
