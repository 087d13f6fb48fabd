import type { ResumeState } from "../../sessions/claude_code/collector.ts";
import type { TranscriptCursor } from "../../sessions/claude_code/transcript.ts";
import type { SkipReason } from "../../sessions/claude_code/facts.ts";
import type { Database } from "../database.ts";

/** How many lines were skipped, by reason. */
export type SkippedLines = Partial<Record<SkipReason, number>>;

/** A transcript file that is known, gone or not. */
export interface StoredFile {
  id: number;
  path: string;
  cursor: TranscriptCursor;
  failure: string | null;
  goneAt: number | null;
}

/** What is kept of a file beside its cursor. */
export interface FileRecord {
  path: string;
  cursor: TranscriptCursor;
  resumeState: ResumeState;
  lines: number;
  skipped: SkippedLines;
}

interface FileRow {
  id: number;
  path: string;
  inode: number;
  size: number;
  mtime_ms: number;
  offset: number;
  tail_hash: number;
  parser_version: number;
  failure: string | null;
  gone_at: number | null;
}

/** Every known file, by path. */
export function listTranscriptFiles(db: Database): StoredFile[] {
  return db.all<FileRow>(
    `SELECT id, path, inode, size, mtime_ms, offset, tail_hash, parser_version, failure, gone_at
     FROM transcript_files ORDER BY path`,
  ).map((row) => ({
    id: row.id,
    path: row.path,
    cursor: {
      inode: row.inode,
      size: row.size,
      mtimeMs: row.mtime_ms,
      offset: row.offset,
      tailHash: row.tail_hash,
      parserVersion: row.parser_version,
    },
    failure: row.failure,
    goneAt: row.gone_at,
  }));
}

/** What the last reading of a file left to the next. */
export function loadResumeState(db: Database, file: number): ResumeState {
  const row = db.get<{ resumeState: string }>(
    "SELECT carry FROM transcript_files WHERE id = ?",
    file,
  );
  return { pending: [], parts: [], summaries: [], ...JSON.parse(row?.resumeState ?? "{}") };
}

/**
 * Keeps a file's cursor and counts.
 *
 * @param options.mode `appended` adds to the counts that stand, `anew` sets them.
 * @returns The file's number.
 */
export function saveTranscriptFile(
  db: Database,
  file: FileRecord,
  options: { mode: "anew" | "appended" },
): number {
  const { path, cursor, resumeState } = file;
  const before = options.mode === "appended" ? countsOf(db, path) : { lines: 0, skipped: {} };
  const skipped: SkippedLines = { ...before.skipped };
  for (const [reason, count] of Object.entries(file.skipped) as [SkipReason, number][]) {
    skipped[reason] = (skipped[reason] ?? 0) + count;
  }
  db.run(
    `INSERT INTO transcript_files
       (path, inode, size, mtime_ms, offset, tail_hash, parser_version, resumeState, lines, skipped)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (path) DO UPDATE SET
       inode = excluded.inode, size = excluded.size, mtime_ms = excluded.mtime_ms, offset = excluded.offset,
       tail_hash = excluded.tail_hash, parser_version = excluded.parser_version, resumeState = excluded.resumeState,
       lines = excluded.lines, skipped = excluded.skipped, failure = NULL, gone_at = NULL`,
    path,
    cursor.inode,
    cursor.size,
    cursor.mtimeMs,
    cursor.offset,
    cursor.tailHash,
    cursor.parserVersion,
    JSON.stringify(resumeState),
    before.lines + file.lines,
    JSON.stringify(skipped),
  );
  return db.get<{ id: number }>("SELECT id FROM transcript_files WHERE path = ?", path)!.id;
}

/** Keeps why a file could not be read; what was read of it before stays. */
export function saveFailure(
  db: Database,
  file: { path: string; failure: string },
): void {
  db.run(
    `INSERT INTO transcript_files (path, inode, size, mtime_ms, offset, tail_hash, parser_version, failure)
     VALUES (?, 0, 0, 0, 0, 0, 0, ?)
     ON CONFLICT (path) DO UPDATE SET failure = excluded.failure`,
    file.path,
    file.failure,
  );
}

/** Marks files as gone since `goneAt`, or as there again with null. */
export function markFiles(
  db: Database,
  files: readonly number[],
  goneAt: number | null,
): void {
  for (const id of files) {
    db.run("UPDATE transcript_files SET gone_at = ? WHERE id = ?", goneAt, id);
  }
}

/**
 * Makes a place for what a file held before it was replaced.
 *
 * @returns The number of the file that is gone.
 */
export function keepReplaced(
  db: Database,
  file: { id: number; path: string },
  goneAt: number,
): number {
  const path = `${file.path}#${file.id}`;
  db.run(
    `INSERT INTO transcript_files (path, inode, size, mtime_ms, offset, tail_hash, parser_version, gone_at)
     VALUES (?, 0, 0, 0, 0, 0, 0, ?) ON CONFLICT (path) DO UPDATE SET gone_at = excluded.gone_at`,
    path,
    goneAt,
  );
  return db.get<{ id: number }>("SELECT id FROM transcript_files WHERE path = ?", path)!.id;
}

/** Makes a file known under another path. */
export function moveTranscriptFile(db: Database, file: number, path: string): void {
  db.run("UPDATE transcript_files SET path = ?, gone_at = NULL WHERE id = ?", path, file);
}

/** Lines that were skipped in all files, by reason. */
export function countSkippedLines(db: Database): SkippedLines {
  const rows = db.all<{ reason: SkipReason; total: number }>(
    `SELECT s.key AS reason, sum(s.value) AS total
     FROM transcript_files f, json_each(f.skipped) s WHERE f.skipped <> '{}' GROUP BY s.key`,
  );
  return Object.fromEntries(rows.map(({ reason, total }) => [reason, total]));
}

function countsOf(db: Database, path: string): { lines: number; skipped: SkippedLines } {
  const row = db.get<{ lines: number; skipped: string }>(
    "SELECT lines, skipped FROM transcript_files WHERE path = ?",
    path,
  );
  return { lines: row?.lines ?? 0, skipped: JSON.parse(row?.skipped ?? "{}") };
}
