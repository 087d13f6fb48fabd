import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { createGitRunner, type GitRunner } from "../../lib/git/run/runner.ts";
import type { Database } from "../../lib/store/database.ts";
import { children, Sandbox, scan, storeOf, watched } from "./sandbox.ts";

describe("scanning repositories of every kind", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
  });

  afterEach(() => sandbox[Symbol.asyncDispose]());

  async function subjects(...folders: string[]): Promise<string[]> {
    using db = storeOf([folders.map((folder) => sandbox.path(folder))]);
    const { failures } = await scan(db, sandbox.runner());
    assertEquals(failures, []);
    return reachable(db);
  }

  const reachable = (db: Database) =>
    db.all<{ subject: string }>("SELECT subject FROM commits WHERE reachable = 1 ORDER BY subject")
      .map(({ subject }) => subject);

  async function seed(): Promise<void> {
    await sandbox.init("seed");
    for (const message of ["1", "2", "3"]) await sandbox.commit("seed", message);
  }

  it("reads bare repositories and worktrees of them", async () => {
    await seed();
    await sandbox.git(".", "clone", "-q", "--bare", "seed", "bare.git");
    assertEquals(await subjects("bare.git"), ["1", "2", "3"]);
    await sandbox.git("bare.git", "worktree", "add", "-q", "-b", "side", "../tree");
    await sandbox.commit("tree", "4");
    assertEquals(await subjects("tree"), ["1", "2", "3", "4"]);
  });

  it("reads SHA-256 repositories", async () => {
    await sandbox.init("repo", "--object-format=sha256");
    await sandbox.commit("repo", "1");
    using db = storeOf([[sandbox.path("repo")]]);
    await scan(db, sandbox.runner());
    const row = db.get(
      "SELECT length(c.hash) AS length, object_format FROM commits c, repositories",
    );
    assertEquals({ ...row as object }, { length: 64, object_format: "sha256" });
  });

  it("reads shallow clones as far as they go, and further once they are made deeper", async () => {
    await seed();
    await sandbox.git(".", "clone", "-q", "--depth=1", `file://${sandbox.path("seed")}`, "repo");
    using db = storeOf([[sandbox.path("repo")]]);
    await scan(db, sandbox.runner());
    assertEquals(reachable(db), ["3"]);
    assertEquals(db.get<{ roots: string }>("SELECT roots FROM repositories")!.roots, "[]");
    await sandbox.git("repo", "fetch", "-q", "--unshallow");
    await scan(db, sandbox.runner());
    assertEquals(reachable(db), ["1", "2", "3"]);
  });

  it("reads partial clones without fetching what they lack", async () => {
    await seed();
    await sandbox.git("seed", "config", "uploadpack.allowFilter", "true");
    const url = `file://${sandbox.path("seed")}`;
    await sandbox.git(".", "clone", "-q", "--filter=tree:0", "--no-checkout", url, "repo");
    const objects = () => sandbox.git("repo", "count-objects", "-v");
    const before = await objects();
    assertEquals(await subjects("repo"), ["1", "2", "3"]);
    assertEquals(await objects(), before);
  });

  it("reads commits of a detached HEAD, of submodules and of separate git directories", async () => {
    await seed();
    await sandbox.git("seed", "checkout", "-q", "--detach");
    await sandbox.commit("seed", "off any branch");
    assertEquals(await subjects("seed"), ["1", "2", "3", "off any branch"]);

    await sandbox.init("outer");
    await sandbox.commit("outer", "around");
    await sandbox.git("outer", "submodule", "--quiet", "add", sandbox.path("seed"), "inner");
    assertEquals(await subjects("outer/inner"), ["1", "2", "3", "off any branch"]);

    await sandbox.init("apart", `--separate-git-dir=${sandbox.path("apart-git")}`);
    await sandbox.commit("apart", "kept elsewhere");
    assertEquals(await subjects("apart"), ["kept elsewhere"]);
  });

  it("reads a separate git directory whose folder is gone", async () => {
    await sandbox.init("apart", `--separate-git-dir=${sandbox.path("apart-git")}`);
    await sandbox.commit("apart", "1");
    using db = storeOf([[sandbox.path("apart")]]);
    await scan(db, sandbox.runner());
    await Deno.remove(sandbox.path("apart"), { recursive: true });
    await sandbox.git("apart-git", "--git-dir=.", "branch", "more");
    const { failures } = await scan(db, sandbox.runner());
    assertEquals(failures, []);
  });

  it("reads a repository that another git is writing to", async () => {
    await seed();
    for (const name of ["index.lock", "HEAD.lock", "packed-refs.lock", "refs/heads/main.lock"]) {
      await Deno.writeTextFile(sandbox.path(`seed/.git/${name}`), "");
    }
    assertEquals(await subjects("seed"), ["1", "2", "3"]);
  });

  it("passes over a ref whose object is missing", async () => {
    await seed();
    await Deno.writeTextFile(sandbox.path("seed/.git/refs/heads/lost"), `${"a".repeat(40)}\n`);
    await Deno.writeTextFile(sandbox.path("seed/.git/refs/heads/junk"), "not a hash\n");
    assertEquals(await subjects("seed"), ["1", "2", "3"]);
  });

  it("gives up a repository where git never answers, and no other", async () => {
    await seed();
    await sandbox.init("slow");
    await sandbox.commit("slow", "late");
    await Deno.mkdir(sandbox.path("bin"));
    const script = `case "$*" in *rev-parse*) ;; */slow*) exec sleep 60;; esac\n` +
      `PATH="${Deno.env.get("PATH")}" exec git "$@"`;
    await sandbox.script("bin/git", `#!/bin/sh\n${script}\n`);
    const PATH = `${sandbox.path("bin")}:/usr/bin:/bin`;
    const runner = hasty(createGitRunner({ environment: { ...sandbox.environment, PATH } }), 2_000);
    using db = storeOf([[sandbox.path("seed"), sandbox.path("slow")]]);
    const started = performance.now();
    const { failures, progress } = await scan(db, runner);
    assert(performance.now() - started < 30_000);
    assertEquals(failures.map(({ repo, code }) => [repo, code]), [[
      sandbox.path("slow"),
      "timeout",
    ]]);
    assertEquals(progress.length, 3);
    assertEquals(reachable(db), ["1", "2", "3"]);
    assertEquals(await children(), []);
  });

  it("survives a repository that is deleted while it is scanned", async () => {
    await seed();
    await sandbox.init("other");
    await sandbox.commit("other", "4");
    const runner = sandbox.runner();
    const deleting: GitRunner = {
      run: runner.run,
      stream: (args, options) => {
        if (options?.cwd === sandbox.path("seed")) {
          Deno.removeSync(sandbox.path("seed"), { recursive: true });
        }
        return runner.stream(args, options);
      },
    };
    using db = storeOf([[sandbox.path("seed"), sandbox.path("other")]]);
    const { failures, progress } = await scan(db, deleting);
    assertEquals([failures.length, progress.length], [1, 3]);
    assertEquals(reachable(db), ["4"]);
  });

  it("changes no row when nothing changed, but for the time of the scan", async () => {
    await seed();
    await sandbox.init("empty");
    await Deno.mkdir(sandbox.path("plain"));
    const folders = ["seed", "seed/.worktrees/x", "empty", "plain", "gone", "seed/src"];
    using db = storeOf([folders.map((folder) => sandbox.path(folder))]);
    const dump = () =>
      ["commits", "repository_paths", "repository_tips", "session_folders"].map((table) =>
        db.all(`SELECT * FROM ${table} ORDER BY 1`)
      ).concat([
        db.all("SELECT id, common_dir, path, state, fingerprint, facts_version FROM repositories"),
      ]);
    await scan(db, sandbox.runner());
    const before = dump();
    const runner = watched(sandbox.runner());
    await scan(db, runner);
    assertEquals(dump(), before);
    assertEquals(runner.calls, []);
  });

  /** A runner that waits less long. */
  function hasty(runner: GitRunner, timeoutMs: number): GitRunner {
    return {
      run: (args, options) => runner.run(args, { ...options, timeoutMs }),
      stream: (args, options) => runner.stream(args, { ...options, timeoutMs, idleMs: timeoutMs }),
    };
  }
});
