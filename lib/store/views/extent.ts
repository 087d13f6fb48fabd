import type { RepositoryId } from "../../domain/ids.ts";
import type { Database } from "../database.ts";
import { cached } from "./cached.ts";

/** From when to when something happened, Unix milliseconds. */
export interface Extent {
  from: number;
  to: number;
}

/**
 * From the first thing that the overview could show to the last, in one repository or all: commits that a ref holds,
 * and sessions.
 *
 * @returns Null where there is nothing.
 */
export function extentOf(db: Database, repositoryId?: RepositoryId): Extent | null {
  return cached(db, `extent ${repositoryId}`, () => {
    const rows = repositoryId === undefined ? ofAll(db) : ofOne(db, repositoryId);
    const times = rows.flatMap(({ first, last }) =>
      first === null || last === null ? [] : [first, last]
    );
    return times.length === 0 ? null : { from: Math.min(...times), to: Math.max(...times) };
  });
}

interface Ends {
  first: number | null;
  last: number | null;
}

function ofAll(db: Database): Ends[] {
  const commit = (order: string) =>
    `(SELECT author_at FROM commits WHERE reachable = 1 ORDER BY author_at ${order} LIMIT 1)`;
  return db.all<Ends>(
    `SELECT ${commit("ASC")} AS first, ${commit("DESC")} AS last
    UNION ALL SELECT (SELECT min(started_at) FROM sessions), (SELECT max(ended_at) FROM sessions)`,
  );
}

function ofOne(db: Database, id: RepositoryId): Ends[] {
  const commit = (order: string) =>
    `(SELECT author_at FROM commits WHERE repository_id = ?1 AND reachable = 1
      ORDER BY author_at ${order} LIMIT 1)`;
  return db.all<Ends>(
    `SELECT ${commit("ASC")} AS first, ${commit("DESC")} AS last
    UNION ALL SELECT min(s.started_at), max(s.ended_at)
      FROM session_repositories sr JOIN sessions s ON s.id = sr.session_id WHERE sr.repository_id = ?1`,
    id,
  );
}
