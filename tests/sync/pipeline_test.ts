import { assert, assertEquals, assertRejects } from "@std/assert";
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from "@std/testing/bdd";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import { getRun, listRuns } from "../../lib/store/write/runs.ts";
import type { Changed } from "../../lib/sync/announcements.ts";
import type { GitSyncProgress, GitSyncResult } from "../../lib/sync/events.ts";
import { runGitSync, type SyncOptions } from "../../lib/sync/pipeline.ts";
import { claudeCode } from "../support/agents.ts";
import { Workspace } from "../support/workspace.ts";

describe("a sync", () => {
  let workspace: Workspace;
  let db: Database;

  beforeAll(async () => {
    workspace = await Workspace.withSample();
  });
  afterAll(() => workspace[Symbol.asyncDispose]());
  beforeEach(() => {
    db = openDatabase(":memory:");
  });
  afterEach(() => db[Symbol.dispose]());

  async function sync(
    options: Partial<SyncOptions> = {},
  ): Promise<{ result: GitSyncResult; events: GitSyncProgress[] }> {
    const events: GitSyncProgress[] = [];
    const result = await runGitSync(
      { db, agents: claudeCode(workspace.claudeDir), runGit: workspace.runGit, now: Date.now },
      { onProgress: (progress) => events.push(progress), ...options },
    );
    return { result, events };
  }

  function eventsOf<Type extends GitSyncProgress["type"]>(
    events: GitSyncProgress[],
    type: Type,
  ): Extract<GitSyncProgress, { type: Type }>[] {
    return events.filter((event) => event.type === type) as never;
  }

  /** What must hold for the events of any sync. */
  function assertComplete(events: GitSyncProgress[], result: GitSyncResult): void {
    const [{ totalRepos }] = eventsOf(events, "scanningStarted");
    const scanned = eventsOf(events, "repoScanned");
    assertEquals(scanned.map(({ reposDone }) => reposDone), count(totalRepos));
    assert(scanned.every((event) => event.totalRepos === totalRepos));
    assertEquals(sum(scanned.map(({ commitsInRepo }) => commitsInRepo)), result.commitsFound);
    assertEquals(new Set(scanned.map(({ repo }) => repo)).size, totalRepos);

    const [{ totalCorrelatableSessions }] = eventsOf(events, "correlatingStarted");
    const linked = eventsOf(events, "sessionCorrelated");
    assertEquals(linked.map(({ sessionsDone }) => sessionsDone), count(totalCorrelatableSessions));
    assertEquals(sum(linked.map(({ linksInSession }) => linksInSession)), result.linksCreated);

    const order = events.map(({ type }) => type);
    assertEquals(order[0], "scanningStarted");
    assertEquals(order.indexOf("correlatingStarted"), 1 + totalRepos);
    assertEquals(result.reposScanned, totalRepos);
  }

  function count(to: number): number[] {
    return Array.from({ length: to }, (_, place) => place + 1);
  }

  function sum(numbers: number[]): number {
    return numbers.reduce((total, number) => total + number, 0);
  }

  it("reaches its totals with failing, empty and missing repositories in the set", async () => {
    await workspace.addSession(await workspace.addEmptyRepository("empty"));
    await workspace.addSession(workspace.path("missing"));
    const { result, events } = await sync();
    assertComplete(events, result);
    const outcomes = eventsOf(events, "repoScanned").map(({ outcome }) => outcome).sort();
    assertEquals(outcomes.filter((outcome) => outcome === "empty").length, 1);
    assertEquals(outcomes.filter((outcome) => outcome === "failed").length, 1);
    assertEquals(result.commitsFound, 156);
    assert(result.linksCreated > 50);
    assertEquals(result.failures.map(({ code }) => code), ["corrupt"]);
  });

  it("counts only sessions whose repository has commits", async () => {
    const { events: before } = await sync();
    const [{ totalCorrelatableSessions }] = eventsOf(before, "correlatingStarted");
    db[Symbol.dispose]();
    db = openDatabase(":memory:");
    const empty = await workspace.addEmptyRepository("more");
    for (let i = 0; i < 3; i++) await workspace.addSession(empty);
    await workspace.addSession(workspace.path("missing"));
    const { result, events } = await sync();
    assertComplete(events, result);
    assertEquals(
      eventsOf(events, "correlatingStarted")[0].totalCorrelatableSessions,
      totalCorrelatableSessions,
    );
  });

  it("of unchanged data finds nothing new, changes no row of it and announces nothing", async () => {
    await sync();
    const before = contents(db);
    const announced: Changed[][] = [];
    const { result, events } = await sync({ onChanged: (what) => announced.push(what) });
    assertComplete(events, result);
    assertEquals([result.commitsFound, result.linksCreated], [0, 0]);
    assertEquals(announced, []);
    assertEquals(contents(db), before);
  });

  it("announces what each step changed", async () => {
    const announced: Changed[][] = [];
    await sync({ onChanged: (what) => announced.push(what) });
    assertEquals(
      new Set(announced.flat()),
      new Set(["sessions", "repositories", "commits", "links"]),
    );
  });

  it("leaves a row that says how it ended", async () => {
    const { result } = await sync({ kind: "background", runId: 41 });
    const run = getRun(db, 41)!;
    assertEquals(run.outcome, "completed");
    assertEquals(run.kind, "background");
    assertEquals([run.reposScanned, run.totalRepos], [result.reposScanned, result.reposScanned]);
    assertEquals([run.commitsFound, run.linksCreated], [result.commitsFound, result.linksCreated]);
    assertEquals(run.failures, result.failures);
    assertEquals(run.endedAt! - run.startedAt, result.durationMs);
  });

  it("that is aborted keeps what it stored and ends as cancelled", async () => {
    const abort = new AbortController();
    await assertRejects(() =>
      sync({
        signal: abort.signal,
        onProgress: ({ type }) => type === "repoScanned" && abort.abort(),
      })
    );
    const [run] = listRuns(db).items;
    assertEquals([run.outcome, run.error], ["cancelled", "Sync cancelled"]);
    assert(run.reposScanned >= 1 && run.totalRepos >= 6);
    assert(db.get<{ sessions: number }>("SELECT count(*) AS sessions FROM sessions")!.sessions > 0);
    const { result, events } = await sync();
    assertComplete(events, result);
    assertEquals(
      db.get<{ commits: number }>("SELECT count(*) AS commits FROM commits WHERE reachable = 1")!
        .commits,
      156,
    );
  });

  it("that is aborted before it begins is kept as cancelled", async () => {
    await assertRejects(() => sync({ signal: AbortSignal.abort() }));
    assertEquals(listRuns(db).items.map(({ outcome }) => outcome), ["cancelled"]);
  });

  it("that fails says why in its row", async () => {
    await assertRejects(
      () =>
        sync({
          onProgress: () => {
            throw new Error("disk full");
          },
        }),
      Error,
      "disk full",
    );
    const [run] = listRuns(db).items;
    assertEquals([run.outcome, run.error], ["failed", "disk full"]);
  });
});

/** Every row that pages are made of. */
function contents(db: Database): unknown {
  const tables = [
    "sources",
    "projects",
    "sessions",
    "session_parts",
    "session_events",
    "activities",
    "repositories",
    "repository_paths",
    "commits",
    "session_commits",
    "line_ranges",
    "settings",
  ];
  // When a repository was last looked at is news in itself.
  const looks = new Set(["last_scanned_at", "last_outcome"]);
  return tables.map((table) => [
    table,
    db.all<Record<string, unknown>>(`SELECT * FROM ${table} ORDER BY 1, 2`)
      .map((row) => Object.entries(row).filter(([column]) => !looks.has(column))),
  ]);
}
