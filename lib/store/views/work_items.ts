import type { Database } from "../database.ts";

/** One thing that a session did, short enough for a line. */
export interface WorkItem {
  kind: "edit" | "command" | "skill" | "commit" | "published" | "failure";
  /** ISO 8601 in UTC. */
  at: string;
  /** The file, the command's first line, the skill, or the commit's hash and subject. */
  text: string;
}

/** How many things are told of each prompt. */
export const MOST_ITEMS = 20;

const CHARACTERS = 240;

interface Row {
  at: number;
  kind: WorkItem["kind"];
  text: string | null;
}

/**
 * Reads what a session did in a stretch of time, in order, {@linkcode MOST_ITEMS} at most.
 *
 * @param from Unix milliseconds, inclusive.
 * @param to Unix milliseconds, exclusive.
 */
export function workItems(
  db: Database,
  sessionId: string,
  { from, to }: { from: number; to: number },
): WorkItem[] {
  const rows = db.all<Row>(
    `SELECT e.at, e.kind, CASE e.kind
        WHEN 'edit' THEN e.data ->> '$.path'
        WHEN 'command' THEN substr(e.data ->> '$.command', 1, ${CHARACTERS})
        WHEN 'skill' THEN e.data ->> '$.skill'
        WHEN 'commit' THEN e.data ->> '$.hash' || coalesce(' ' || (e.data ->> '$.subject'), '')
        WHEN 'published' THEN coalesce(e.data ->> '$.url', e.data ->> '$.branch')
      END AS text
    FROM sessions s JOIN session_events e ON e.session_id = s.id
    WHERE s.session_id = ? AND e.at >= ? AND e.at < ? AND e.kind <> 'prompt'
    ORDER BY e.at, e.id LIMIT ${MOST_ITEMS}`,
    sessionId,
    from,
    to,
  );
  return rows.map(({ at, kind, text }) => ({
    kind,
    at: new Date(at).toISOString(),
    text: (text ?? "").split("\n")[0].slice(0, CHARACTERS),
  }));
}
