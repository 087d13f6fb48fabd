import type { RepositoryId } from "../../lib/domain/ids.ts";
import { type Database, openDatabase, type SqlValue } from "../../lib/store/database.ts";
import { projectId } from "../../lib/store/read/refs.ts";
import { plainName } from "../../lib/store/write/distinct_names.ts";
import { assignRepositoryIds } from "../../lib/store/write/repository_ids.ts";
import { randomFrom } from "./random.ts";
import { seedWritten } from "./seed_written.ts";

/** How large a store is to be built. */
export interface SeedOptions {
  /** @default {1} */
  seed?: number;
  sessions: number;
  commits: number;
  /** @default {4} */
  repositories?: number;
  /** Unix milliseconds of the newest thing. @default {2026-06-30T12:00Z} */
  now?: number;
  /** How far back the store reaches. @default {90} */
  days?: number;
  /** Prompts and edits a session. @default {3} */
  prompts?: number;
  /** Where it is built. @default {":memory:"} */
  path?: string;
}

const DAY = 86_400_000;
const MINUTE = 60_000;
const VERBS = ["fix", "add", "drop", "weigh", "follow", "read", "cut", "guard", "index", "draw"];
const NOUNS = ["parser", "loom", "ledger", "cursor", "scanner", "thread", "anchor", "token"];
const PLACES = ["store", "server", "worker", "page", "index", "migration", "sample", "runner"];

/** The time of the newest thing that {@linkcode seedStore} makes. */
export const SEED_NOW = Date.UTC(2026, 5, 30, 12);

/**
 * Builds a store as it looks after a sync: of every ten commits, about six are linked, two are other people's and two
 * stand alone. The same options give the same rows.
 */
export function seedStore(options: SeedOptions): Database {
  const db = openDatabase(options.path ?? ":memory:");
  const random = randomFrom(options.seed ?? 1);
  db.transaction(() => {
    const repositories = seedRepositories(db, options.repositories ?? 4);
    const starts = seedSessions(db, options, random, repositories);
    seedCommits(db, options, random, { repositories, starts });
    countLinks(db);
    seedRuns(db, options.now ?? SEED_NOW);
  });
  return db;
}

/** The id of a seeded repository: its root commit. */
export function repositoryIdOf(n: number): RepositoryId {
  return `${n}`.padStart(40, "0") as RepositoryId;
}

/** The id of a seeded project. */
export function projectIdOf(n: number): string {
  return projectId(repositoryPathOf(n));
}

function seedRepositories(db: Database, count: number): number[] {
  const ids: number[] = [];
  for (let id = 1; id <= count; id++) {
    const path = repositoryPathOf(id);
    insert(db, "repositories", {
      id,
      common_dir: `${path}/.git`,
      path,
      name: plainName(path),
      state: "repository",
      roots: JSON.stringify([repositoryIdOf(id)]),
      user_email: "ada@example.org",
      last_scanned_at: SEED_NOW,
      last_outcome: "scanned",
    });
    insert(db, "projects", { id, path, name: plainName(path) });
    for (const folder of [path, `${path}/.worktrees/next`]) {
      insert(db, "repository_paths", {
        path: folder,
        repository_id: id,
        outcome: "repository",
        root: folder,
        checked_at: SEED_NOW,
      });
    }
    ids.push(id);
  }
  assignRepositoryIds(db);
  return ids;
}

interface SeededSession {
  id: number;
  repository: number;
  start: number;
  firstEvent: number;
}

function seedSessions(
  db: Database,
  { sessions, prompts = 3, now = SEED_NOW, days = 90 }: SeedOptions,
  random: () => number,
  repositories: number[],
): SeededSession[] {
  const made: SeededSession[] = [];
  let event = 0;
  for (let id = 1; id <= sessions; id++) {
    const repository = repositories[Math.floor(random() * repositories.length)];
    const start = Math.floor(now - days * DAY + (days * DAY - 2 * 60 * MINUTE) * (id / sessions));
    const end = start + Math.floor((5 + random() * 80) * MINUTE);
    const ask = sentence(random);
    const cwd = repositoryPathOf(repository);
    insert(db, "sources", {
      id,
      agent: "claude-code",
      key: `/home/ada/.claude/projects/p${repository}/${sessionIdOf(id)}.jsonl`,
      path: `/home/ada/.claude/projects/p${repository}/${sessionIdOf(id)}.jsonl`,
      stamp: `${id}:40000:${end}`,
      bytes: 40_000,
      modified_at: end,
      reader_version: 2,
      records: 120,
      skipped: id % 50 === 0 ? '{"notJson":2}' : "{}",
    });
    insert(db, "sessions", {
      id,
      agent: "claude-code",
      session_id: sessionIdOf(id),
      project_id: repository,
      title: id % 5 === 0 ? null : ask,
      first_message: ask,
      last_message: sentence(random),
      started_at: start,
      ended_at: end,
      branch: "main",
      models: '["claude-opus-4-5"]',
      cwds: JSON.stringify([cwd]),
      tools: '{"Edit":3,"Bash":5}',
      message_count: 10 + Math.floor(random() * 200),
      prompt_count: prompts,
      edit_count: prompts,
      stale: 0,
    });
    insert(db, "session_repositories", { session_id: id, repository_id: repository });
    insert(db, "session_parts", {
      source_id: id,
      session_id: id,
      first_at: start,
      last_at: end,
      facts: "{}",
      messages: new Uint8Array(),
    });
    insert(db, "activities", { session_id: id, started_at: start, ended_at: end });
    const firstEvent = event + 1;
    for (let i = 0; i < prompts; i++) {
      const at = start + Math.floor(((end - start) * i) / prompts);
      const text = i === 0 ? ask : `${sentence(random)}. Then ${sentence(random)}.`;
      seedEvent(db, { id: ++event, session: id, at, kind: "prompt", cwd, data: { text } });
      const edit = {
        by: "tool",
        path: `${cwd}/${fileOf(random)}`,
        movedFrom: null,
        partial: false,
      };
      seedEvent(db, { id: ++event, session: id, at: at + 1000, kind: "edit", cwd, data: edit });
    }
    seedWritten(db, { session: id, repository, path: fileOf(random), at: end });
    made.push({ id, repository, start, firstEvent });
  }
  return made;
}

function seedEvent(
  db: Database,
  { id, session, at, kind, cwd, data }: {
    id: number;
    session: number;
    at: number;
    kind: string;
    cwd: string;
    data: object;
  },
): void {
  insert(db, "session_events", {
    id,
    session_id: session,
    source_id: session,
    at,
    kind,
    message: id,
    cwd,
    data: JSON.stringify({ call: null, subagent: null, ...data }),
  });
}

function seedCommits(
  db: Database,
  { commits, now = SEED_NOW, days = 90 }: SeedOptions,
  random: () => number,
  { repositories, starts }: { repositories: number[]; starts: SeededSession[] },
): void {
  const lastOf = new Map<number, string>();
  for (let id = 1; id <= commits; id++) {
    const at = Math.floor(now - days * DAY + days * DAY * (id / commits));
    const near = starts[Math.floor((starts.length * (id - 1)) / commits)];
    const roll = random();
    const linked = near !== undefined && roll < 0.6;
    const elsewhere = !linked && roll >= 0.8;
    const repository = linked
      ? near.repository
      : repositories[Math.floor(random() * repositories.length)];
    const author = elsewhere ? "Grace" : "Ada";
    const hash = hashOf(id);
    insert(db, "commits", {
      id,
      repository_id: repository,
      hash,
      parents: lastOf.get(repository) ?? "",
      author_at: at,
      committer_at: at,
      author_name: author,
      author_email: `${author.toLowerCase()}@example.org`,
      committer_email: `${author.toLowerCase()}@example.org`,
      subject: `${sentence(random)} (#${id})`,
      by_others: elsewhere ? 1 : 0,
    });
    lastOf.set(repository, hash);
    if (linked) seedLink(db, random, { id, hash, near, certain: roll < 0.4 });
  }
}

function seedLink(
  db: Database,
  random: () => number,
  { id, hash, near, certain }: { id: number; hash: string; near: SeededSession; certain: boolean },
): void {
  const evidence = certain
    ? [{ rule: "commit_output", hash: hash.slice(0, 7) }]
    : [{ rule: "during_session", minutes: 12 }];
  insert(db, "session_commits", {
    session_id: near.id,
    commit_id: id,
    tier: certain ? 1 : 2,
    confidence: certain ? 0.99 : 0.35 + random() * 0.4,
    share: null,
    evidence: JSON.stringify(evidence),
  });
  if (!certain || id % 3 !== 0) return;
  insert(db, "line_ranges", {
    commit_id: id,
    path: fileOf(random),
    first_line: 3,
    last_line: 12,
    session_id: near.id,
    event_id: near.firstEvent + 1,
  });
}

function countLinks(db: Database): void {
  db.exec(`
    UPDATE commits SET link_count = 1, best_tier = l.tier FROM session_commits l WHERE l.commit_id = commits.id;
  `);
}

function seedRuns(db: Database, now: number): void {
  for (let id = 1; id <= 30; id++) {
    const start = now - (31 - id) * MINUTE;
    insert(db, "sync_runs", {
      id,
      kind: id % 3 === 0 ? "user" : "background",
      started_at: start,
      ended_at: start + 800,
      outcome: "completed",
      repos_scanned: 4,
      total_repos: 4,
    });
  }
}

function insert(db: Database, table: string, row: Record<string, SqlValue>): void {
  const columns = Object.keys(row);
  db.run(
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    ...Object.values(row),
  );
}

/** The folder of the n-th repository. */
export function repositoryPathOf(n: number): string {
  return `/home/ada/src/${NOUNS[n % NOUNS.length]}-${n}`;
}

/** The id that the n-th session has. */
export function sessionIdOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** The hash that the n-th commit has: starts differ, as those of real ones do. */
export function hashOf(n: number): string {
  const random = randomFrom(n * 7919);
  return Array.from(
    { length: 5 },
    () => Math.floor(random() * 2 ** 32).toString(16).padStart(8, "0"),
  )
    .join("");
}

function sentence(random: () => number): string {
  const pick = (words: string[]) => words[Math.floor(random() * words.length)];
  return `${pick(VERBS)} the ${pick(NOUNS)} of the ${pick(PLACES)} and ${pick(VERBS)} its ${
    pick(NOUNS)
  }`;
}

function fileOf(random: () => number): string {
  const pick = (words: string[]) => words[Math.floor(random() * words.length)];
  return `src/${pick(PLACES)}/${pick(NOUNS)}_${pick(VERBS)}.ts`;
}
