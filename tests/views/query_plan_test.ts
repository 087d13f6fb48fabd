import { LANDED } from "../../lib/domain/links.ts";
import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { CommitHash, RepositoryKey } from "../../lib/domain/ids.ts";
import type { Database, SqlValue } from "../../lib/store/database.ts";
import { findCommit, listConsiderations } from "../../lib/store/read/commit_detail.ts";
import { COMMIT_STATES, listCommits } from "../../lib/store/read/commit_list.ts";
import { iterateEdits, listEdits } from "../../lib/store/read/edit_list.ts";
import { landedOfRepository } from "../../lib/store/read/landed_counts.ts";
import { iterateLinks, listLinks } from "../../lib/store/read/link_list.ts";
import { getLoom } from "../../lib/store/read/loom.ts";
import { listProjects } from "../../lib/store/read/projects.ts";
import { listRepositories } from "../../lib/store/read/repositories.ts";
import { search } from "../../lib/store/read/search.ts";
import { filesOfSession, getSession } from "../../lib/store/read/session_detail.ts";
import { listSessions, SESSION_SORTS } from "../../lib/store/read/session_list.ts";
import { getDashboard, getStatus } from "../../lib/store/read/stats.ts";
import { writtenLines } from "../../lib/store/read/written_lines.ts";
import { lastTimes, listRuns } from "../../lib/store/write/runs.ts";
import { hashOf, SEED_NOW, seedStore, sessionIdOf } from "../support/seed.ts";

/** Remembers every query that a database is asked, with the values it came with. */
function recordQueries(db: Database): Map<string, SqlValue[]> {
  const queries = new Map<string, SqlValue[]>();
  const { all, get } = db;
  db.all = <Row>(sql: string, ...values: SqlValue[]) => {
    queries.set(sql, values);
    return all.call(db, sql, ...values) as Row[];
  };
  db.get = <Row>(sql: string, ...values: SqlValue[]) => {
    queries.set(sql, values);
    return get.call(db, sql, ...values) as Row | undefined;
  };
  return queries;
}

/** Tables with a row a project, repository or kept run may be read whole; so may what a query makes itself. */
const SMALL =
  /^SCAN (p|projects|r|repositories|surviving_counts|sync_runs|wanted|h|\(subquery-\d+\)|CONSTANT ROW)( |$)/;

/**
 * The steps of a plan that read a whole table: not through an index, and not in key order up to a limit; or through
 * one that gives them in an order which nobody asked for.
 */
function wholeTables(sql: string, plan: string[]): string[] {
  const isSorted = plan.some((step) => step.startsWith("USE TEMP B-TREE FOR ORDER BY"));
  const stops = sql.endsWith("LIMIT ?") && !plan.some((step) => step.startsWith("USE TEMP B-TREE"));
  if (stops) return [];
  const allowed = isSorted ? / USING COVERING INDEX | VIRTUAL TABLE / : / USING | VIRTUAL TABLE /;
  return plan.filter((step) =>
    step.startsWith("SCAN ") && !allowed.test(step) && !SMALL.test(step)
  );
}

async function askEverything(db: Database): Promise<void> {
  const repositoryKey = 1 as RepositoryKey;
  getStatus(db);
  for (const repository of [undefined, repositoryKey]) {
    getDashboard(db, { from: 0, to: SEED_NOW, repositoryKey: repository });
  }
  listProjects(db);
  listRepositories(db);
  askSessions(db, repositoryKey);
  askCommits(db, repositoryKey);
  askEdits(db, repositoryKey);
  for (const tier of [undefined, 1 as const]) {
    for (const repository of [undefined, repositoryKey]) {
      const { cursor } = listLinks(db, { tier, repositoryKey: repository, limit: 1 });
      listLinks(db, { tier, repositoryKey: repository, cursor });
      Array.from(iterateLinks(db, { tier, repositoryKey: repository }));
    }
  }
  for (const text of ["the loom", "#12", hashOf(3).slice(0, 8)]) search(db, text);
  for (const filter of [{}, { repositoryKey }, { projectKey: 1 }, { from: 0, to: SEED_NOW }]) {
    await getLoom(db, filter);
  }
  listConsiderations(db, { hash: hashOf(3) as CommitHash, repositoryKey });
  filesOfSession(db, sessionIdOf(7));
  listRuns(db, { cursor: listRuns(db, { limit: 1 }).cursor });
  lastTimes(db);
  writtenLines(db, repositoryKey, { hashes: [hashOf(3)], path: "src/store/loom_fix.ts" });
}

function askSessions(db: Database, repositoryKey: RepositoryKey): void {
  const filters = [
    {},
    { projectKey: 1 },
    { repositoryKey },
    { text: "the loom" },
    { hasCommits: true },
    { hasCommits: false },
    ...LANDED.map((landed) => ({ landed })),
    { from: 0, to: SEED_NOW },
  ];
  for (const sort of SESSION_SORTS) {
    for (const order of ["asc", "desc"] as const) {
      for (const filter of filters) {
        const { cursor } = listSessions(db, { ...filter, sort, order, limit: 1 });
        listSessions(db, { ...filter, sort, order, cursor });
      }
    }
  }
  getSession(db, sessionIdOf(7));
}

function askEdits(db: Database, repositoryKey: RepositoryKey): void {
  const filters = [
    {},
    { repositoryKey },
    { sessionId: sessionIdOf(7) },
    { from: 0, to: SEED_NOW },
  ];
  for (const landed of [undefined, ...LANDED]) {
    for (const filter of filters) {
      const { cursor } = listEdits(db, { ...filter, landed, limit: 1 });
      listEdits(db, { ...filter, landed, cursor });
      Array.from(iterateEdits(db, { ...filter, landed }));
    }
  }
  landedOfRepository(db, repositoryKey);
}

function askCommits(db: Database, repositoryKey: RepositoryKey): void {
  const filters = [
    {},
    { repositoryKey },
    { text: "the loom" },
    { author: "ada" },
    { from: 0, to: SEED_NOW },
  ];
  for (const state of [undefined, ...COMMIT_STATES]) {
    for (const order of ["asc", "desc"] as const) {
      for (const filter of filters) {
        const { cursor } = listCommits(db, { ...filter, state, order, limit: 1 });
        listCommits(db, { ...filter, state, order, cursor });
      }
    }
  }
  findCommit(db, hashOf(3));
}

describe("query plans", () => {
  it("reads no large table without an index", async () => {
    using db = seedStore({ sessions: 60, commits: 300 });
    const queries = recordQueries(db);
    await askEverything(db);
    const offences: string[] = [];
    for (const [sql, values] of [...queries]) {
      if (sql.startsWith("PRAGMA")) continue;
      const plan = db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values);
      const whole = wholeTables(sql, plan.map((step) => step.detail));
      if (whole.length > 0) offences.push(`${whole.join("; ")} in ${sql}`);
    }
    assertEquals(offences, []);
  });
});
