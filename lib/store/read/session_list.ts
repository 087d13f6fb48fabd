import type { Landed } from "../../domain/links.ts";
import type { AgentId, RepositoryKey, SessionId } from "../../domain/ids.ts";
import type { Database, SqlValue } from "../database.ts";
import type { Page, SessionSummary } from "../shapes.ts";
import { cached } from "./cached.ts";
import { landedCondition, landedCounts, type LandedSums } from "./landed_counts.ts";
import {
  iso,
  type KeyedRow,
  type Order,
  pageByKey,
  type PageOptions,
  whereClause,
} from "./page.ts";
import { projectRef, SESSION_ID } from "./refs.ts";
import { sessionTextCondition, walkInOrder } from "./text_filter.ts";

/** Which sessions are wanted; conditions left out hold for all. */
export interface SessionFilter {
  /** The number of a project. */
  projectKey?: number;
  /** Sessions that worked in this repository. */
  repositoryKey?: RepositoryKey;
  /** Words that all occur in the title and first message, each as the start of one; or the start of an id. */
  text?: string;
  agent?: AgentId;
  /** Whether the session has links. */
  hasCommits?: boolean;
  /** How much of what it wrote is in a commit. */
  landed?: Landed;
  /** Unix milliseconds: sessions that ended at or after it. */
  from?: number;
  /** Unix milliseconds: sessions that started at or before it. */
  to?: number;
}

/** What a list of sessions may be sorted by. */
export type SessionSort = "started" | "ended" | "commits" | "messages";

/** Every sort, for those who parse one. */
export const SESSION_SORTS: readonly SessionSort[] = ["started", "ended", "commits", "messages"];

/** Which page of which sessions, and in which order. */
export interface SessionListOptions extends SessionFilter, PageOptions {
  /** @default {"ended"} */
  sort?: SessionSort;
  /** @default {"desc"} */
  order?: Order;
}

/** The columns of {@linkcode SessionRow}, from `sessions s` and `projects p`. */
export const SESSION_COLUMNS =
  `${SESSION_ID} AS session_id, s.agent, s.title, s.first_message, s.project_id, p.name AS project_name, ` +
  "p.path AS project_path, s.branch, " +
  "s.models, s.started_at, s.ended_at, s.message_count, s.prompt_count, s.edit_count, s.link_count, " +
  "s.lines_written AS written, s.lines_landed AS landed, s.lines_undone AS undone";

/** Where {@linkcode SESSION_COLUMNS} come from. */
export const SESSION_TABLES = "sessions s LEFT JOIN projects p ON p.id = s.project_id";

/** A row of {@linkcode SESSION_COLUMNS}. */
export interface SessionRow extends LandedSums {
  session_id: SessionId;
  agent: AgentId;
  title: string | null;
  first_message: string | null;
  project_id: number | null;
  project_name: string | null;
  project_path: string | null;
  branch: string | null;
  models: string;
  started_at: number | null;
  ended_at: number | null;
  message_count: number;
  prompt_count: number;
  edit_count: number;
  link_count: number;
}

/** The row ids of the sessions that worked in a repository. */
const SESSIONS_OF_REPOSITORY =
  "SELECT session_id FROM session_repositories WHERE repository_id = ?";

const KEYS: Record<SessionSort, string> = {
  started: "s.started_at",
  ended: "s.ended_at",
  commits: "s.link_count",
  messages: "s.message_count",
};

/** From how many sessions on a page is found by walking them in their order. */
const MANY = 500;

/**
 * Reads one page of sessions; those without a dated message come last when sorted by time.
 *
 * @throws {CursorError} If the cursor is not one that this sort has given.
 */
export function listSessions(
  db: Database,
  options: SessionListOptions = {},
): Page<SessionSummary> {
  const { where, values } = sessionConditions(options);
  const total = countSessions(db, options);
  const sort = options.sort ?? "ended";
  const { rows, cursor } = pageByKey<SessionRow & KeyedRow>(db, {
    select: `SELECT ${SESSION_COLUMNS} FROM ${SESSION_TABLES}`,
    where: total > MANY ? where.map(walkInOrder) : where,
    values,
    key: KEYS[sort],
    id: "s.id",
    sort: `sessions.${sort}`,
    order: options.order ?? "desc",
    nullable: sort === "started" || sort === "ended",
  }, options);
  return { items: rows.map(sessionSummary), total, cursor };
}

/** Counts the sessions that a filter gives. */
export function countSessions(db: Database, filter: SessionFilter = {}): number {
  const { where, values } = sessionConditions(filter);
  const sql = `SELECT count(*) AS n FROM sessions s${whereClause(where)}`;
  return cached(
    db,
    `${sql} ${JSON.stringify(values)}`,
    () => db.get<{ n: number }>(sql, ...values)!.n,
  );
}

/** Turns a row into what lists show. */
export function sessionSummary(row: SessionRow): SessionSummary {
  return {
    sessionId: row.session_id,
    title: row.title,
    agent: row.agent,
    firstMessage: row.first_message,
    project: projectRef(row),
    branch: row.branch,
    models: JSON.parse(row.models),
    startedAt: iso(row.started_at),
    endedAt: iso(row.ended_at),
    messageCount: row.message_count,
    promptCount: row.prompt_count,
    editCount: row.edit_count,
    commitCount: row.link_count,
    ...landedCounts(row),
  };
}

function sessionConditions(filter: SessionFilter): { where: string[]; values: SqlValue[] } {
  const where: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, ...more: SqlValue[]) => {
    where.push(condition);
    values.push(...more);
  };
  if (filter.projectKey !== undefined) add("s.project_id = ?", filter.projectKey);
  if (filter.repositoryKey !== undefined) {
    add(`s.id IN (${SESSIONS_OF_REPOSITORY})`, filter.repositoryKey);
  }
  if (filter.agent !== undefined) add("s.agent = ?", filter.agent);
  if (filter.hasCommits !== undefined) add(`s.link_count ${filter.hasCommits ? ">" : "="} 0`);
  if (filter.landed !== undefined) {
    add(
      landedCondition(filter.landed, { landed: "s.lines_landed", unlanded: "s.lines_unlanded" }),
    );
  }
  if (filter.from !== undefined) add("s.ended_at >= ?", filter.from);
  if (filter.to !== undefined) add("s.started_at <= ?", filter.to);
  const text = filter.text && sessionTextCondition(filter.text);
  if (text) add(text.sql, ...text.values);
  return { where, values };
}
