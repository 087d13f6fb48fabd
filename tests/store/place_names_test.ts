import { claudeCode } from "../support/agents.ts";
import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import { distinctNames } from "../../lib/store/write/distinct_names.ts";
import { scanRepositories } from "../../lib/sync/steps/scan.ts";
import { openDatabase } from "../../lib/store/database.ts";
import { listProjects } from "../../lib/store/read/projects.ts";
import { listSessions } from "../../lib/store/read/session_list.ts";
import { listRepositories } from "../../lib/store/read/repositories.ts";
import { indexSources } from "../../lib/sync/steps/index_sources.ts";
import { Workspace } from "../support/workspace.ts";

describe("distinctNames", () => {
  it("names by the last part, and by as many folders before it as tell apart", () => {
    assertEquals(
      distinctNames(["/home/a/work/app", "/home/a/play/app", "/home/a/lib", "/srv/bare.git"]),
      ["work/app", "play/app", "lib", "bare"],
    );
    assertEquals(distinctNames(["/a/x/app", "/b/x/app", "/b/y/app"]), [
      "a/x/app",
      "b/x/app",
      "y/app",
    ]);
    assertEquals(distinctNames(["/app", "/x/app"]), ["app", "x/app"]);
    assertEquals(distinctNames(["/"]), ["/"]);
    assertEquals(distinctNames(["C:\\work\\app", "C:\\play\\app", "/odd/a\\b"]), [
      "work/app",
      "play/app",
      "a\\b",
    ]);
  });

  it("gives no two paths one name, each an end of its path", () => {
    const part = fc.constantFrom("a", "b", "app", "x.y");
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((it) => `/${it.join("/")}`);
    fc.assert(fc.property(fc.uniqueArray(path, { maxLength: 12 }), (paths) => {
      const names = distinctNames(paths);
      assertEquals(new Set(names).size, names.length);
      names.forEach((name, i) => assert(paths[i].endsWith(`/${name}`)));
    }));
  });
});

describe("two repositories and two projects of one name", () => {
  it("are told apart wherever they are named, from the sync on that finds the second", async () => {
    await using workspace = await Workspace.empty();
    using db = openDatabase(":memory:");
    const { runGit, claudeDir } = workspace;
    const deps = {
      db,
      runGit,
      agents: claudeCode(claudeDir),
      now: Date.now,
    };
    const names = async () => {
      await indexSources(deps, { onProgress: () => {} });
      await scanRepositories(deps, { onProgress: () => {} });
      const repositories = listRepositories(db).map(({ name }) => name);
      assertEquals(listProjects(db).map(({ name }) => name).sort(), repositories);
      const sessions = listSessions(db).items.map(({ project }) => project?.name);
      assertEquals(sessions.sort(), repositories);
      return repositories;
    };
    for (const folder of ["work", "play"]) await Deno.mkdir(workspace.path(folder));
    await workspace.addSession(await workspace.addEmptyRepository("work/app"));
    assertEquals(await names(), ["app"]);
    await workspace.addSession(await workspace.addEmptyRepository("play/app"));
    assertEquals(await names(), ["play/app", "work/app"]);
    const before = db.changes;
    await names();
    const changes = db.changes - before;
    assertEquals(await names(), ["play/app", "work/app"]);
    assertEquals(db.changes - before, 2 * changes, "and nothing is renamed again");
  });
});
