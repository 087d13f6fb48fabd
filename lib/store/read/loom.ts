import { COMMIT_KINDS, type LoomData } from "../../domain/loom.ts";
import { setImmediate } from "node:timers/promises";

import type { AgentId, RepositoryKey } from "../../domain/ids.ts";
import { maskSecrets } from "../../secrets/secrets.ts";
import type { Database, SqlValue } from "../database.ts";
import { SESSION_ID } from "./refs.ts";

/**
 * Reads a query column by column, in the order of its rows: for tens of thousands of rows less than half the work of
 * an object each.
 *
 * @param names The query's columns; numbers, texts and nulls come back as they are.
 */
function readColumns<Columns extends Record<string, unknown[]>>(
  db: Database,
  names: readonly (keyof Columns & string)[],
  { sql, values }: { sql: string; values: SqlValue[] },
): Columns {
  const arrays = names.map((name) => `json_group_array(${name}) AS ${name}`);
  const row = db.get<Record<string, string>>(
    `SELECT ${arrays.join(", ")} FROM (${sql})`,
    ...values,
  );
  return Object.fromEntries(names.map((name) => [name, JSON.parse(row![name])])) as Columns;
}

/** What a loom is asked for; conditions left out hold for all. */
export interface LoomFilter {
  repositoryKey?: RepositoryKey;
  projectKey?: number;
  /** Unix milliseconds. */
  from?: number;
  /** Unix milliseconds. */
  to?: number;
}

/** How much a loom holds at most: of more, the newest. */
const LOOM_LIMITS = { sessions: 5_000, commits: 20_000 } as const;

/** How many rows are read in one turn of the event loop: others' requests wait no longer than for these. */
const ROWS_AT_ONCE = 2_000;
const SESSIONS_AT_ONCE = 1_000;

const HASH_DIGITS = 12;
const TITLE_CHARACTERS = 120;
/** A secret that is cut is not known for one any more, so more is read than is given. */
const READ_CHARACTERS = 400;

/** Reads sessions, commits and their links as a loom draws them, in many short turns. */
export async function getLoom(db: Database, filter: LoomFilter = {}): Promise<LoomData> {
  const sessions = await sessionsOf(db, filter);
  const commits = await commitsOf(db, filter);
  const repositories = repositoriesOf(db, commits.repository);
  const repositoryAt = new Map(repositories.map(({ key }, place) => [key, place]));
  const activities = await activitiesOf(db, sessions);
  const [from, to] = extent([
    sessions.map((row) => row.started_at),
    sessions.map((row) => row.ended_at),
    commits.time,
  ]);
  return {
    from,
    to,
    cut: sessions.length === LOOM_LIMITS.sessions || commits.id.length === LOOM_LIMITS.commits,
    repositories: repositories.map(({ id, name }) => ({ id, name })),
    sessions: {
      ids: sessions.map((row) => row.session_id),
      titles: sessions.map((row) => row.title ?? ""),
      agents: sessions.map((row) => row.agent),
      starts: sessions.map((row) => row.started_at),
      ends: sessions.map((row) => row.ended_at),
      activities: sessions.map((row) => activities.get(row.id) ?? []),
    },
    commits: {
      hashes: commits.hash,
      repositories: commits.repository.map((id) => repositoryAt.get(id)!),
      times: commits.time,
      kinds: commits.kind,
    },
    links: await linksBetween(db, sessions, commits),
  };
}

interface SessionRow {
  id: number;
  session_id: string;
  title: string | null;
  agent: AgentId;
  started_at: number;
  ended_at: number;
}

async function sessionsOf(db: Database, filter: LoomFilter): Promise<SessionRow[]> {
  const where = ["s.started_at IS NOT NULL", "s.ended_at IS NOT NULL"];
  const values: SqlValue[] = [];
  if (filter.from !== undefined) (where.push("s.ended_at >= ?"), values.push(filter.from));
  if (filter.to !== undefined) (where.push("s.started_at <= ?"), values.push(filter.to));
  if (filter.projectKey !== undefined) {
    where.push("s.project_id = ?");
    values.push(filter.projectKey);
  }
  if (filter.repositoryKey !== undefined) {
    where.push("s.id IN (SELECT session_id FROM session_repositories WHERE repository_id = ?)");
    values.push(filter.repositoryKey);
  }
  const sessions: SessionRow[] = [];
  let before: SqlValue[] = [];
  for (let more = true; more;) {
    const conditions = before.length === 0 ? where : [...where, "(s.ended_at, s.id) < (?, ?)"];
    const slice = db.all<SessionRow>(
      `SELECT s.id, ${SESSION_ID} AS session_id, substr(coalesce(s.title, s.first_message), 1, ${READ_CHARACTERS})
        AS title, s.agent, s.started_at, s.ended_at
      FROM sessions s WHERE ${conditions.join(" AND ")}
      ORDER BY s.ended_at DESC, s.id DESC LIMIT ${SESSIONS_AT_ONCE}`,
      ...values,
      ...before,
    );
    for (const row of slice) {
      const title = row.title === null ? null : maskSecrets(row.title).slice(0, TITLE_CHARACTERS);
      sessions.push({ ...row, title });
    }
    before = [slice.at(-1)?.ended_at ?? 0, slice.at(-1)?.id ?? 0];
    more = slice.length === SESSIONS_AT_ONCE && sessions.length < LOOM_LIMITS.sessions;
    await setImmediate();
  }
  return sessions.sort((a, b) => a.started_at - b.started_at || a.id - b.id);
}

/** Commits column by column, the oldest first. */
interface CommitColumns extends Record<string, unknown[]> {
  id: number[];
  hash: string[];
  repository: number[];
  time: number[];
  /** PathIndex in {@linkcode COMMIT_KINDS}. */
  kind: number[];
}

const KIND = `CASE WHEN c.best_tier IS NOT NULL THEN ${COMMIT_KINDS.indexOf("linked")}
  WHEN c.by_others = 1 THEN ${COMMIT_KINDS.indexOf("elsewhere")}
  ELSE ${COMMIT_KINDS.indexOf("unlinked")} END`;

async function commitsOf(db: Database, filter: LoomFilter): Promise<CommitColumns> {
  const where = ["c.reachable = 1"];
  const values: SqlValue[] = [];
  if (filter.from !== undefined) (where.push("c.author_at >= ?"), values.push(filter.from));
  if (filter.to !== undefined) (where.push("c.author_at <= ?"), values.push(filter.to));
  if (filter.repositoryKey !== undefined) {
    where.push("c.repository_id = ?");
    values.push(filter.repositoryKey);
  }
  if (filter.projectKey !== undefined) {
    where.push(
      `c.repository_id IN (SELECT sr.repository_id FROM sessions s
        JOIN session_repositories sr ON sr.session_id = s.id WHERE s.project_id = ?)`,
    );
    values.push(filter.projectKey);
  }
  const names = ["id", "hash", "repository", "time", "kind"] as const;
  const commits: CommitColumns = { id: [], hash: [], repository: [], time: [], kind: [] };
  let before: SqlValue[] = [];
  for (let more = true; more;) {
    const conditions = before.length === 0 ? where : [...where, "(c.author_at, c.id) < (?, ?)"];
    const slice = readColumns<CommitColumns>(db, names, {
      sql: `SELECT c.id, substr(c.hash, 1, ${HASH_DIGITS}) AS hash, c.repository_id AS repository,
        c.author_at AS time, ${KIND} AS kind
      FROM commits c WHERE ${conditions.join(" AND ")}
      ORDER BY c.author_at DESC, c.id DESC LIMIT ${ROWS_AT_ONCE}`,
      values: [...values, ...before],
    });
    for (const name of names) (commits[name] as unknown[]).push(...slice[name]);
    before = [slice.time.at(-1)!, slice.id.at(-1)!];
    more = slice.id.length === ROWS_AT_ONCE && commits.id.length < LOOM_LIMITS.commits;
    await setImmediate();
  }
  for (const column of Object.values(commits)) column.reverse();
  return commits;
}

/** The repositories of these commits, the one with most of them first. */
function repositoriesOf(
  db: Database,
  keys: number[],
): (LoomData["repositories"][number] & { key: number })[] {
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return db.all<{ key: number; id: string; name: string }>(
    "SELECT id AS key, public_id AS id, name FROM repositories ORDER BY name, id",
  )
    .filter(({ key }) => counts.has(key))
    .sort((a, b) => counts.get(b.key)! - counts.get(a.key)!);
}

async function activitiesOf(
  db: Database,
  sessions: SessionRow[],
): Promise<Map<number, number[]>> {
  const bySession = new Map<number, number[]>();
  for (let at = 0; at < sessions.length; at += SESSIONS_AT_ONCE) {
    const wanted = sessions.slice(at, at + SESSIONS_AT_ONCE).map(({ id }) => id);
    const rows = db.all<{ session_id: number; started_at: number; ended_at: number }>(
      `SELECT a.session_id, a.started_at, a.ended_at FROM json_each(?) AS wanted
      JOIN activities a ON a.session_id = wanted.value ORDER BY a.session_id, a.started_at`,
      JSON.stringify(wanted),
    );
    for (const row of rows) {
      const times = bySession.get(row.session_id);
      if (times === undefined) bySession.set(row.session_id, [row.started_at, row.ended_at]);
      else times.push(row.started_at, row.ended_at);
    }
    await setImmediate();
  }
  return bySession;
}

interface LinkColumns extends Record<string, unknown[]> {
  session: number[];
  commit_id: number[];
  tier: number[];
  confidence: number[];
}

async function linksBetween(
  db: Database,
  sessions: SessionRow[],
  commits: CommitColumns,
): Promise<LoomData["links"]> {
  const sessionAt = new Map(sessions.map(({ id }, place) => [id, place]));
  const commitAt = new Map(commits.id.map((id, place) => [id, place]));
  const linked = commits.id.filter((_, place) => COMMIT_KINDS[commits.kind[place]] === "linked");
  const links: LoomData["links"] = { sessions: [], commits: [], tiers: [], confidences: [] };
  for (let at = 0; at < linked.length; at += ROWS_AT_ONCE) {
    const rows = readColumns<LinkColumns>(db, ["session", "commit_id", "tier", "confidence"], {
      sql:
        `SELECT l.session_id AS session, l.commit_id, l.tier, round(l.confidence, 2) AS confidence
      FROM json_each(?) AS wanted JOIN session_commits l ON l.commit_id = wanted.value`,
      values: [JSON.stringify(linked.slice(at, at + ROWS_AT_ONCE))],
    });
    rows.session.forEach((id, row) => {
      const session = sessionAt.get(id);
      if (session === undefined) return;
      links.sessions.push(session);
      links.commits.push(commitAt.get(rows.commit_id[row])!);
      links.tiers.push(rows.tier[row]);
      links.confidences.push(rows.confidence[row]);
    });
    await setImmediate();
  }
  return links;
}

/** The least and the greatest of all times; 0 and 0 where there is none. */
function extent(columns: number[][]): [number, number] {
  let from = Infinity;
  let to = -Infinity;
  for (const column of columns) {
    for (const time of column) {
      if (time < from) from = time;
      if (time > to) to = time;
    }
  }
  return from <= to ? [from, to] : [0, 0];
}
