import type { AgentId, RepositoryKey } from "../../domain/ids.ts";
import { type Bucket, bucketsOf, DAY_MS, type Granularity } from "../../time/days.ts";
import type { Database, SqlValue } from "../database.ts";
import type { AgentActivity, Dashboard, StoreStatus } from "../shapes.ts";
import { cached } from "./cached.ts";
import { countCommitsByBucket } from "./commit_counts.ts";
import { COMMIT_COLUMNS, COMMIT_TABLES, type CommitRow, commitSummaries } from "./commit_list.ts";
import { FILE_SUMS, landedCounts, type LandedSums } from "./landed_counts.ts";
import { iso } from "./page.ts";
import { busyRepositories } from "./repositories.ts";
import { countSurvivingLines } from "./surviving_counts.ts";

/** Counts what the store holds. SQLite counts a whole table page by page, which is why commits are counted by what is not. */
export function getStatus(db: Database): StoreStatus {
  return cached(db, "status", () =>
    db.get<StoreStatus>(
      `SELECT
        (SELECT count(*) FROM sessions) AS sessionsIndexed,
        (SELECT count(*) FROM projects) AS projectsFound,
        (SELECT count(*) FROM repositories) AS repositoriesFound,
        (SELECT count(*) FROM commits) - (SELECT count(*) FROM commits WHERE reachable = 0)
          AS commitsFound,
        (SELECT count(*) FROM session_commits) AS linksCreated`,
    )!);
}

/** What the overview is asked for. */
export interface DashboardOptions {
  /** Unix milliseconds: the overview starts with its day. @default 90 days before `to` */
  from?: number;
  /** Unix milliseconds: the overview ends with its day. */
  to: number;
  /** Only this repository, with the sessions that worked in it. */
  repositoryKey?: RepositoryKey;
  /** The time zone that days are cut in. @default {"UTC"} */
  timeZone?: string;
  /** The day that weeks begin with, 0 for Sunday. @default {1} */
  weekStart?: number;
}

const NEWEST_LINKS = 10;
/** How many models of an agent are named. */
const MOST_MODELS = 20;
const DEFAULT_DAYS = 90;
/** A chart of fewer days, where more were asked for, would be a few broad blocks. */
const LEAST_MS = 6 * DAY_MS;

/** Adds up what happened in a range, day by day (week by week or month by month where that is too much to show). */
export function getDashboard(db: Database, options: DashboardOptions): Dashboard {
  const { to, repositoryKey, timeZone = "UTC", weekStart } = options;
  const from = options.from ?? to - DEFAULT_DAYS * DAY_MS;
  const begun = extentOf(db, repositoryKey)?.from ?? null;
  const first = Math.max(from, begun === null ? to : Math.min(begun, to - LEAST_MS));
  const { granularity, buckets } = bucketsOf(first, to, { timeZone, weekStart });
  const key = ["dashboard", buckets.at(0)?.from, buckets.at(-1)?.to, repositoryKey, timeZone];
  return cached(
    db,
    JSON.stringify(key),
    () => computeDashboard(db, { granularity, buckets, repositoryKey, timeZone }),
  );
}

function computeDashboard(
  db: Database,
  { granularity, buckets, repositoryKey, timeZone }: {
    granularity: Granularity;
    buckets: Bucket[];
    repositoryKey?: RepositoryKey;
    timeZone: string;
  },
): Dashboard {
  const range: Range = {
    from: buckets.at(0)?.from ?? 0,
    to: buckets.at(-1)?.to ?? 0,
    repositoryKey,
  };
  const commits = countCommitsByBucket(db, { buckets, repositoryKey });
  const days = buckets.map(({ date, from, to }, place) => ({
    date,
    ...commits[place],
    ...activityWithin(db, { from, to, repositoryKey }),
  }));
  const sum = (of: (day: typeof days[number]) => number) =>
    days.reduce((total, day) => total + of(day), 0);
  const tier1 = sum((day) => day.tier1);
  const tier2 = sum((day) => day.tier2);
  const unlinked = sum((day) => day.unlinked);
  const elsewhere = sum((day) => day.elsewhere);
  const linked = tier1 + tier2;
  const sessions = sessionsWithin(db, range);
  return {
    from: buckets.length === 0 ? null : iso(range.from),
    to: buckets.length === 0 ? null : iso(range.to),
    timeZone,
    granularity,
    totals: {
      commits: linked + unlinked + elsewhere,
      linked,
      unlinked,
      unknown: sum((day) => day.unknown),
      elsewhere,
      tier1,
      tier2,
      sessions: sessions.all,
      activeMinutes: sum((day) => day.activeMinutes),
    },
    coverage: {
      commitsWithSession: linked,
      commitsWithoutSession: unlinked,
      sessionsWithCommits: sessions.withCommits,
      sessionsWithoutCommits: sessions.all - sessions.withCommits,
      ...landedWithin(db, range),
    },
    lines: countSurvivingLines(db, range),
    days: days.map(({ all: _, tier1, tier2, ...day }) => ({ ...day, linked: tier1 + tier2 })),
    newestLinks: newestLinks(db, range),
    agents: agentsWithin(db, range),
    repositories: busyRepositories(db, { buckets, repositoryKey }),
  };
}

/** A stretch of time, `to` exclusive, in one repository or all. */
interface Range {
  from: number;
  to: number;
  repositoryKey?: RepositoryKey;
}

/** A condition on the repository with its value, or nothing. */
function inRepository(condition: string, repositoryKey?: RepositoryKey): [string, SqlValue[]] {
  return repositoryKey === undefined ? ["", []] : [` AND ${condition}`, [repositoryKey]];
}

function worksIn(session: string): string {
  return "EXISTS (SELECT 1 FROM session_repositories sr " +
    `WHERE sr.session_id = ${session} AND sr.repository_id = ?)`;
}

function activityWithin(db: Database, { from, to, repositoryKey }: Range) {
  const [condition, values] = inRepository(worksIn("a.session_id"), repositoryKey);
  return db.get<{ activities: number; sessions: number; activeMinutes: number }>(
    `SELECT count(*) AS activities, count(DISTINCT a.session_id) AS sessions,
      coalesce(sum(a.ended_at - a.started_at), 0) / 60000 AS activeMinutes
    FROM activities a WHERE a.started_at >= ? AND a.started_at < ?${condition}`,
    from,
    to,
    ...values,
  )!;
}

function sessionsWithin(db: Database, { from, to, repositoryKey }: Range) {
  const [condition, values] = inRepository(worksIn("id"), repositoryKey);
  return db.get<{ all: number; withCommits: number }>(
    `SELECT count(*) AS "all", coalesce(sum(link_count > 0), 0) AS withCommits
    FROM sessions WHERE ended_at >= ? AND started_at < ?${condition}`,
    from,
    to,
    ...values,
  )!;
}

/** What the sessions of each agent did in a range, and how many of the lines that they wrote in its commits survive. */
function agentsWithin(db: Database, { from, to, repositoryKey }: Range): AgentActivity[] {
  const [inSessions, ofSessions] = inRepository(worksIn("s.id"), repositoryKey);
  const [inCommits, ofCommits] = inRepository("c.repository_id = ?", repositoryKey);
  const agents = new Map<AgentId, AgentActivity>();
  const of = (agent: AgentId) => {
    const known = agents.get(agent) ??
      { agent, sessions: 0, commits: 0, written: 0, standing: 0, models: [] };
    agents.set(agent, known);
    return known;
  };
  const sessions = db.all<Pick<AgentActivity, "agent" | "sessions">>(
    `SELECT s.agent, count(*) AS sessions FROM sessions s
    WHERE s.ended_at >= ? AND s.started_at < ?${inSessions} GROUP BY s.agent`,
    from,
    to,
    ...ofSessions,
  );
  for (const { agent, ...counts } of sessions) Object.assign(of(agent), counts);
  const models = db.all<{ agent: AgentId; model: string; sessions: number }>(
    `SELECT s.agent, m.value AS model, count(*) AS sessions FROM sessions s, json_each(s.models) m
    WHERE s.ended_at >= ? AND s.started_at < ?${inSessions}
    GROUP BY s.agent, m.value ORDER BY sessions DESC, model`,
    from,
    to,
    ...ofSessions,
  );
  for (const { agent, ...model } of models) {
    const known = of(agent).models;
    if (known.length < MOST_MODELS) known.push(model);
  }
  const commits = db.all<Pick<AgentActivity, "agent" | "commits">>(
    `SELECT s.agent, count(DISTINCT c.id) AS commits FROM commits c
    JOIN session_commits l ON l.commit_id = c.id JOIN sessions s ON s.id = l.session_id
    WHERE c.reachable = 1 AND c.author_at >= ? AND c.author_at < ?${inCommits} GROUP BY s.agent`,
    from,
    to,
    ...ofCommits,
  );
  for (const { agent, ...counts } of commits) Object.assign(of(agent), counts);
  const lines = db.all<Pick<AgentActivity, "agent" | "written" | "standing">>(
    `SELECT s.agent, sum(n.written) AS written, sum(n.surviving) AS standing FROM commits c
    JOIN surviving_lines n ON n.commit_id = c.id JOIN sessions s ON s.id = n.session_id
    WHERE c.author_at >= ? AND c.author_at < ?${inCommits} GROUP BY s.agent`,
    from,
    to,
    ...ofCommits,
  );
  for (const { agent, ...counts } of lines) Object.assign(of(agent), counts);
  return [...agents.values()].sort((a, b) =>
    b.sessions - a.sessions || b.commits - a.commits || (a.agent < b.agent ? -1 : 1)
  );
}

/** What came of the lines that the sessions of a range wrote, in one repository or all. */
function landedWithin(db: Database, { from, to, repositoryKey }: Range) {
  const row = db.get<LandedSums & { missing: number }>(
    repositoryKey === undefined
      ? `SELECT coalesce(sum(lines_written), 0) AS written, coalesce(sum(lines_landed), 0) AS landed,
          coalesce(sum(lines_undone), 0) AS undone,
          count(*) FILTER (WHERE lines_written > lines_landed + lines_undone) AS missing
        FROM sessions WHERE ended_at >= ?1 AND started_at < ?2`
      : `SELECT ${FILE_SUMS},
          count(DISTINCT w.session_id) FILTER (WHERE w.unlanded > 0) AS missing
        FROM written_files w JOIN sessions s ON s.id = w.session_id
        WHERE w.repository_id = ?3 AND s.ended_at >= ?1 AND s.started_at < ?2`,
    from,
    to,
    ...(repositoryKey === undefined ? [] : [repositoryKey]),
  )!;
  return { sessionsWithLinesNotLanded: row.missing, ...landedCounts(row) };
}

function newestLinks(db: Database, { from, to, repositoryKey }: Range) {
  const [condition, values] = inRepository("c.repository_id = ?", repositoryKey);
  const rows = db.all<CommitRow>(
    `SELECT ${COMMIT_COLUMNS} FROM ${COMMIT_TABLES}
    WHERE c.reachable = 1 AND c.best_tier IS NOT NULL AND c.author_at >= ? AND c.author_at < ?${condition}
    ORDER BY c.author_at DESC, c.id DESC LIMIT ${NEWEST_LINKS}`,
    from,
    to,
    ...values,
  );
  return commitSummaries(db, rows);
}

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
export function extentOf(db: Database, repositoryKey?: RepositoryKey): Extent | null {
  return cached(db, `extent ${repositoryKey}`, () => {
    const rows = repositoryKey === undefined ? ofAll(db) : ofOne(db, repositoryKey);
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

function ofOne(db: Database, id: RepositoryKey): Ends[] {
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
