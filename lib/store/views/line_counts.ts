import type { RepositoryId, SessionId } from "../../ids.ts";
import type { Database, SqlValue } from "../database.ts";
import { IS_UNCOUNTED } from "../standing_lines.ts";

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
}

/** Which lines to count: those of commits by author time, Unix milliseconds, `to` exclusive; all without it. */
export interface LineFilter {
  repositoryId?: RepositoryId;
  sessionId?: SessionId;
  from?: number;
  to?: number;
}

/** Adds up what was counted after the last syncs. */
export function countStandingLines(
  db: Database,
  { repositoryId, sessionId, from, to }: LineFilter = {},
): LineCounts {
  const conditions: [string, SqlValue | undefined][] = [
    ["c.repository_id = ?", repositoryId],
    ["n.session_id = (SELECT id FROM sessions WHERE session_id = ?)", sessionId],
    ["c.author_at >= ?", from],
    ["c.author_at < ?", to],
  ];
  const used = conditions.filter(([, value]) => value !== undefined);
  const where = used.map(([condition]) => ` AND ${condition}`).join("");
  const sums = db.get<{ written: number; standing: number }>(
    `SELECT coalesce(sum(n.written), 0) AS written, coalesce(sum(n.standing), 0) AS standing
    FROM standing_lines n JOIN commits c ON c.id = n.commit_id WHERE true${where}`,
    ...used.map(([, value]) => value!),
  )!;
  return { ...sums, ...statesOf(db, { repositoryId, sessionId }) };
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
    FROM repositories r LEFT JOIN standing_counts n ON n.repository_id = r.id
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
