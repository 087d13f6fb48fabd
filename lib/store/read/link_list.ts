import type { RepositoryKey } from "../../domain/ids.ts";
import type { Tier } from "../../domain/links.ts";
import { type Database, PAGE_ROWS, type SqlValue } from "../database.ts";
import type { LinkRecord, Page } from "../shapes.ts";
import { cached } from "./cached.ts";
import { type KeyedRow, pageByKey, type PageOptions, whereClause } from "./page.ts";
import { SESSION_ID } from "./refs.ts";

/** Which links are wanted; conditions left out hold for all. */
export interface LinkFilter {
  repositoryKey?: RepositoryKey;
  tier?: Tier;
}

interface LinkRow extends Omit<LinkRecord, "evidence"> {
  evidence: string;
}

const COLUMNS = `${SESSION_ID} AS sessionId, s.agent, c.hash AS "commit", r.path AS repository,
    l.tier, l.confidence, l.evidence`;
// In this order, so that every link can be read in the order of its commit's time without sorting them all.
const TABLES = `commits c
  CROSS JOIN session_commits l ON l.commit_id = c.id
  JOIN sessions s ON s.id = l.session_id
  JOIN repositories r ON r.id = c.repository_id`;

/**
 * Every link one by one, whatever their number: the oldest commit first.
 */
export function* iterateLinks(db: Database, filter: LinkFilter = {}): Generator<LinkRecord> {
  const { where, values } = linkConditions(filter);
  interface Row extends LinkRow {
    author_at: number;
    commit_id: number;
    session_id: number;
  }
  const rows = db.rows<Row>((after) => {
    const conditions = ["c.best_tier IS NOT NULL", ...where];
    if (after !== null) conditions.push("(c.author_at, c.id, l.session_id) > (?, ?, ?)");
    return db.all<Row>(
      `SELECT ${COLUMNS}, c.author_at, c.id AS commit_id, l.session_id FROM ${TABLES}
      WHERE ${
        conditions.join(" AND ")
      } ORDER BY c.author_at, c.id, l.session_id LIMIT ${PAGE_ROWS}`,
      ...values,
      ...after === null ? [] : [after.author_at, after.commit_id, after.session_id],
    );
  });
  for (const row of rows) yield linkRecord(row);
}

/**
 * Reads one page of links, the newest first.
 *
 * @throws {CursorError} If the cursor is not one that this list has given.
 */
export function listLinks(
  db: Database,
  options: LinkFilter & PageOptions = {},
): Page<LinkRecord> {
  const { where, values } = linkConditions(options);
  const total = cached(
    db,
    JSON.stringify(["links", where, values]),
    () =>
      db.get<{ n: number }>(
        `SELECT count(*) AS n FROM session_commits l${
          options.repositoryKey === undefined ? "" : " JOIN commits c ON c.id = l.commit_id"
        }${whereClause(where)}`,
        ...values,
      )!.n,
  );
  const { rows, cursor } = pageByKey<LinkRow & KeyedRow>(db, {
    select: `SELECT ${COLUMNS} FROM ${TABLES.replace("CROSS ", "")}`,
    where,
    values,
    key: "l.commit_id",
    id: "l.session_id",
    sort: "links",
    order: "desc",
  }, options);
  return { items: rows.map(linkRecord), total, cursor };
}

function linkConditions(
  { repositoryKey, tier }: LinkFilter,
): { where: string[]; values: SqlValue[] } {
  const where: string[] = [];
  const values: SqlValue[] = [];
  if (repositoryKey !== undefined) {
    where.push("c.repository_id = ?");
    values.push(repositoryKey);
  }
  if (tier !== undefined) {
    where.push("l.tier = ?");
    values.push(tier);
  }
  return { where, values };
}

function linkRecord(row: LinkRow): LinkRecord {
  return {
    sessionId: row.sessionId,
    agent: row.agent,
    commit: row.commit,
    repository: row.repository,
    tier: row.tier,
    confidence: row.confidence,
    evidence: JSON.parse(row.evidence),
  };
}
