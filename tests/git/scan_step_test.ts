import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { existsSync } from "node:fs";
import { createGitRunner } from "../../lib/git/run/runner.ts";
import type { Database } from "../../lib/store/database.ts";
import { listRepositories } from "../../lib/store/read/repositories.ts";
import { setExcluded } from "../../lib/store/write/repositories.ts";
import {
  deleteAlias,
  listAliases,
  saveAlias,
  suggestMoves,
} from "../../lib/store/write/repository_aliases.ts";
import { locationOf } from "../../lib/store/write/repository_paths.ts";
import { until } from "../support/wait.ts";
import { addSession, children, Sandbox, scan, START, storeOf, watched } from "./sandbox.ts";

describe("scanRepositories", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
  });

  afterEach(() => sandbox[Symbol.asyncDispose]());

  const commits = (db: Database, reachable = 1) =>
    db.all<{ subject: string }>(
      "SELECT subject FROM commits WHERE reachable = ? ORDER BY subject",
      reachable,
    ).map(({ subject }) => subject);

  const outcomes = (progress: { type: string }[]) =>
    progress.flatMap((step) => {
      if (step.type !== "repoScanned") return [];
      const { repo, outcome } = step as unknown as { repo: string; outcome: string };
      return [`${repo.replace(`${sandbox.folder}/`, "")} ${outcome}`];
    }).sort();

  it("reaches its total with repositories that fail, are empty and are missing", async () => {
    for (const name of ["good", "empty", "broken", "halved", "vanishing"]) await sandbox.init(name);
    for (const name of ["good", "broken", "halved", "vanishing"]) {
      await sandbox.commit(name, `first of ${name}`);
    }
    const lost = await sandbox.git("halved", "rev-parse", "HEAD");
    await sandbox.commit("halved", "second of halved");
    await Deno.remove(sandbox.path(`halved/.git/objects/${lost.slice(0, 2)}/${lost.slice(2)}`));
    await Deno.writeTextFile(sandbox.path("broken/.git/config"), "[core\n");
    await Deno.mkdir(sandbox.path("plain"));
    const folders = ["good", "empty", "broken", "halved", "vanishing", "plain", "gone/for/long"];
    using db = storeOf(folders.map((name) => [sandbox.path(name)]));
    const first = await scan(db, sandbox.runner());
    assertEquals(first.progress[0], { type: "scanningStarted", totalRepos: 5 });
    assertEquals(outcomes(first.progress), [
      "broken failed",
      "empty empty",
      "good scanned",
      "halved failed",
      "vanishing scanned",
    ]);
    const counted = first.progress.slice(1).map((step) => "reposDone" in step && step.reposDone);
    assertEquals(counted, [1, 2, 3, 4, 5]);
    assertEquals(first.failures.map(({ code }) => code), ["corrupt", "corrupt"]);
    for (const { repo, message } of first.failures) assertStringIncludes(message, repo);
    assert(commits(db).includes("first of good"));

    await Deno.remove(sandbox.path("vanishing"), { recursive: true });
    const second = await scan(db, sandbox.runner());
    assertEquals(outcomes(second.progress), [
      "broken failed",
      "empty empty",
      "good unchanged",
      "halved failed",
      "vanishing failed",
    ]);
    assert(second.failures.some(({ code }) => code === "gone"));
    assert(commits(db).includes("first of vanishing"));

    const third = await scan(db, sandbox.runner());
    assertEquals(third.progress[0], { type: "scanningStarted", totalRepos: 4 });
    const row = db.get<{ state: string; failure_code: string }>(
      "SELECT state, failure_code FROM repositories WHERE name = 'vanishing'",
    );
    assertEquals({ ...row }, { state: "gone", failure_code: "gone" });
  });

  it("takes a repository that comes back in again", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    using db = storeOf([[sandbox.path("repo")]]);
    await scan(db, sandbox.runner());
    await Deno.rename(sandbox.path("repo"), sandbox.path("away"));
    await scan(db, sandbox.runner());
    assertEquals((await scan(db, sandbox.runner())).reposScanned, 0);
    await Deno.rename(sandbox.path("away"), sandbox.path("repo"));
    const { progress } = await scan(db, sandbox.runner());
    assertEquals(outcomes(progress), ["repo scanned"]);
    assertEquals(commits(db), ["first"]);
  });

  it("starts no process for repositories that have not changed", async () => {
    for (const name of ["a", "b"]) {
      await sandbox.init(name);
      await sandbox.commit(name, name);
    }
    using db = storeOf([[sandbox.path("a"), sandbox.path("b")]]);
    await scan(db, sandbox.runner());
    const runner = watched(sandbox.runner());
    const { commitsFound } = await scan(db, runner);
    assertEquals([runner.calls, commitsFound], [[], 0]);
    await sandbox.commit("b", "more");
    const { progress } = await scan(db, runner);
    assertEquals(outcomes(progress), ["a unchanged", "b scanned"]);
    assert(!runner.calls.includes("rev-parse"));
  });

  it("counts new commits once, and marks those that an amend left behind", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "base");
    await sandbox.commit("repo", "typo");
    using db = storeOf([[sandbox.path("repo")]]);
    assertEquals((await scan(db, sandbox.runner())).commitsFound, 2);
    await sandbox.commit("repo", "fixed", { args: ["--amend"] });
    const { commitsFound, changedRepositories } = await scan(db, sandbox.runner());
    assertEquals([commitsFound, changedRepositories], [1, [1]]);
    assertEquals([commits(db), commits(db, 0)], [["base", "fixed"], ["typo"]]);
    await sandbox.git("repo", "branch", "old", "HEAD@{1}");
    assertEquals((await scan(db, sandbox.runner())).commitsFound, 0);
    assertEquals([commits(db), commits(db, 0)], [["base", "fixed", "typo"], []]);
  });

  it("finds what was amended before the first scan in the reflog, without counting it", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "typo");
    await sandbox.commit("repo", "fixed", { args: ["--amend"] });
    using db = storeOf([[sandbox.path("repo")]]);
    assertEquals((await scan(db, sandbox.runner())).commitsFound, 1);
    assertEquals([commits(db), commits(db, 0)], [["fixed"], ["typo"]]);
  });

  it("reads further back when an earlier session appears", async () => {
    const day = 86_400_000;
    await sandbox.init("repo");
    await sandbox.commit("repo", "early", { at: START - 30 * day });
    await sandbox.commit("repo", "late", { at: START });
    using db = storeOf([[sandbox.path("repo")]]);
    await scan(db, sandbox.runner());
    assertEquals(commits(db), ["late"]);
    addSession(db, "earlier", [sandbox.path("repo")], START - 31 * day);
    assertEquals((await scan(db, sandbox.runner())).commitsFound, 1);
    assertEquals(commits(db), ["early", "late"]);
  });

  it("counts a session that works in three repositories for three", async () => {
    for (const name of ["a", "b", "c"]) {
      await sandbox.init(name);
      await sandbox.commit(name, name);
    }
    await Deno.mkdir(sandbox.path("b/src"));
    using db = storeOf([[sandbox.path("a")]]);
    const file = db.run(
      `INSERT INTO sources (agent, key, path, stamp, reader_version) VALUES ('claude-code', 'x', 'x', '', 0)`,
    ).lastId;
    const event = (kind: string, data: unknown) =>
      db.run(
        `INSERT INTO session_events (session_id, source_id, at, kind, message, cwd, data)
         VALUES (1, ?, ?, ?, 0, ?, ?)`,
        file,
        START,
        kind,
        sandbox.path("a"),
        JSON.stringify(data),
      );
    event("edit", { path: sandbox.path("b/src/x.ts") });
    event("command", { command: `cd ${sandbox.path("c")} && git commit -m x` });
    const { progress } = await scan(db, sandbox.runner());
    assertEquals(outcomes(progress), ["a scanned", "b scanned", "c scanned"]);
    const place = locationOf(db, sandbox.path("b/src/x.ts"));
    assertEquals([place?.root, place?.path], [sandbox.path("b"), "src/x.ts"]);
  });

  it("counts worktrees, deleted ones included, as one repository", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    await sandbox.git("repo", "worktree", "add", "-q", "-b", "side", "../beside");
    await sandbox.commit("beside", "on the side");
    const folders = ["repo", "repo/sub", "beside", "repo/.claude/worktrees/x"];
    using db = storeOf([folders.map((name) => sandbox.path(name))]);
    const { progress } = await scan(db, sandbox.runner());
    assertEquals(outcomes(progress), ["repo scanned"]);
    assertEquals(commits(db), ["first", "on the side"]);
    await sandbox.git("repo", "worktree", "remove", "--force", "../beside");
    await scan(db, sandbox.runner());
    const row = db.get<{ repository_id: number; outcome: string }>(
      "SELECT repository_id, outcome FROM repository_paths WHERE path = ?",
      sandbox.path("beside"),
    );
    assertEquals({ ...row }, { repository_id: 1, outcome: "gone" });
  });

  it("leaves out what the user left out", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    using db = storeOf([[sandbox.path("repo")]]);
    await scan(db, sandbox.runner());
    const { id } = listRepositories(db)[0];
    setExcluded(db, id, true);
    await sandbox.commit("repo", "second");
    assertEquals((await scan(db, sandbox.runner())).reposScanned, 0);
    assertEquals(commits(db), ["first"]);
    setExcluded(db, id, false);
    assertEquals((await scan(db, sandbox.runner())).commitsFound, 1);
  });

  it("suggests where a repository went, and follows an alias", async () => {
    await sandbox.init("old");
    await sandbox.commit("old", "first");
    using db = storeOf([[sandbox.path("old")]]);
    await scan(db, sandbox.runner());
    await Deno.rename(sandbox.path("old"), sandbox.path("new"));
    addSession(db, "later", [sandbox.path("new")]);
    await scan(db, sandbox.runner());
    const move = { oldPath: sandbox.path("old"), newPath: sandbox.path("new") };
    assertEquals(suggestMoves(db).map(({ oldPath, newPath }) => ({ oldPath, newPath })), [move]);

    saveAlias(db, move);
    assertEquals(suggestMoves(db), []);
    assertEquals(listAliases(db).map((alias) => ({ ...alias })), [move]);
    await scan(db, sandbox.runner());
    const places = [sandbox.path("old/x"), sandbox.path("new/x")].map((path) =>
      locationOf(db, path)
    );
    assertEquals(places[0]?.repositoryId, places[1]?.repositoryId);
    assertEquals(db.all("SELECT path FROM repositories").map((row) => ({ ...row as object })), [
      { path: move.newPath },
    ]);
    assertEquals([commits(db), commits(db, 0)], [["first"], []]);
    assert(deleteAlias(db, move.oldPath));
    assert(!deleteAlias(db, move.oldPath));
  });

  it("stores no password of a remote, and what else it learns of a repository", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    await sandbox.git("repo", "remote", "add", "origin", "https://ada:secret@example.org/a.git");
    await sandbox.git("repo", "config", "user.email", "work@example.org");
    using db = storeOf([[sandbox.path("repo")]]);
    await scan(db, sandbox.runner());
    const row = db.get(
      "SELECT remotes, user_email, default_branch, object_format, json_array_length(roots) AS roots FROM repositories",
    );
    assertEquals({ ...row as object }, {
      remotes: '["https://example.org/a.git"]',
      user_email: "work@example.org",
      default_branch: "main",
      object_format: "sha1",
      roots: 1,
    });
  });

  it("ends at once when it is aborted, keeps what it has, and leaves no child", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    await Deno.mkdir(sandbox.path("bin"));
    const asked = sandbox.path("asked");
    const slow = `case "$*" in *" log "*) : > '${asked}'; exec sleep 60;; esac\nPATH="${
      Deno.env.get("PATH")
    }" exec git "$@"`;
    await sandbox.script("bin/git", `#!/bin/sh\n${slow}\n`);
    const runner = createGitRunner({
      environment: { ...sandbox.environment, PATH: `${sandbox.path("bin")}:/usr/bin:/bin` },
    });
    using db = storeOf([[sandbox.path("repo")]]);
    const controller = new AbortController();
    const scanning = assertRejects(
      () => scan(db, runner, { signal: controller.signal }),
      DOMException,
    );
    await until(() => existsSync(asked));
    const since = performance.now();
    controller.abort();
    await scanning;
    // git would go on for a minute.
    assert(performance.now() - since < 20_000);
    assertEquals(await children(), []);
    assertEquals((await scan(db, sandbox.runner())).commitsFound, 1);
  });

  it("fails with a sentence when there is no git", async () => {
    await sandbox.init("repo");
    using db = storeOf([[sandbox.path("repo")]]);
    const none = createGitRunner({ environment: { PATH: sandbox.folder } });
    await assertRejects(() => scan(db, none), Error, "Install git");
  });
});
