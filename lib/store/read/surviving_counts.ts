import type { Skipped } from "../../domain/blame.ts";

import type { RepositoryId, SessionId } from "../../domain/ids.ts";
import type { Database } from "../database.ts";
import { IS_UNCOUNTED } from "../write/surviving_lines.ts";
import { countedOnce } from "./cached.ts";

/** The furthest time that there is, in milliseconds. */
const MOST_MS = 8.64e15;

/** How many lines sessions wrote, and how many of them are still there. */
export interface LineCounts {
  /** Lines of commits that sessions' edits wrote, in the history of the versions checked out. */
  written: number;
  /** Those of them that the files of these versions still have. */
  standing: number;
  /** Repositories whose refs or links changed since their lines were counted, or that were never counted. */
  uncounted: number;
  /** Why lines could not be counted, one sentence for each repository where they could not. */
  failures: string[];
  /**
   * How many files' lines count as written and not as standing, since it is not known whose they are: larger than 4 MB, with
   * a name that git cannot be asked for, or with a history that git did not walk within 20 seconds.
   */
  skippedFiles: Record<Skipped, number>;
}

/** Which lines to count: a session's, or those of commits by author time, Unix milliseconds, `to` exclusive; all without it. */
export interface LineFilter {
  repositoryId?: RepositoryId;
  sessionId?: SessionId;
  from?: number;
  to?: number;
}

/** Sums of lines. */
type Lines = Pick<LineCounts, "written" | "standing">;

const SUMS = "coalesce(sum(n.written), 0) AS written, coalesce(sum(n.surviving), 0) AS standing";

/** Adds up what was counted after the last syncs. */
export function countSurvivingLines(db: Database, filter: LineFilter = {}): LineCounts {
  const lines = filter.sessionId === undefined
    ? linesOfRepositories(db, filter)
    : linesOfSession(db, filter.sessionId);
  return { ...lines, ...statesOf(db, filter), skippedFiles: skippedFiles(db, filter) };
}

function linesOfSession(db: Database, sessionId: SessionId): Lines {
  return db.get<Lines>(
    `SELECT ${SUMS} FROM surviving_lines n
    WHERE n.session_id = (SELECT id FROM sessions WHERE session_id = ?)`,
    sessionId,
  )!;
}

/** A repository whose lines were counted, and the state that they were counted from. */
interface CountedFrom {
  id: RepositoryId;
  version: string;
}

/** Adds up repository by repository, each only once its lines were counted anew. */
function linesOfRepositories(
  db: Database,
  { repositoryId, from = -MOST_MS, to = MOST_MS }: LineFilter,
): Lines {
  const select = "SELECT repository_id AS id, counted_from AS version FROM surviving_counts";
  const counted = repositoryId === undefined
    ? db.all<CountedFrom>(select)
    : db.all<CountedFrom>(`${select} WHERE repository_id = ?`, repositoryId);
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
  { repositoryId, sessionId }: LineFilter,
): Pick<LineCounts, "uncounted" | "failures"> {
  const [condition, value] = repositoryId !== undefined
    ? ["r.id = ?", repositoryId]
    : sessionId !== undefined
    ? [
      `r.id IN (SELECT repository_id FROM session_repositories
        WHERE session_id = (SELECT id FROM sessions WHERE session_id = ?))`,
      sessionId,
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
  { repositoryId, sessionId }: LineFilter,
): Record<Skipped, number> {
  const [condition, value] = repositoryId !== undefined
    ? ["f.repository_id = ?", repositoryId]
    : sessionId !== undefined
    ? [
      `EXISTS (SELECT 1 FROM line_ranges l JOIN commits c ON c.id = l.commit_id
        WHERE l.session_id = (SELECT id FROM sessions WHERE session_id = ?)
          AND l.path = f.path AND c.repository_id = f.repository_id)`,
      sessionId,
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
