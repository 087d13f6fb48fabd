import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { RepositoryKey } from "../../lib/domain/ids.ts";
import { openDatabase } from "../../lib/store/database.ts";
import { cached, setBusy } from "../../lib/store/read/cached.ts";
import { countCommitsByState } from "../../lib/store/read/commit_list.ts";
import { listProjects } from "../../lib/store/read/projects.ts";
import { listRepositories } from "../../lib/store/read/repositories.ts";
import { countSessions } from "../../lib/store/read/session_list.ts";
import { getDashboard, getStatus } from "../../lib/store/read/stats.ts";
import { SEED_NOW, seedStore } from "../support/seed.ts";

const ALL = { from: 0, to: SEED_NOW };

describe("getDashboard", () => {
  it("adds its days up to its totals, and these to what lists count", () => {
    using db = seedStore({ sessions: 60, commits: 300 });
    for (const timeZone of ["UTC", "Asia/Kolkata"]) {
      const { totals, days, coverage } = getDashboard(db, { ...ALL, timeZone });
      const sum = (key: "linked" | "unlinked" | "elsewhere" | "activities") =>
        days.reduce((total, day) => total + day[key], 0);
      assertEquals(totals.linked, sum("linked"));
      assertEquals(totals.commits, 300);
      assertEquals(sum("linked") + sum("unlinked") + sum("elsewhere"), 300);
      assertEquals(sum("activities"), 60);
      assertEquals(coverage.sessionsWithCommits, countSessions(db, { hasCommits: true }));
      assertEquals(coverage.sessionsWithCommits + coverage.sessionsWithoutCommits, 60);
    }
  });

  it("divides among repositories what it counts in all", () => {
    using db = seedStore({ sessions: 60, commits: 300, repositories: 3 });
    const all = getDashboard(db, ALL).totals;
    const each = [1, 2, 3].map((id) =>
      getDashboard(db, { ...ALL, repositoryKey: id as RepositoryKey }).totals
    );
    for (const key of ["linked", "unlinked", "elsewhere", "sessions"] as const) {
      assertEquals(each.reduce((total, part) => total + part[key], 0), all[key], key);
    }
  });

  it("leaves out what lies outside the range", () => {
    using db = seedStore({ sessions: 60, commits: 300, days: 30 });
    const week = getDashboard(db, { from: SEED_NOW - 6 * 86_400_000, to: SEED_NOW });
    assertEquals(week.days.length, 7);
    assert(week.totals.commits < 80, `${week.totals.commits}`);
    assert(week.newestLinks.every((commit) => commit.authoredAt >= week.from!));
  });

  it("shows an empty store as empty", () => {
    using db = openDatabase(":memory:");
    const { totals, days, newestLinks } = getDashboard(db, { to: SEED_NOW });
    assertEquals(totals.commits, 0);
    assertEquals(days.length, 1);
    assertEquals(newestLinks, []);
    assertEquals(getStatus(db).sessionsIndexed, 0);
  });

  it("leaves out commits that no ref holds any more", () => {
    using db = seedStore({ sessions: 10, commits: 50 });
    db.run("UPDATE commits SET reachable = 0 WHERE id <= 20");
    assertEquals(getDashboard(db, ALL).totals.commits, 30);
    assertEquals(getStatus(db).commitsFound, 30);
  });
});

describe("lists of all", () => {
  it("give repositories the counts that their commits add up to", () => {
    using db = seedStore({ sessions: 60, commits: 300 });
    const all = countCommitsByState(db);
    const repositories = listRepositories(db);
    const sum = (key: "total" | "linked" | "unlinked" | "elsewhere") =>
      repositories.reduce((total, { commits }) => total + commits[key], 0);
    assertEquals(sum("total"), all.all);
    assertEquals(sum("linked"), all.linked);
    assertEquals(sum("unlinked"), all.unlinked);
    assert(repositories.every(({ worktrees }) => worktrees.length === 2));
  });

  it("give projects their sessions and their repository", () => {
    using db = seedStore({ sessions: 60, commits: 300 });
    const projects = listProjects(db);
    assertEquals(projects.reduce((total, { sessionCount }) => total + sessionCount, 0), 60);
    assert(projects.every(({ repository, path }) => repository?.path === path));
  });
});

describe("cached", () => {
  it("computes once until this connection or another changes something", () => {
    const path = Deno.makeTempFileSync({ prefix: "ascribe-cached-" });
    try {
      using writer = openDatabase(path);
      using reader = openDatabase(path, "read");
      let computed = 0;
      const read = (db = reader) => cached(db, "key", () => ++computed);
      read();
      read();
      assertEquals(computed, 1);
      writer.run("INSERT INTO settings VALUES ('a', '1')");
      read();
      read();
      assertEquals(computed, 2);
      read(writer);
      writer.run("INSERT INTO settings VALUES ('b', '1')");
      read(writer);
      assertEquals(computed, 4);

      const slow = () =>
        cached(reader, "slow", () => {
          const until = performance.now() + 20;
          while (performance.now() < until) { /* It takes its time. */ }
          return ++computed;
        });
      setBusy(reader, true);
      slow();
      writer.run("INSERT INTO settings VALUES ('c', '1')");
      slow();
      assertEquals(computed, 5, "while a sync writes, it is kept for a while");
      setBusy(reader, true);
      slow();
      writer.run("INSERT INTO settings VALUES ('d', '1')");
      setBusy(reader, false);
      slow();
      assertEquals(computed, 7, "once something changed that is shown, it is not");
    } finally {
      for (const suffix of ["", "-wal", "-shm"]) {
        try {
          Deno.removeSync(path + suffix);
        } catch {
          // Not every one is there.
        }
      }
    }
  });
});
