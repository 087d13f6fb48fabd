import type { Database } from "../../lib/store/database.ts";

/** Every table but the runs and what is counted after them, each row without numbers that depend on the order of work. */
export type Dump = Record<string, string[]>;

/** What stands for a row where another one refers to it. */
const NAMES: Record<string, string> = {
  sources: "SELECT id, path AS name FROM sources",
  projects: "SELECT id, path AS name FROM projects",
  sessions: "SELECT id, session_id AS name FROM sessions",
  repositories: "SELECT id, common_dir AS name FROM repositories",
  commits:
    "SELECT c.id, r.common_dir || c.hash AS name FROM commits c JOIN repositories r ON r.id = c.repository_id",
  session_events: `SELECT e.id, s.session_id || '@' || e.at || e.kind || e.data AS name
    FROM session_events e JOIN sessions s ON s.id = e.session_id`,
};

/** Columns that hold a row's number without saying whose. */
const HIDDEN_REFERENCES: Record<string, string> = { "edited_files.event_id": "session_events" };

/** Columns that say when or how often something was done, not what came of it. */
const INCIDENTAL = new Set([
  "facts_version",
  "links_fingerprint",
  "last_scanned_at",
  "checked_at",
  "resolved",
  "location",
  "last_outcome",
]);

/**
 * Everything that a database holds, so that two of them can be compared: references by name, rows in order, times and
 * numbers of runs left out.
 */
export function canonicalDump(db: Database): Dump {
  const names = Object.fromEntries(
    Object.entries(NAMES).map(([table, sql]) => [
      table,
      new Map(db.all<{ id: number; name: string }>(sql).map(({ id, name }) => [id, name])),
    ]),
  );
  const tables = db.all<{ name: string }>(
    `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'
     AND name NOT IN ('sync_runs', 'search_marks') AND name NOT LIKE 'surviving_%' ORDER BY name`,
  );
  const dump: Dump = {};
  for (const { name: table } of tables) {
    const references = new Map(
      db.all<{ table: string; from: string }>(`PRAGMA foreign_key_list(${table})`)
        .map(({ table, from }) => [from, table]),
    );
    // What linking notes for itself is kept beside the user's settings.
    const own = table === "settings" ? " WHERE key NOT LIKE '%.%'" : "";
    dump[table] = db.all<Record<string, unknown>>(`SELECT * FROM ${table}${own}`).map((row) => {
      const shown = Object.entries(row).filter(([column]) =>
        !INCIDENTAL.has(column) && !(column === "id" && table !== "settings")
      ).map(([column, value]) => {
        const target = references.get(column) ?? HIDDEN_REFERENCES[`${table}.${column}`];
        if (column === "evidence" || column === "considered") {
          const name = (id: string) =>
            names.session_events.get(Number(id)) ?? "an event that is not there";
          return [
            column,
            String(value).replace(/"event":(\d+)/g, (_, id) => `"event":${name(id)}`),
          ];
        }
        if (target === undefined || value === null) return [column, plain(value)];
        return [column, names[target].get(value as number) ?? "a row that is not there"];
      });
      return JSON.stringify(Object.fromEntries(shown));
    }).sort();
  }
  for (const table of ["session_search", "commit_search", "prompt_search", "file_search"]) {
    dump[table] = words(db, table);
  }
  return dump;
}

/** What differs first between two dumps, or null. */
export function firstDifference(expected: Dump, actual: Dump): string | null {
  for (const table of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const [want, have] = [expected[table] ?? [], actual[table] ?? []];
    const missing = want.find((row) => !have.includes(row));
    const extra = have.find((row) => !want.includes(row));
    if (missing !== undefined || extra !== undefined || want.length !== have.length) {
      return `${table}: ${want.length} rows expected, ${have.length} there; missing: ${missing}; not expected: ${extra}`;
    }
  }
  return null;
}

/** How often each word stands in how many rows of a full-text index. */
function words(db: Database, table: string): string[] {
  db.exec(`CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', '${table}', 'row')`);
  try {
    return db.all<object>("SELECT term, doc, cnt FROM temp.words ORDER BY term")
      .map((row) => JSON.stringify(row));
  } finally {
    db.exec("DROP TABLE temp.words");
  }
}

function plain(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return value.length === 0 ? "" : `${value.length} bytes, ${hash(value)}`;
}

function hash(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 7);
}
