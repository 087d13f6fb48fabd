import type { AgentId, CommitHash, RepositoryKey, SessionId } from "../../domain/ids.ts";
import type { Database } from "../database.ts";
import type { PromptRef, WrittenRange } from "../shapes.ts";
import { iso } from "./page.ts";
import { promptId, SESSION_ID } from "./refs.ts";

interface RangeRow {
  hash: CommitHash;
  path: string;
  first_line: number;
  last_line: number;
  session_id: SessionId;
  title: string | null;
  agent: AgentId;
  prompt_id: number | null;
}

const MOST_CHARACTERS = 2_000;

/**
 * Tells which lines of commits sessions wrote, and what they had been asked: what a blame needs, which names several
 * commits and for each line its number in the commit's version.
 *
 * @param hashes Full hashes.
 * @param options.path Only this file, as the commit has it.
 * @returns The ranges of each commit that has any, by path and line.
 */
export function writtenLines(
  db: Database,
  repositoryKey: RepositoryKey,
  { hashes, path }: { hashes: readonly string[]; path?: string },
): Map<CommitHash, WrittenRange[]> {
  const ofPath = path === undefined ? "" : " AND l.path = ?";
  const rows = db.all<RangeRow>(
    `SELECT c.hash, l.path, l.first_line, l.last_line, ${SESSION_ID} AS session_id,
      coalesce(s.title, s.first_message) AS title, s.agent, (
        SELECT p.id FROM session_events p
        WHERE p.session_id = e.session_id AND p.kind = 'prompt' AND (p.at, p.id) < (e.at, e.id)
          AND p.data ->> '$.subagent' IS NULL
        ORDER BY p.at DESC, p.id DESC LIMIT 1
      ) AS prompt_id
    FROM json_each(?) AS wanted
    CROSS JOIN commits c ON c.hash = wanted.value AND c.repository_id = ?
    JOIN line_ranges l ON l.commit_id = c.id${ofPath}
    JOIN sessions s ON s.id = l.session_id
    LEFT JOIN session_events e ON e.id = l.event_id
    ORDER BY l.path, l.first_line`,
    JSON.stringify(hashes),
    repositoryKey,
    ...(path === undefined ? [] : [path]),
  );
  const prompts = promptsById(db, rows.flatMap((row) => row.prompt_id ?? []));
  const byCommit = new Map<CommitHash, WrittenRange[]>();
  for (const row of rows) {
    const ranges = byCommit.get(row.hash) ?? [];
    ranges.push({
      path: row.path,
      firstLine: row.first_line,
      lastLine: row.last_line,
      session: { sessionId: row.session_id, title: row.title, agent: row.agent },
      prompt: row.prompt_id === null ? null : prompts.get(row.prompt_id) ?? null,
    });
    byCommit.set(row.hash, ranges);
  }
  return byCommit;
}

function promptsById(db: Database, ids: number[]): Map<number, PromptRef> {
  const rows = db.all<{ key: number; message: number; at: number; text: string | null }>(
    `SELECT e.id AS key, e.message, e.at, substr(e.data ->> '$.text', 1, ${MOST_CHARACTERS}) AS text
    FROM json_each(?) AS wanted JOIN session_events e ON e.id = wanted.value`,
    JSON.stringify([...new Set(ids)]),
  );
  return new Map(
    rows.map(({ key, message, at, text }) => [
      key,
      { id: promptId({ message, at }), at: iso(at), text: text ?? "" },
    ]),
  );
}
