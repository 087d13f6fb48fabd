import type { Database } from "../../lib/store/database.ts";
import { openDatabase } from "../../lib/store/database.ts";

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
  db.exec("ANALYZE");
  return db;
}

/** A generator of numbers from 0 to 1 that a seed determines. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function seedRepositories(db: Database, count: number): number[] {
  const ids: number[] = [];
  for (let i = 1; i <= count; i++) {
    const name = `${NOUNS[i % NOUNS.length]}-${i}`;
    const path = `/home/ada/src/${name}`;
    db.run(
      `INSERT INTO repositories (id, common_dir, path, name, state, user_email, last_scanned_at, last_outcome)
      VALUES (?, ?, ?, ?, 'repository', 'ada@example.org', ?, 'scanned')`,
      i,
      `${path}/.git`,
      path,
      name,
      SEED_NOW,
    );
    db.run("INSERT INTO projects (id, path) VALUES (?, ?)", i, path);
    for (const folder of [path, `${path}/.worktrees/next`]) {
      db.run(
        "INSERT INTO repository_paths VALUES (?, ?, 'repository', ?, ?)",
        folder,
        i,
        folder,
        SEED_NOW,
      );
    }
    ids.push(i);
  }
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
    const cwd = `/home/ada/src/${NOUNS[repository % NOUNS.length]}-${repository}`;
    db.run("INSERT INTO transcript_files VALUES (?,?,?,?,?,?,0,1,?,?,NULL,NULL)", ...[
      id,
      `/home/ada/.claude/projects/p${repository}/${sessionIdOf(id)}.jsonl`,
      id,
      40_000,
      end,
      40_000,
      120,
      id % 50 === 0 ? '{"notJson":2}' : "{}",
    ]);
    db.run(
      `INSERT INTO sessions (id, session_id, project_id, title, first_message, last_message, started_at, ended_at,
        branch, models, cwds, tools, message_count, prompt_count, edit_count)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'main', '["claude-opus-4-5"]', ?, '{"Edit":3,"Bash":5}', ?, ?, ?)`,
      ...[id, sessionIdOf(id), repository, id % 5 === 0 ? null : ask, ask, sentence(random)],
      ...[start, end, JSON.stringify([cwd]), 10 + Math.floor(random() * 200), prompts, prompts],
    );
    db.run("INSERT INTO session_repositories VALUES (?, ?)", id, repository);
    db.run("INSERT INTO session_parts VALUES (?, ?, '{}', x'')", id, id);
    db.run("INSERT INTO activities VALUES (?, ?, ?)", id, start, end);
    const firstEvent = event + 1;
    for (let i = 0; i < prompts; i++) {
      const at = start + Math.floor(((end - start) * i) / prompts);
      const add = (kind: string, data: object) =>
        db.run(
          "INSERT INTO session_events VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, NULL)",
          ...[++event, id, id, at + (event % 1000), kind, event, cwd],
          JSON.stringify({ toolUse: null, agent: null, ...data }),
        );
      add("prompt", { text: i === 0 ? ask : `${sentence(random)}. Then ${sentence(random)}.` });
      add("edit", { tool: "Edit", path: `${cwd}/${fileOf(random)}` });
    }
    made.push({ id, repository, start, firstEvent });
  }
  return made;
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
    db.run(
      `INSERT INTO commits (id, repository_id, hash, parents, author_at, committer_at, author_name, author_email,
        committer_email, subject, elsewhere) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, repository, hash, lastOf.get(repository) ?? "", at, at, author],
      ...[`${author.toLowerCase()}@example.org`, `${author.toLowerCase()}@example.org`],
      ...[`${sentence(random)} (#${id})`, elsewhere ? 1 : 0],
    );
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
  db.run(
    "INSERT INTO session_commits VALUES (?, ?, ?, ?, ?, ?)",
    ...[near.id, id, certain ? 1 : 2, certain ? 0.99 : 0.35 + random() * 0.4, null],
    JSON.stringify(evidence),
  );
  if (certain && id % 3 === 0) {
    db.run(
      "INSERT INTO line_ranges VALUES (?, ?, 3, 12, ?, ?)",
      ...[id, fileOf(random), near.id, near.firstEvent + 1],
    );
  }
}

function countLinks(db: Database): void {
  db.exec(`
    UPDATE commits SET link_count = 1, best_tier = l.tier FROM session_commits l WHERE l.commit_id = commits.id;
    UPDATE sessions SET commit_count =
      (SELECT count(*) FROM session_commits l WHERE l.session_id = sessions.id);
  `);
}

function seedRuns(db: Database, now: number): void {
  for (let id = 1; id <= 30; id++) {
    db.run(
      `INSERT INTO sync_runs (id, kind, started_at, ended_at, outcome, repos_scanned, total_repos)
      VALUES (?, ?, ?, ?, 'done', 4, 4)`,
      ...[id, id % 3 === 0 ? "user" : "background", now - (31 - id) * MINUTE],
      now - (31 - id) * MINUTE + 800,
    );
  }
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
