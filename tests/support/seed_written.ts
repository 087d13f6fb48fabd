import type { Database } from "../../lib/store/database.ts";

/** Adds what came of the lines of one file, in turns: nothing landed, some, all that was not taken back. */
export function seedWritten(
  db: Database,
  { session, repository, path, at }: {
    session: number;
    repository: number;
    path: string;
    /** When it was edited last, Unix milliseconds. */
    at: number;
  },
): void {
  const landed = [0, 5, 10][session % 3];
  db.run(
    `INSERT INTO written_files (session_id, repository_id, path, first_at, last_at, written, landed, undone,
       uncounted) VALUES (?, ?, ?, ?, ?, 12, ?, 2, 4)`,
    session,
    repository,
    path,
    at - 60_000,
    at,
    landed,
  );
}
