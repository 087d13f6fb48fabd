import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { contextOf } from "../../lib/http/api.ts";
import { news } from "../../lib/queries/overview.ts";
import type { RepositoryKey } from "../../lib/domain/ids.ts";
import type { Database } from "../../lib/store/database.ts";
import { getDashboard } from "../../lib/store/read/stats.ts";
import { createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { repositoryIdOf, SEED_NOW, seedStore } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

const DAY = 86_400_000;
const ALL = { from: 0, to: SEED_NOW };
const UNLINKED = "best_tier IS NULL AND by_others = 0";

/** Has something speak for a session that a commit is not linked with, so surely. */
function consider(db: Database, commit: number, confidence: number): void {
  const considered = [{
    sessionId: "none",
    confidence,
    reason: "timeOnly",
    by: null,
    evidence: [],
  }];
  db.run(
    `INSERT INTO link_considerations VALUES (?, ?)
    ON CONFLICT (commit_id) DO UPDATE SET considered = excluded.considered`,
    commit,
    JSON.stringify(considered),
  );
  db.run("UPDATE repositories SET links_fingerprint = ?", `${commit} ${confidence}`);
}

async function read(db: Database, path: string): Promise<string> {
  const app = await withFileRoutes(createApp(presetServices(db)));
  return await (await app.handler()(localRequest(path))).text();
}

describe("commits without a session", () => {
  it("are by hand where nothing speaks for one, and unknown where something does", () => {
    using db = seedStore({ sessions: 40, commits: 200 });
    const ids = db.all<{ id: number }>(`SELECT id FROM commits WHERE ${UNLINKED} ORDER BY id`);
    const unknown = () => getDashboard(db, ALL).totals.unknown;
    assertEquals(unknown(), 0);
    for (const { id } of ids.slice(0, 5)) consider(db, id, 0.25);
    consider(db, ids[5].id, 0.01);
    consider(db, db.get<{ id: number }>("SELECT id FROM commits WHERE by_others = 1")!.id, 0.3);
    assertEquals(unknown(), 5);
    const { days, totals } = getDashboard(db, ALL);
    assertEquals(days.reduce((sum, day) => sum + day.unknown, 0), 5);
    assertEquals(totals.unlinked, ids.length);
    consider(db, ids[0].id, 0.02);
    consider(db, ids[5].id, 0.4);
    db.run("DELETE FROM link_considerations WHERE commit_id = ?", ids[1].id);
    db.run("UPDATE repositories SET links_fingerprint = 'last'");
    assertEquals(unknown(), 4);
  });

  it("are said to be by hand only where no session was considered", async () => {
    using db = seedStore({ sessions: 20, commits: 100 });
    const [hand, doubtful] = db.all<{ id: number; hash: string }>(
      `SELECT id, hash FROM commits WHERE ${UNLINKED} LIMIT 2`,
    );
    consider(db, doubtful.id, 0.25);
    assertStringIncludes(await read(db, `/commits/${hand.hash}`), "It was made by hand");
    const page = await read(db, `/commits/${doubtful.hash}`);
    assert(!page.includes("was at work in this repository when it was made"));
    assertStringIncludes(page, "No session is certain enough");
    assertStringIncludes(page, "Why not this session");
  });
});

describe("what happened since the last visit", () => {
  it("counts every commit as with a session, without, or by others", async () => {
    using db = seedStore({ sessions: 20, commits: 100 });
    const { commits, linked, unlinked, elsewhere } = await news.run(
      contextOf(presetServices(db)),
      { since: new Date(SEED_NOW - 60 * DAY).toISOString() },
    );
    assert(elsewhere > 0 && commits < 100);
    assertEquals(linked + unlinked + elsewhere, commits);
  });
});

describe("the overview's repositories", () => {
  it("are those of the range, by session time and then by commits", async () => {
    using db = seedStore({ sessions: 40, commits: 200, repositories: 4 });
    db.run("DELETE FROM activities");
    db.run("DELETE FROM session_repositories");
    db.run("UPDATE commits SET author_at = ?", SEED_NOW - 60 * DAY);
    const work = (session: number, repository: number, minutes: number, daysAgo = 1) => {
      const from = SEED_NOW - daysAgo * DAY;
      db.run("INSERT INTO session_repositories VALUES (?, ?)", session, repository);
      db.run(
        "INSERT INTO activities (session_id, started_at, ended_at) VALUES (?, ?, ?)",
        session,
        from,
        from + minutes * 60_000,
      );
    };
    work(1, 2, 10);
    work(2, 3, 90);
    work(3, 4, 500, 40);
    db.run(
      "UPDATE commits SET author_at = ? WHERE id IN (SELECT id FROM commits WHERE repository_id = 1 LIMIT 3)",
      SEED_NOW - DAY,
    );
    const { repositories } = getDashboard(db, { from: SEED_NOW - 6 * DAY, to: SEED_NOW });
    assertEquals(
      repositories.map(({ id, activeMinutes, commits }) => [id, activeMinutes, commits]),
      [
        [repositoryIdOf(3), 90, 0],
        [repositoryIdOf(2), 10, 0],
        [repositoryIdOf(1), 0, 3],
      ],
    );
    const only = getDashboard(db, { ...ALL, repositoryKey: 3 as RepositoryKey });
    assertEquals(only.repositories.map(({ id }) => id), [repositories[0].id]);
    const html = await read(db, "/?range=all");
    const order = [4, 3, 2, 1].map((id) =>
      html.lastIndexOf(`href="/repositories/${repositoryIdOf(id)}"`)
    );
    assertEquals(order, order.toSorted((a, b) => a - b));
  });
});

describe("the overview of a first day", () => {
  it("shows the week that it lies in, and an asked-for day alone", () => {
    using db = seedStore({ sessions: 3, commits: 3, days: 1 });
    const dates = (from?: number) =>
      getDashboard(db, { to: SEED_NOW, from }).days.map((d) => d.date);
    assertEquals(dates().length, 7);
    assertEquals(dates(SEED_NOW).length, 1);
  });
});

describe("all there is", () => {
  it("ends with the last thing, a session's after the last commit too", async () => {
    using db = seedStore({ sessions: 30, commits: 90, repositories: 2, days: 30 });
    const last = "2026-06-30";
    for (const query of ["range=all", `range=all&repository=${repositoryIdOf(1)}`]) {
      const labels = (await read(db, `/?${query}`)).match(/chart-axis-labels">.*?<\/p>/s)![0];
      assert(labels.endsWith(`<span>${last}</span></p>`), labels);
    }
    const year = (await read(db, "/?range=year")).match(/chart-axis-labels">.*?<\/p>/s)![0];
    assert(!year.includes(`<span>${last}</span></p>`));
    db.run("UPDATE sessions SET ended_at = ? WHERE id = 30", SEED_NOW + 3 * DAY);
    assert((await read(db, "/?range=all")).includes("<span>2026-07-03</span></p>"));
  });
});

describe("the list of sessions", () => {
  it("keeps the repository that it was asked for when it is filtered further", async () => {
    using db = seedStore({ sessions: 20, commits: 60, repositories: 3 });
    const html = await read(db, `/sessions?repository=${repositoryIdOf(2)}`);
    const select = html.match(/<select name="repository">.*?<\/select>/s)![0];
    assert(/<option(?=[^>]* selected)[^>]* value="0{39}2"/.test(select), select);
  });
});
