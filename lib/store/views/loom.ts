import { COMMIT_KINDS, type LoomData } from "../../client/loom/loom_data.ts";
import type { RepositoryId } from "../../ids.ts";
import type { Database, SqlValue } from "../database.ts";
import { cached } from "./cached.ts";

/** What a loom is asked for; conditions left out hold for all. */
export interface LoomFilter {
  repositoryId?: RepositoryId;
  projectId?: number;
  /** Unix milliseconds. */
  from?: number;
  /** Unix milliseconds. */
  to?: number;
}

/** How much a loom holds at most: of more, the newest. */
export const LOOM_LIMITS = { sessions: 5_000, commits: 50_000 } as const;

const HASH_DIGITS = 12;
const TITLE_CHARACTERS = 120;

/** Reads sessions, commits and their links as a loom draws them. */
export function getLoom(db: Database, filter: LoomFilter = {}): LoomData {
  // Ranges are without number and a loom is large: only whole ones are kept.
  if (filter.from !== undefined || filter.to !== undefined) return readLoom(db, filter);
  return cached(db, `loom ${JSON.stringify(filter)}`, () => readLoom(db, filter));
}

function readLoom(db: Database, filter: LoomFilter): LoomData {
  const sessions = sessionsOf(db, filter);
  const commits = commitsOf(db, filter);
  const repositories = repositoriesOf(db, commits);
  const repositoryAt = new Map(repositories.map(({ id }, place) => [id, place]));
  const activities = activitiesOf(db, sessions);
  const times = [
    ...sessions.flatMap((row) => [row.started_at, row.ended_at]),
    ...commits.map((row) => row.author_at),
  ];
  return {
    from: times.length === 0 ? 0 : least(times),
    to: times.length === 0 ? 0 : -least(times.map((time) => -time)),
    cut: sessions.length === LOOM_LIMITS.sessions || commits.length === LOOM_LIMITS.commits,
    repositories,
    sessions: {
      ids: sessions.map((row) => row.session_id),
      titles: sessions.map((row) => row.title ?? ""),
      starts: sessions.map((row) => row.started_at),
      ends: sessions.map((row) => row.ended_at),
      activities: sessions.map((row) => activities.get(row.id) ?? []),
    },
    commits: {
      hashes: commits.map((row) => row.hash),
      repositories: commits.map((row) => repositoryAt.get(row.repository_id)!),
      times: commits.map((row) => row.author_at),
      kinds: commits.map((row) =>
        COMMIT_KINDS.indexOf(
          row.best_tier !== null ? "linked" : row.elsewhere === 1 ? "elsewhere" : "unlinked",
        )
      ),
    },
    links: linksBetween(db, sessions, commits),
  };
}

interface SessionRow {
  id: number;
  session_id: string;
  title: string | null;
  started_at: number;
  ended_at: number;
}

function sessionsOf(db: Database, filter: LoomFilter): SessionRow[] {
  const where = ["s.started_at IS NOT NULL", "s.ended_at IS NOT NULL"];
  const values: SqlValue[] = [];
  if (filter.from !== undefined) (where.push("s.ended_at >= ?"), values.push(filter.from));
  if (filter.to !== undefined) (where.push("s.started_at <= ?"), values.push(filter.to));
  if (filter.projectId !== undefined) {
    where.push("s.project_id = ?");
    values.push(filter.projectId);
  }
  if (filter.repositoryId !== undefined) {
    where.push("s.id IN (SELECT session_id FROM session_repositories WHERE repository_id = ?)");
    values.push(filter.repositoryId);
  }
  return db.all<SessionRow>(
    `SELECT s.id, s.session_id, substr(coalesce(s.title, s.first_message), 1, ${TITLE_CHARACTERS})
      AS title, s.started_at, s.ended_at
    FROM sessions s WHERE ${where.join(" AND ")}
    ORDER BY s.ended_at DESC, s.id DESC LIMIT ${LOOM_LIMITS.sessions}`,
    ...values,
  ).sort((a, b) => a.started_at - b.started_at || a.id - b.id);
}

interface CommitRow {
  id: number;
  hash: string;
  repository_id: number;
  author_at: number;
  best_tier: number | null;
  elsewhere: number;
}

function commitsOf(db: Database, filter: LoomFilter): CommitRow[] {
  const where = ["c.reachable = 1"];
  const values: SqlValue[] = [];
  if (filter.from !== undefined) (where.push("c.author_at >= ?"), values.push(filter.from));
  if (filter.to !== undefined) (where.push("c.author_at <= ?"), values.push(filter.to));
  if (filter.repositoryId !== undefined) {
    where.push("c.repository_id = ?");
    values.push(filter.repositoryId);
  }
  if (filter.projectId !== undefined) {
    where.push(
      `c.repository_id IN (SELECT sr.repository_id FROM sessions s
        JOIN session_repositories sr ON sr.session_id = s.id WHERE s.project_id = ?)`,
    );
    values.push(filter.projectId);
  }
  return db.all<CommitRow>(
    `SELECT c.id, substr(c.hash, 1, ${HASH_DIGITS}) AS hash, c.repository_id, c.author_at,
      c.best_tier, c.elsewhere
    FROM commits c WHERE ${where.join(" AND ")}
    ORDER BY c.author_at DESC, c.id DESC LIMIT ${LOOM_LIMITS.commits}`,
    ...values,
  ).reverse();
}

/** The repositories of these commits, the one with most of them first. */
function repositoriesOf(db: Database, commits: CommitRow[]): LoomData["repositories"] {
  const counts = new Map<number, number>();
  for (const { repository_id } of commits) {
    counts.set(repository_id, (counts.get(repository_id) ?? 0) + 1);
  }
  return db.all<{ id: number; name: string }>("SELECT id, name FROM repositories ORDER BY name, id")
    .filter(({ id }) => counts.has(id))
    .sort((a, b) => counts.get(b.id)! - counts.get(a.id)!);
}

function activitiesOf(db: Database, sessions: SessionRow[]): Map<number, number[]> {
  const bySession = new Map<number, number[]>();
  const rows = db.all<{ session_id: number; started_at: number; ended_at: number }>(
    `SELECT a.session_id, a.started_at, a.ended_at FROM json_each(?) AS wanted
    JOIN activities a ON a.session_id = wanted.value ORDER BY a.session_id, a.started_at`,
    JSON.stringify(sessions.map(({ id }) => id)),
  );
  for (const row of rows) {
    const times = bySession.get(row.session_id);
    if (times === undefined) bySession.set(row.session_id, [row.started_at, row.ended_at]);
    else times.push(row.started_at, row.ended_at);
  }
  return bySession;
}

function linksBetween(
  db: Database,
  sessions: SessionRow[],
  commits: CommitRow[],
): LoomData["links"] {
  const sessionAt = new Map(sessions.map(({ id }, place) => [id, place]));
  const links: LoomData["links"] = { sessions: [], commits: [], tiers: [], confidences: [] };
  const commitAt = new Map(commits.map(({ id }, place) => [id, place]));
  const linked = commits.filter(({ best_tier }) => best_tier !== null).map(({ id }) => id);
  const rows = db.iterate<
    { session_id: number; commit_id: number; tier: number; confidence: number }
  >(
    `SELECT l.session_id, l.commit_id, l.tier, l.confidence FROM json_each(?) AS wanted
    JOIN session_commits l ON l.commit_id = wanted.value`,
    JSON.stringify(linked),
  );
  for (const row of rows) {
    const session = sessionAt.get(row.session_id);
    if (session === undefined) continue;
    links.sessions.push(session);
    links.commits.push(commitAt.get(row.commit_id)!);
    links.tiers.push(row.tier);
    links.confidences.push(Math.round(row.confidence * 100) / 100);
  }
  return links;
}

function least(times: number[]): number {
  return times.reduce((a, b) => Math.min(a, b));
}
