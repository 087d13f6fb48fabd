import type { AgentId, CommitHash, RepositoryKey } from "../../domain/ids.ts";
import type { Tier } from "../../domain/links.ts";
import type { Database, SqlValue } from "../database.ts";
import type { CommitSummary, Page, SessionOfCommit, SessionRef } from "../shapes.ts";
import { cached } from "./cached.ts";
import {
  iso,
  type KeyedRow,
  type Order,
  pageByKey,
  type PageOptions,
  whereClause,
} from "./page.ts";
import { REPOSITORY_COLUMNS, repositoryRef, type RepositoryRow, SESSION_ID } from "./refs.ts";
import { commitAuthorCondition, commitTextCondition, walkInOrder } from "./text_filter.ts";

/** How a commit came about: by a session (`tier1` and `tier2` say how that is known), by nobody known, by other people. */
export type CommitState = "linked" | "unlinked" | "tier1" | "tier2" | "elsewhere";

/** Every state, for those who parse one. */
export const COMMIT_STATES: readonly CommitState[] = [
  "linked",
  "unlinked",
  "tier1",
  "tier2",
  "elsewhere",
];

/** Which commits are wanted; conditions left out hold for all. */
export interface CommitFilter {
  state?: CommitState;
  repositoryKey?: RepositoryKey;
  /** Commits that are linked with a session of this agent. */
  agent?: AgentId;
  /** Words that all occur in the author's name and e-mail address, each as the start of one. */
  author?: string;
  /** Words that all occur in the subject, each as the start of one; or the start of a hash. */
  text?: string;
  /** Unix milliseconds of the author time, inclusive. */
  from?: number;
  /** Unix milliseconds of the author time, inclusive. */
  to?: number;
}

/** Which page of which commits, and in which order of author time. */
export interface CommitListOptions extends CommitFilter, PageOptions {
  /** @default {"desc"} */
  order?: Order;
}

/** The columns of {@linkcode CommitRow}, from `commits c` and `repositories r`. */
export const COMMIT_COLUMNS =
  `c.id, c.hash, c.repository_id AS repository_key, ${REPOSITORY_COLUMNS}, c.subject, ` +
  "c.author_name, c.author_email, c.author_at, c.committer_at, c.by_others, c.reachable, c.best_tier";

/** Where {@linkcode COMMIT_COLUMNS} come from. */
export const COMMIT_TABLES = "commits c JOIN repositories r ON r.id = c.repository_id";

/** A row of {@linkcode COMMIT_COLUMNS}. */
export interface CommitRow extends RepositoryRow {
  id: number;
  repository_key: RepositoryKey;
  hash: CommitHash;
  subject: string;
  author_name: string;
  author_email: string;
  author_at: number;
  committer_at: number;
  by_others: number;
  reachable: number;
  best_tier: Tier | null;
}

/** Which commits count as what: every commit that a ref holds is exactly one of linked, unlinked and elsewhere. */
const STATE_CONDITIONS: Record<CommitState, string> = {
  linked: "c.best_tier IS NOT NULL",
  unlinked: "c.best_tier IS NULL AND c.by_others = 0",
  tier1: "c.best_tier = 1",
  tier2: "c.best_tier = 2",
  elsewhere: "c.best_tier IS NULL AND c.by_others = 1",
};

const LINKED_WITH_AGENT =
  `EXISTS (SELECT 1 FROM session_commits l JOIN sessions s ON s.id = l.session_id
  WHERE l.commit_id = c.id AND s.agent = ?)`;

/** From how many commits on a page is found by walking them in their order. */
const MANY = 2_000;

/**
 * Reads one page of commits that a ref holds, by author time.
 *
 * @throws {CursorError} If the cursor is not one that this list has given.
 */
export function listCommits(db: Database, options: CommitListOptions = {}): Page<CommitSummary> {
  const { where, values } = commitConditions(options);
  const total = countCommits(db, options);
  const { rows, cursor } = pageByKey<CommitRow & KeyedRow>(db, {
    select: `SELECT ${COMMIT_COLUMNS} FROM ${COMMIT_TABLES}`,
    where: total > MANY ? where.map(walkInOrder) : where,
    values,
    key: "c.author_at",
    id: "c.id",
    sort: "commits",
    order: options.order ?? "desc",
  }, options);
  return { items: commitSummaries(db, rows), total, cursor };
}

/** Commits by how they came about. `linked` is `tier1` and `tier2`; `all` is `linked`, `unlinked` and `elsewhere`. */
export type CommitStateCounts = Record<CommitState | "all", number>;

/** Counts the commits that a filter gives. */
export function countCommits(db: Database, { state, ...filter }: CommitFilter = {}): number {
  return countCommitsByState(db, filter)[state ?? "all"];
}

/** Counts the commits that a filter gives in one pass, each by how it came about. */
export function countCommitsByState(
  db: Database,
  filter: Omit<CommitFilter, "state"> = {},
): CommitStateCounts {
  const { where, values } = commitConditions({ ...filter, state: undefined });
  const sql = `SELECT count(*) AS "all", count(*) FILTER (WHERE best_tier = 1) AS tier1,
    count(*) FILTER (WHERE best_tier = 2) AS tier2,
    count(*) FILTER (WHERE best_tier IS NULL AND by_others = 1) AS elsewhere
    FROM commits c${whereClause(where)}`;
  return cached(db, `${sql} ${JSON.stringify(values)}`, () => {
    const counts = db.get<Omit<CommitStateCounts, "linked" | "unlinked">>(sql, ...values)!;
    const linked = counts.tier1 + counts.tier2;
    return { ...counts, linked, unlinked: counts.all - linked - counts.elsewhere };
  });
}

/** Turns rows into what lists show, with the sessions of all of them read at once. */
export function commitSummaries(db: Database, rows: CommitRow[]): CommitSummary[] {
  const linked = rows.filter((row) => row.best_tier !== null).map((row) => row.id);
  const sessions = linksOfCommits(db, linked);
  return rows.map((row) => ({
    hash: row.hash,
    repository: repositoryRef(row),
    subject: row.subject,
    authorName: row.author_name,
    authorEmail: row.author_email,
    authoredAt: iso(row.author_at),
    committedAt: iso(row.committer_at),
    elsewhere: row.by_others === 1,
    reachable: row.reachable === 1,
    tier: row.best_tier,
    sessions: sessions.get(row.id) ?? [],
  }));
}

function commitConditions(filter: CommitFilter): { where: string[]; values: SqlValue[] } {
  const where: string[] = ["c.reachable = 1"];
  const values: SqlValue[] = [];
  const add = (condition: string, ...more: SqlValue[]) => {
    where.push(condition);
    values.push(...more);
  };
  if (filter.repositoryKey !== undefined) add("c.repository_id = ?", filter.repositoryKey);
  if (filter.state !== undefined) add(STATE_CONDITIONS[filter.state]);
  if (filter.agent !== undefined) add(LINKED_WITH_AGENT, filter.agent);
  if (filter.from !== undefined) add("c.author_at >= ?", filter.from);
  if (filter.to !== undefined) add("c.author_at <= ?", filter.to);
  const texts = [
    filter.text && commitTextCondition(filter.text),
    filter.author && commitAuthorCondition(filter.author),
  ];
  for (const text of texts) if (text) add(text.sql, ...text.values);
  return { where, values };
}

interface LinkRow extends SessionRef {
  commit_id: number;
  tier: Tier;
  confidence: number;
  share: number | null;
  evidence: string;
}

/** Reads the sessions of several commits at once, by the commits' row ids; the surest come first. */
function linksOfCommits(db: Database, ids: number[]): Map<number, SessionOfCommit[]> {
  const byCommit = new Map<number, SessionOfCommit[]>();
  if (ids.length === 0) return byCommit;
  const rows = db.all<LinkRow>(
    `SELECT l.commit_id, ${SESSION_ID} AS sessionId, coalesce(s.title, s.first_message) AS title,
      s.agent, l.tier, l.confidence, l.share, l.evidence
    FROM json_each(?) AS wanted
    JOIN session_commits l ON l.commit_id = wanted.value
    JOIN sessions s ON s.id = l.session_id
    ORDER BY l.confidence DESC, l.session_id`,
    JSON.stringify(ids),
  );
  for (const { commit_id, evidence, ...link } of rows) {
    const sessions = byCommit.get(commit_id) ?? [];
    sessions.push({ ...link, evidence: JSON.parse(evidence) });
    byCommit.set(commit_id, sessions);
  }
  return byCommit;
}

/** Reads several commits of a repository at once, by their full hashes; those that are not stored are left out. */
export function commitsOfHashes(
  db: Database,
  repositoryKey: RepositoryKey,
  hashes: readonly string[],
): Map<CommitHash, CommitSummary> {
  const rows = db.all<CommitRow>(
    `SELECT ${COMMIT_COLUMNS} FROM json_each(?) AS wanted
    CROSS JOIN ${COMMIT_TABLES} WHERE c.hash = wanted.value AND c.repository_id = ?`,
    JSON.stringify(hashes),
    repositoryKey,
  );
  return new Map(commitSummaries(db, rows).map((commit) => [commit.hash, commit]));
}
