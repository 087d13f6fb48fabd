import type { AgentId } from "../../domain/ids.ts";
import type { Database } from "../database.ts";

/** Why records of a source were not used, with how many: `SkipCounts` of readers. */
export type Skipped = Readonly<Record<string, number | undefined>>;

/** A source as it was when it was last read. */
export interface StoredSource {
  id: number;
  agent: string;
  key: string;
  path: string;
  stamp: string;
  identity: string | null;
  /** Unix milliseconds. */
  modifiedAt: number;
  readerVersion: number;
  failure: string | null;
  goneAt: number | null;
}

/** A source that was read, with what is kept for the next time. */
export interface SourceRecord {
  agent: string;
  key: string;
  path: string;
  stamp: string;
  identity: string | null;
  bytes: number;
  modifiedAt: number;
  readerVersion: number;
  /** JSON of the reader's own. */
  checkpoint: unknown;
  records: number;
  skipped: Skipped;
}

const COLUMNS =
  `id, agent, key, path, stamp, identity, modified_at AS modifiedAt, reader_version AS readerVersion,
  failure, gone_at AS goneAt`;

/** Every source of an agent that is known, gone or not, by key. */
export function listSources(db: Database, agent: string): StoredSource[] {
  return db.all(`SELECT ${COLUMNS} FROM sources WHERE agent = ? ORDER BY key`, agent);
}

/** The checkpoint that the last reading of a source left, or null. */
export function loadCheckpoint(db: Database, source: number): unknown {
  const row = db.get<{ checkpoint: string | null }>(
    "SELECT checkpoint FROM sources WHERE id = ?",
    source,
  );
  return row === undefined || row.checkpoint === null ? null : JSON.parse(row.checkpoint);
}

/**
 * Keeps how far a source was read.
 *
 * @param options.mode `append` adds to the counts that stand, `replace` sets them.
 * @returns The source's number.
 */
export function saveSource(
  db: Database,
  source: SourceRecord,
  { mode }: { mode: "append" | "replace" },
): number {
  const known = db.get<{ id: number; records: number; skipped: string }>(
    "SELECT id, records, skipped FROM sources WHERE agent = ? AND key = ?",
    source.agent,
    source.key,
  );
  const before = mode === "append" && known !== undefined
    ? { records: known.records, skipped: JSON.parse(known.skipped) as Skipped }
    : { records: 0, skipped: {} };
  const skipped: Record<string, number | undefined> = { ...before.skipped };
  for (const [reason, count = 0] of Object.entries(source.skipped)) {
    skipped[reason] = (skipped[reason] ?? 0) + count;
  }
  const values = [
    source.path,
    source.stamp,
    source.identity,
    source.bytes,
    source.modifiedAt,
    source.readerVersion,
    JSON.stringify(source.checkpoint),
    before.records + source.records,
    JSON.stringify(skipped),
  ];
  if (known === undefined) {
    return db.run(
      `INSERT INTO sources
         (path, stamp, identity, bytes, modified_at, reader_version, checkpoint, records, skipped, agent, key)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...values,
      source.agent,
      source.key,
    ).lastId;
  }
  db.run(
    `UPDATE sources SET path = ?, stamp = ?, identity = ?, bytes = ?, modified_at = ?, reader_version = ?, checkpoint = ?,
       records = ?, skipped = ?, failure = NULL, gone_at = NULL WHERE id = ?`,
    ...values,
    known.id,
  );
  return known.id;
}

/** Keeps why a source could not be read; what was read of it before stays. */
export function saveSourceFailure(
  db: Database,
  source: { agent: string; key: string; path: string; failure: string },
): void {
  db.run(
    `INSERT INTO sources (agent, key, path, stamp, reader_version, failure) VALUES (?, ?, ?, '', 0, ?)
     ON CONFLICT (agent, key) DO UPDATE SET failure = excluded.failure`,
    source.agent,
    source.key,
    source.path,
    source.failure,
  );
}

/** Marks sources as gone since `goneAt`, or as there again with null. */
export function markSources(db: Database, sources: readonly number[], goneAt: number | null): void {
  for (const id of sources) db.run("UPDATE sources SET gone_at = ? WHERE id = ?", goneAt, id);
}

/**
 * Makes a row for what a source held before it was replaced.
 *
 * @returns The number of the source that is gone.
 */
export function keepReplaced(
  db: Database,
  source: Pick<StoredSource, "id" | "agent" | "key" | "path">,
  goneAt: number,
): number {
  const key = `${source.key}#${source.id}`;
  const known = db.get<{ id: number }>(
    "SELECT id FROM sources WHERE agent = ? AND key = ?",
    source.agent,
    key,
  );
  if (known !== undefined) {
    markSources(db, [known.id], goneAt);
    return known.id;
  }
  return db.run(
    "INSERT INTO sources (agent, key, path, stamp, reader_version, gone_at) VALUES (?, ?, ?, '', 0, ?)",
    source.agent,
    key,
    source.path,
    goneAt,
  ).lastId;
}

/** Makes a source known by another key and path. */
export function moveSource(
  db: Database,
  source: number,
  { key, path }: { key: string; path: string },
): void {
  db.run("UPDATE sources SET key = ?, path = ?, gone_at = NULL WHERE id = ?", key, path, source);
}

/** Records that were skipped in all sources, by reason. */
export function countSkipped(db: Database): Record<string, number> {
  const rows = db.all<{ reason: string; total: number }>(
    `SELECT s.key AS reason, sum(s.value) AS total
     FROM sources f, json_each(f.skipped) s WHERE f.skipped <> '{}' GROUP BY s.key`,
  );
  return Object.fromEntries(rows.map(({ reason, total }) => [reason, total]));
}

/** What is stored of an agent: its sessions, its sources that are there, and what kept some from being read. */
export interface AgentSources {
  agent: AgentId;
  sessions: number;
  sources: number;
  /** When one of them was written last, Unix milliseconds; null without any. */
  writtenAt: number | null;
  /** How many of them could not be read. */
  failed: number;
  /** What went wrong with one of those. */
  failure: string | null;
}

/** Counts what is stored of each agent, those left out of which there is nothing. */
export function countSources(db: Database): AgentSources[] {
  return db.all<AgentSources>(
    `SELECT agent, (SELECT count(*) FROM sessions s WHERE s.agent = f.agent) AS sessions,
      count(*) FILTER (WHERE gone_at IS NULL) AS sources,
      max(modified_at) FILTER (WHERE gone_at IS NULL) AS writtenAt,
      count(failure) FILTER (WHERE gone_at IS NULL) AS failed,
      max(failure) FILTER (WHERE gone_at IS NULL) AS failure
    FROM sources f GROUP BY agent`,
  );
}
