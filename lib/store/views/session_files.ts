import type { Database } from "../database.ts";
import { type FilePlace, placeOf } from "./repository_places.ts";

/** A file that a session edited. */
export interface SessionFile {
  /** As the transcript spells it. */
  path: string;
  edits: number;
  /** Edits of which at least one line is in a linked commit. */
  landed: number;
  /** The first edit, Unix milliseconds. */
  firstAt: number;
  lastAt: number;
  /** Where it is in a repository; null where none is known that holds it. */
  place: FilePlace | null;
}

/** How many files of a session are read. */
export const MOST_FILES = 200;

/** The files that a session edited, the most edited first. Edits copied from another session don't count. */
export function filesOfSession(
  db: Database,
  sessionId: string,
): { files: SessionFile[]; total: number } {
  const rows = db.all<Omit<SessionFile, "place"> & { total: number }>(
    `SELECT e.data ->> '$.path' AS path, count(*) AS edits,
      sum(e.id IN (
        SELECT l.event_id FROM sessions ls JOIN line_ranges l ON l.session_id = ls.id
        WHERE ls.session_id = ?1 AND l.event_id IS NOT NULL
      )) AS landed,
      min(e.at) AS firstAt, max(e.at) AS lastAt, count(*) OVER () AS total
    FROM sessions s JOIN session_events e ON e.session_id = s.id
    WHERE s.session_id = ?1 AND e.kind = 'edit' AND e.owned = 1
    GROUP BY path HAVING path IS NOT NULL ORDER BY edits DESC, path LIMIT ${MOST_FILES}`,
    sessionId,
  );
  return {
    total: rows[0]?.total ?? 0,
    files: rows.map(({ total: _, ...file }) => ({ ...file, place: placeOf(db, file.path) })),
  };
}
