import type { RepositoryId } from "../../ids.ts";
import type { Database, SqlValue } from "../database.ts";
import { cached } from "./cached.ts";
import {
  COMMIT_COLUMNS,
  COMMIT_TABLES,
  type CommitRow,
  commitSummaries,
  type CommitSummary,
} from "./commit_list.ts";
import { bucketsOf, type Granularity, granularityOf } from "./days.ts";
import { iso } from "./page.ts";
import { PROJECTS_OF_REPOSITORY } from "./session_list.ts";

/** What the store holds, as `GET /api/status` tells it. Times are ISO 8601 in UTC. */
export interface StoreStatus {
  sessionsIndexed: number;
  /** Folders that sessions were started in. */
  projectsFound: number;
  repositoriesFound: number;
  /** Commits that a branch or tag holds. */
  commitsFound: number;
  /** Links stored. */
  linksCreated: number;
}

/** Counts what the store holds. */
export function getStatus(db: Database): StoreStatus {
  return cached(db, "status", () =>
    db.get<StoreStatus>(
      `SELECT
        (SELECT count(*) FROM sessions) AS sessionsIndexed,
        (SELECT count(*) FROM projects) AS projectsFound,
        (SELECT count(*) FROM repositories) AS repositoriesFound,
        (SELECT count(*) FROM commits WHERE reachable = 1) AS commitsFound,
        (SELECT count(*) FROM session_commits) AS linksCreated`,
    )!);
}

/** What the overview is asked for. */
export interface DashboardOptions {
  /** Unix milliseconds. @default {0} */
  from?: number;
  /** Unix milliseconds. */
  to: number;
  /** Only this repository, with the sessions whose project is one of its folders. */
  repositoryId?: RepositoryId;
  /** The time zone that days are cut in. @default {"UTC"} */
  timeZone?: string;
}

/** Commits by how they came about: each one counts once. */
export interface CommitCounts {
  /** Commits with a session. */
  linked: number;
  /** Commits of this user without a session. */
  unlinked: number;
  /** Commits by other people. */
  elsewhere: number;
}

/** One bar of the overview's charts. */
export interface DashboardDay extends CommitCounts {
  /** The first day of the bar, `YYYY-MM-DD` in the time zone asked for. */
  date: string;
  /** Activities that began in it. */
  activities: number;
  /** Sessions that these activities belong to. */
  sessions: number;
  /** The length of these activities. */
  activeMinutes: number;
}

/** What the overview shows. */
export interface Dashboard {
  /** ISO 8601; null where there is nothing to show. */
  from: string | null;
  to: string | null;
  timeZone: string;
  granularity: Granularity;
  totals: CommitCounts & {
    commits: number;
    sessions: number;
    /** Commits linked by what somebody or something recorded. */
    tier1: number;
    /** Commits linked by inference. */
    tier2: number;
    activeMinutes: number;
  };
  coverage: {
    commitsWithSession: number;
    commitsWithoutSession: number;
    sessionsWithCommits: number;
    sessionsWithoutCommits: number;
  };
  days: DashboardDay[];
  /** The commits that were linked and made last. */
  newestLinks: CommitSummary[];
}

const NEWEST_LINKS = 10;

/** Adds up what happened in a range, day by day (week by week or month by month where that is too much to show). */
export function getDashboard(db: Database, options: DashboardOptions): Dashboard {
  const timeZone = options.timeZone ?? "UTC";
  const key = JSON.stringify([
    "dashboard",
    options.from,
    options.to,
    options.repositoryId,
    timeZone,
  ]);
  return cached(db, key, () => computeDashboard(db, { ...options, timeZone }));
}

function computeDashboard(
  db: Database,
  { from, to, repositoryId, timeZone }: DashboardOptions & { timeZone: string },
): Dashboard {
  const start = Math.max(from ?? 0, earliest(db, repositoryId) ?? to);
  const buckets = start > to ? [] : bucketsOf(start, to, timeZone);
  const days = buckets.map((bucket) => ({
    date: bucket.date,
    ...commitsBetween(db, Math.max(bucket.from, start), Math.min(bucket.to, to + 1), repositoryId),
    ...activityBetween(db, Math.max(bucket.from, start), Math.min(bucket.to, to + 1), repositoryId),
  }));
  const sum = (of: (day: typeof days[number]) => number) =>
    days.reduce((total, day) => total + of(day), 0);
  const commits = {
    linked: sum((day) => day.tier1 + day.tier2),
    unlinked: sum((day) => day.unlinked),
    elsewhere: sum((day) => day.elsewhere),
  };
  const sessions = sessionsBetween(db, start, to, repositoryId);
  return {
    from: iso(start),
    to: iso(to),
    timeZone,
    granularity: granularityOf(start, to),
    totals: {
      ...commits,
      commits: commits.linked + commits.unlinked + commits.elsewhere,
      tier1: sum((day) => day.tier1),
      tier2: sum((day) => day.tier2),
      sessions: sessions.all,
      activeMinutes: sum((day) => day.activeMinutes),
    },
    coverage: {
      commitsWithSession: commits.linked,
      commitsWithoutSession: commits.unlinked,
      sessionsWithCommits: sessions.withCommits,
      sessionsWithoutCommits: sessions.all - sessions.withCommits,
    },
    days: days.map(({ tier1, tier2, ...day }) => ({ ...day, linked: tier1 + tier2 })),
    newestLinks: newestLinks(db, start, to, repositoryId),
  };
}

/** A condition on the repository with its value, or nothing. */
function inRepository(condition: string, repositoryId?: RepositoryId): [string, SqlValue[]] {
  return repositoryId === undefined ? ["", []] : [` AND ${condition}`, [repositoryId]];
}

/** When the first thing happened that the overview could show. */
function earliest(db: Database, repositoryId?: RepositoryId): number | null {
  const [ofCommit, commitValues] = inRepository("repository_id = ?", repositoryId);
  const commit = db.get<{ at: number }>(
    `SELECT author_at AS at FROM commits WHERE reachable = 1${ofCommit} ORDER BY author_at LIMIT 1`,
    ...commitValues,
  );
  const session = repositoryId === undefined
    ? db.get<{ at: number }>(
      "SELECT started_at AS at FROM sessions WHERE started_at IS NOT NULL ORDER BY started_at LIMIT 1",
    )
    : undefined;
  const times = [commit?.at, session?.at].filter((at) => at !== undefined);
  return times.length === 0 ? null : Math.min(...times);
}

function commitsBetween(db: Database, from: number, to: number, repositoryId?: RepositoryId) {
  const [condition, values] = inRepository("repository_id = ?", repositoryId);
  return db.get<{ tier1: number; tier2: number; unlinked: number; elsewhere: number }>(
    `SELECT
      coalesce(sum(best_tier = 1), 0) AS tier1,
      coalesce(sum(best_tier = 2), 0) AS tier2,
      coalesce(sum(best_tier IS NULL AND elsewhere = 0), 0) AS unlinked,
      coalesce(sum(best_tier IS NULL AND elsewhere = 1), 0) AS elsewhere
    FROM commits WHERE author_at >= ? AND author_at < ? AND reachable = 1${condition}`,
    from,
    to,
    ...values,
  )!;
}

function activityBetween(db: Database, from: number, to: number, repositoryId?: RepositoryId) {
  const [condition, values] = inRepository(
    `s.project_id IN (${PROJECTS_OF_REPOSITORY})`,
    repositoryId,
  );
  const sessions = repositoryId === undefined ? "" : " JOIN sessions s ON s.id = a.session_id";
  return db.get<{ activities: number; sessions: number; activeMinutes: number }>(
    `SELECT count(*) AS activities, count(DISTINCT a.session_id) AS sessions,
      coalesce(sum(a.ended_at - a.started_at), 0) / 60000 AS activeMinutes
    FROM activities a${sessions} WHERE a.started_at >= ? AND a.started_at < ?${condition}`,
    from,
    to,
    ...values,
  )!;
}

function sessionsBetween(db: Database, from: number, to: number, repositoryId?: RepositoryId) {
  const [condition, values] = inRepository(
    `project_id IN (${PROJECTS_OF_REPOSITORY})`,
    repositoryId,
  );
  return db.get<{ all: number; withCommits: number }>(
    `SELECT count(*) AS "all", coalesce(sum(commit_count > 0), 0) AS withCommits
    FROM sessions WHERE ended_at >= ? AND started_at <= ?${condition}`,
    from,
    to,
    ...values,
  )!;
}

function newestLinks(db: Database, from: number, to: number, repositoryId?: RepositoryId) {
  const [condition, values] = inRepository("c.repository_id = ?", repositoryId);
  const rows = db.all<CommitRow>(
    `SELECT ${COMMIT_COLUMNS} FROM ${COMMIT_TABLES}
    WHERE c.reachable = 1 AND c.best_tier IS NOT NULL AND c.author_at BETWEEN ? AND ?${condition}
    ORDER BY c.author_at DESC, c.id DESC LIMIT ${NEWEST_LINKS}`,
    from,
    to,
    ...values,
  );
  return commitSummaries(db, rows);
}
