import type { Landed } from "../../domain/links.ts";
import type { AgentId, RepositoryKey, SessionId } from "../../domain/ids.ts";
import { type Database, PAGE_ROWS, type SqlValue } from "../database.ts";
import type { EditSummary, LandedFileCounts, Page } from "../shapes.ts";
import { cached } from "./cached.ts";
import { landedCondition, landedCounts } from "./landed_counts.ts";
import { iso, type KeyedRow, pageByKey, type PageOptions, whereClause } from "./page.ts";
import {
  REPOSITORY_COLUMNS,
  repositoryRef,
  type RepositoryRow,
  SESSION_ID,
  sessionKey,
} from "./refs.ts";

/** Which files are wanted; conditions left out hold for all. */
export interface EditFilter {
  repositoryKey?: RepositoryKey;
  sessionId?: string;
  landed?: Landed;
  /** Unix milliseconds: files last edited at or after it. */
  from?: number;
  /** Unix milliseconds: files first edited at or before it. */
  to?: number;
}

interface EditRow extends RepositoryRow {
  session_id: SessionId;
  title: string | null;
  agent: AgentId;
  path: string;
  written: number;
  landed: number;
  undone: number;
  unlanded: number;
  uncounted: number;
  first_at: number;
  last_at: number;
}

const SELECT =
  `SELECT ${SESSION_ID} AS session_id, coalesce(s.title, s.first_message) AS title, s.agent, w.path,
    ${REPOSITORY_COLUMNS},
    w.written, w.landed, w.undone, w.unlanded, w.uncounted, w.first_at, w.last_at
  FROM written_files w JOIN sessions s ON s.id = w.session_id
  JOIN repositories r ON r.id = w.repository_id`;

/**
 * Reads one page of what sessions wrote, file by file, the last edit first.
 *
 * @throws {CursorError} If the cursor is not one that this list has given.
 */
export function listEdits(
  db: Database,
  options: EditFilter & PageOptions = {},
): Page<EditSummary> {
  const { where, values } = editConditions(db, options);
  const { rows, cursor } = pageByKey<EditRow & KeyedRow>(db, {
    select: SELECT,
    where,
    values,
    key: "w.last_at",
    id: "w.id",
    sort: "edits",
    order: "desc",
  }, options);
  return { items: rows.map(editSummary), total: countEdits(db, options), cursor };
}

/** Every such file one by one, whatever their number: the last edit first. */
export function* iterateEdits(db: Database, filter: EditFilter = {}): Generator<EditSummary> {
  const { where, values } = editConditions(db, filter);
  const select = SELECT.replace("SELECT ", "SELECT w.id, ");
  const rows = db.rows<EditRow & { id: number }>((after) =>
    db.all(
      `${select}${whereClause(after === null ? where : [...where, "(w.last_at, w.id) < (?, ?)"])}
      ORDER BY w.last_at DESC, w.id DESC LIMIT ${PAGE_ROWS}`,
      ...values,
      ...after === null ? [] : [after.last_at, after.id],
    )
  );
  for (const row of rows) yield editSummary(row);
}

/** Counts the files that a filter gives. */
function countEdits(db: Database, filter: EditFilter = {}): number {
  const { where, values } = editConditions(db, filter);
  const sql = `SELECT count(*) AS n FROM written_files w${whereClause(where)}`;
  return cached(
    db,
    `${sql} ${JSON.stringify(values)}`,
    () => db.get<{ n: number }>(sql, ...values)!.n,
  );
}

/** Counts files by how much of them landed, whatever `landed` the filter says. */
export function countEditsByLanded(
  db: Database,
  filter: EditFilter,
): LandedFileCounts {
  const count = (landed?: Landed) => countEdits(db, { ...filter, landed });
  return {
    every: count(),
    missing: count("missing"),
    none: count("none"),
    some: count("some"),
    all: count("all"),
  };
}

function editConditions(
  db: Database,
  { repositoryKey, sessionId, landed, from, to }: EditFilter,
): { where: string[]; values: SqlValue[] } {
  const where: string[] = [];
  const values: SqlValue[] = [];
  if (repositoryKey !== undefined) {
    where.push("w.repository_id = ?");
    values.push(repositoryKey);
  }
  if (sessionId !== undefined) {
    where.push("w.session_id = ?");
    values.push(sessionKey(db, sessionId) ?? -1);
  }
  if (from !== undefined) {
    where.push("w.last_at >= ?");
    values.push(from);
  }
  if (to !== undefined) {
    where.push("w.first_at <= ?");
    values.push(to);
  }
  if (landed !== undefined) {
    where.push(landedCondition(landed, { landed: "w.landed", unlanded: "w.unlanded" }));
  }
  return { where, values };
}

function editSummary(row: EditRow): EditSummary {
  return {
    session: { sessionId: row.session_id, title: row.title, agent: row.agent },
    repository: repositoryRef(row),
    path: row.path,
    ...landedCounts(row),
    linesUncounted: row.uncounted,
    firstEditAt: iso(row.first_at),
    lastEditAt: iso(row.last_at),
  };
}
