import type { WrittenFile } from "../../domain/links.ts";

import type { Database } from "../database.ts";

/** What came of the lines that a session, by the store's number, wrote in a file. */
export type WrittenFileRow = WrittenFile;

const COUNTS = ["firstAt", "lastAt", "written", "landed", "undone", "uncounted"] as const;

interface StoredRow extends WrittenFileRow {
  id: number;
}

/** How many rows are written in one transaction. */
const BATCH = 500;

/** Makes what is stored of the lines that sessions wrote in a repository what was found, touching only rows that differ. */
export function saveWrittenFiles(
  db: Database,
  repository: number,
  found: readonly WrittenFileRow[],
): void {
  const stored = new Map(
    db.all<StoredRow>(
      `SELECT id, session_id AS session, path, first_at AS firstAt, last_at AS lastAt, written, landed, undone,
         uncounted FROM written_files WHERE repository_id = ?`,
      repository,
    ).map((row) => [keyOf(row), row]),
  );
  const work: (() => void)[] = [];
  for (const row of found) {
    const before = stored.get(keyOf(row));
    stored.delete(keyOf(row));
    if (before === undefined) work.push(() => insert(db, repository, row));
    else if (COUNTS.some((name) => before[name] !== row[name])) {
      work.push(() => update(db, before.id, row));
    }
  }
  for (const { id } of stored.values()) {
    work.push(() => db.run("DELETE FROM written_files WHERE id = ?", id));
  }
  for (let i = 0; i < work.length; i += BATCH) {
    db.transaction(() => work.slice(i, i + BATCH).forEach((one) => one()));
  }
}

function keyOf({ session, path }: WrittenFileRow): string {
  return `${session} ${path}`;
}

function insert(db: Database, repository: number, row: WrittenFileRow): void {
  db.run(
    `INSERT INTO written_files (session_id, repository_id, path, first_at, last_at, written, landed, undone,
       uncounted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.session,
    repository,
    row.path,
    ...COUNTS.map((name) => row[name]),
  );
}

function update(db: Database, id: number, row: WrittenFileRow): void {
  db.run(
    `UPDATE written_files SET first_at = ?, last_at = ?, written = ?, landed = ?, undone = ?, uncounted = ?
     WHERE id = ?`,
    ...COUNTS.map((name) => row[name]),
    id,
  );
}
