import { schema } from "./schema.ts";

/** A connection that writes. */
interface Connection {
  all<Row>(sql: string, ...values: string[]): Row[];
  exec(sql: string): void;
}

/** How a column of today's schema is made of a row of 0.1.0's; a column without an entry keeps its name and value. */
type Columns = Readonly<Record<string, string>>;

const EVENT_DATA = `CASE kind
  WHEN 'commit' THEN json_set(json_remove(data, '$.toolUse', '$.agent'), '$.call', data ->> '$.toolUse',
    '$.subagent', data ->> '$.agent',
    '$.source', iif(data ->> '$.source' = 'gitOperation', 'structured', data ->> '$.source'))
  WHEN 'failure' THEN json_object('call', data ->> '$.toolUse', 'subagent', data ->> '$.agent',
    'reason', iif(data ->> '$.rejected', 'denied', 'failed'), 'exitCode', NULL)
  WHEN 'edit' THEN json_object('call', data ->> '$.toolUse', 'subagent', data ->> '$.agent',
    'by', iif(data ->> '$.tool' = 'Shell', 'command', 'tool'), 'path', data ->> '$.path',
    'movedFrom', NULL, 'partial', json('false'))
  ELSE json_set(json_remove(data, '$.toolUse', '$.agent'), '$.call', data ->> '$.toolUse',
    '$.subagent', data ->> '$.agent')
END`;

const PART_FACTS =
  `json_set(json_remove(facts, '$.aiTitle', '$.bridgeId'), '$.generatedTitle', facts ->> '$.aiTitle',
  '$.externalIds', iif(facts ->> '$.bridgeId' IS NULL, json_array(), json_array(facts ->> '$.bridgeId')),
  '$.bornAt', NULL, '$.worktrees', json_array())`;

/** The tables that are kept, by their name in 0.1.0, in an order in which every row finds what it refers to. */
const KEPT: readonly { from: string; to?: string; columns?: Columns }[] = [
  {
    from: "transcript_files",
    to: "sources",
    // The reader's version makes each of them be read again.
    columns: {
      agent: "'claude-code'",
      key: "path",
      stamp: "''",
      identity: "NULL",
      bytes: "size",
      modified_at: "mtime_ms",
      checkpoint: "NULL",
      reader_version: "0",
      records: "lines",
    },
  },
  { from: "projects" },
  {
    from: "sessions",
    columns: {
      agent: "'claude-code'",
      external_ids: "iif(bridge_id IS NULL, json_array(), json_array(bridge_id))",
      worktrees: "'[]'",
      stale: "1 - settled",
      // Counted by the triggers of the rows that follow.
      link_count: "0",
      lines_written: "0",
      lines_landed: "0",
      lines_undone: "0",
    },
  },
  { from: "session_parts", columns: { source_id: "file_id", facts: PART_FACTS } },
  { from: "message_blocks", columns: { source_id: "file_id" } },
  { from: "session_events", columns: { source_id: "file_id", data: EVENT_DATA } },
  { from: "activities" },
  { from: "repositories", columns: { own_addresses: "'[]'", public_id: "NULL", slug: "NULL" } },
  { from: "repository_tips" },
  { from: "repository_paths" },
  { from: "repository_aliases" },
  { from: "commits", columns: { by_others: "elsewhere" } },
  { from: "session_commits" },
  { from: "line_ranges" },
  { from: "link_considerations" },
  { from: "session_places", to: "session_folders", columns: { location: "placed" } },
  { from: "session_repositories" },
  { from: "commit_copies" },
  { from: "written_files", columns: { undone: "superseded" } },
  { from: "sync_runs" },
  { from: "settings" },
];

/** Tables that are filled again by the next run. */
const DERIVED = [
  "commit_changes",
  "doubtful_commits",
  "standing_groups",
  "standing_files",
  "standing_lines",
  "standing_counts",
  "session_search",
  "commit_search",
  "prompt_search",
  "file_search",
  "edited_files",
  "search_marks",
];

/**
 * Leads a database of version 0.1.0 to today's schema: every session, alias and setting stays, and every source that is
 * still there is read again by the next run. Foreign keys are to be off, and a transaction open.
 */
export function upgradeFrom010(db: Connection): void {
  const named = (type: string) =>
    db.all<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
      type,
    ).map(({ name }) => name);
  for (const trigger of named("trigger")) db.exec(`DROP TRIGGER ${trigger}`);
  for (const index of named("index")) db.exec(`DROP INDEX ${index}`);
  for (const table of DERIVED) db.exec(`DROP TABLE ${table}`);
  for (const { from } of KEPT) db.exec(`ALTER TABLE ${from} RENAME TO old_${from}`);
  db.exec(schema);
  for (const { from, to = from, columns = {} } of KEPT) {
    const names = db.all<{ name: string; hidden: number }>(`PRAGMA table_xinfo(${to})`)
      .filter(({ hidden }) => hidden === 0).map(({ name }) => name);
    const values = names.map((name) => columns[name] ?? name);
    db.exec(
      `INSERT INTO ${to} (${names.join(", ")}) SELECT ${values.join(", ")} FROM old_${from}`,
    );
  }
  for (const { from } of KEPT.toReversed()) db.exec(`DROP TABLE old_${from}`);
}
