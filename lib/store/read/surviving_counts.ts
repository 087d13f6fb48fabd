import type { Skipped } from "../../domain/blame.ts";

import type { RepositoryKey } from "../../domain/ids.ts";
import type { Database } from "../database.ts";
import type { LineCounts } from "../shapes.ts";
import { IS_UNCOUNTED } from "../write/surviving_lines.ts";
import { countedOnce } from "./cached.ts";

/** The furthest time that there is, in milliseconds. */
const MOST_MS = 8.64e15;

/** Which lines to count: a session's, or those of commits by author time, Unix milliseconds, `to` exclusive; all without it. */
export interface LineFilter {
  repositoryKey?: RepositoryKey;
  /** The number of a session. */
  session?: number;
  from?: number;
  to?: number;
}

/** Sums of lines. */
type Lines = Pick<LineCounts, "written" | "standing">;

const SUMS = "coalesce(sum(n.written), 0) AS written, coalesce(sum(n.surviving), 0) AS standing";

/** Adds up what was counted after the last syncs. */
export function countSurvivingLines(db: Database, filter: LineFilter = {}): LineCounts {
  const lines = filter.session === undefined
    ? linesOfRepositories(db, filter)
    : linesOfSession(db, filter.session);
  return { ...lines, ...statesOf(db, filter), skippedFiles: skippedFiles(db, filter) };
}

function linesOfSession(db: Database, session: number): Lines {
  return db.get<Lines>(
    `SELECT ${SUMS} FROM surviving_lines n
    WHERE n.session_id = ?`,
    session,
  )!;
}

/** A repository whose lines were counted, and the state that they were counted from. */
interface CountedFrom {
  id: RepositoryKey;
  version: string;
}

/** Adds up repository by repository, each only once its lines were counted anew. */
function linesOfRepositories(
  db: Database,
  { repositoryKey, from = -MOST_MS, to = MOST_MS }: LineFilter,
): Lines {
  const select =
    "SELECT repository_id AS id, counted_from || iif(failure IS NULL, '', ' failed') AS version FROM surviving_counts";
  const counted = repositoryKey === undefined
    ? db.all<CountedFrom>(select)
    : db.all<CountedFrom>(`${select} WHERE repository_id = ?`, repositoryKey);
  const sums: Lines = { written: 0, standing: 0 };
  for (const { id, version } of counted) {
    const key = ["lines", id, from, to].join(" ");
    const { written, standing } = countedOnce(db, { key, version }, () =>
      db.get<Lines>(
        `SELECT ${SUMS} FROM commits c CROSS JOIN surviving_lines n ON n.commit_id = c.id
        WHERE c.repository_id = ? AND c.author_at >= ? AND c.author_at < ?`,
        id,
        from,
        to,
      )!);
    sums.written += written;
    sums.standing += standing;
  }
  return sums;
}

function statesOf(
  db: Database,
  { repositoryKey, session }: LineFilter,
): Pick<LineCounts, "uncounted" | "failures"> {
  const [condition, value] = repositoryKey !== undefined
    ? ["r.id = ?", repositoryKey]
    : session !== undefined
    ? [
      `r.id IN (SELECT repository_id FROM session_repositories
        WHERE session_id = ?)`,
      session,
    ]
    : ["?", 1];
  const rows = db.all<{ uncounted: number; failure: string | null }>(
    `SELECT ${IS_UNCOUNTED} AS uncounted, n.failure
    FROM repositories r LEFT JOIN surviving_counts n ON n.repository_id = r.id
    WHERE ${condition} ORDER BY r.name, r.path`,
    value,
  );
  return {
    uncounted: rows.filter(({ uncounted }) => uncounted === 1).length,
    failures: rows.flatMap(({ uncounted, failure }) =>
      uncounted === 1 || failure === null ? [] : [failure]
    ),
  };
}

/** Of a session, only files in which it wrote lines are counted. */
function skippedFiles(
  db: Database,
  { repositoryKey, session }: LineFilter,
): Record<Skipped, number> {
  const [condition, value] = repositoryKey !== undefined
    ? ["f.repository_id = ?", repositoryKey]
    : session !== undefined
    ? [
      `EXISTS (SELECT 1 FROM line_ranges l JOIN commits c ON c.id = l.commit_id
        WHERE l.session_id = ?
          AND l.path = f.path AND c.repository_id = f.repository_id)`,
      session,
    ]
    : ["?", 1];
  const rows = db.all<{ skipped: Skipped; files: number }>(
    `SELECT f.skipped, count(*) AS files FROM surviving_files f
    WHERE f.skipped IS NOT NULL AND ${condition} GROUP BY 1`,
    value,
  );
  const counts = Object.fromEntries(rows.map(({ skipped, files }) => [skipped, files]));
  return { large: 0, name: 0, slow: 0, ...counts };
}
