import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { findRefLocations, isOfRefs, isRefLocation } from "../../lib/git/scan/fingerprint.ts";
import { watchFiles } from "../../lib/sync/watch/file_events.ts";
import { Debounce, Watcher } from "../../lib/sync/watch/watcher.ts";
import { startServer } from "../support/server.ts";
import { SseReader } from "../support/sse.ts";
import { until, within } from "../support/wait.ts";
import { claudeCode } from "../support/agents.ts";
import { Workspace } from "../support/workspace.ts";

describe("watching", () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await Workspace.empty();
  });
  afterEach(() => workspace[Symbol.asyncDispose]());

  async function pause(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  async function git(repository: string, ...args: string[]): Promise<void> {
    const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
    const done = await workspace.runGit.run([...identity, ...args], { cwd: repository });
    if (done.kind !== "ok") throw new Error(`git ${args[0]}: ${JSON.stringify(done)}`);
  }

  async function commit(repository: string, subject: string): Promise<void> {
    await git(repository, "commit", "-q", "--allow-empty", "-m", subject);
  }

  describe("Debounce", () => {
    const options = { quietMs: 30, longestMs: 120, mostMs: 400 };

    it("does one piece of work for thousands of events, once they pause", async () => {
      let works = 0;
      using debounce = new Debounce(() => works++, { ...options, longestMs: 10_000 });
      for (let turn = 0; turn < 10; turn++) {
        for (let n = 0; n < 500; n++) debounce.touch();
        await pause(1);
      }
      assertEquals(works, 0);
      await until(() => works === 1);
      await pause(60);
      assertEquals(works, 1);
    });

    it("works while a storm lasts too, the longer it lasts the more seldom", async () => {
      const works: number[] = [];
      const since = performance.now();
      using debounce = new Debounce(() => works.push(performance.now() - since), options);
      while (works.length < 3) {
        debounce.touch();
        await pause(1);
      }
      const [first, second, third] = works;
      assert(first >= 115, `${first}`);
      assert(second - first >= 235, `${works}`);
      assert(third - second >= 395, `${works}`);
    });

    it("forgets what came once it is disposed of", async () => {
      let works = 0;
      {
        using debounce = new Debounce(() => works++, options);
        debounce.touch();
      }
      await pause(60);
      assertEquals(works, 0);
    });
  });

  describe("the places of refs", () => {
    it("are the folders of branches, remotes, tags, packed refs and worktrees", async () => {
      const repository = await workspace.addEmptyRepository("work");
      await commit(repository, "one");
      await git(repository, "worktree", "add", "-q", "../other");
      const commonDir = join(repository, ".git");
      const { folders, trees } = await findRefLocations(commonDir);
      assertEquals(
        folders,
        ["", "/refs", "/worktrees", "/worktrees/other"].map((p) => commonDir + p),
      );
      assertEquals(trees, ["/refs/heads", "/refs/tags"].map((p) => commonDir + p));
    });

    it("tell refs from what git writes beside them", () => {
      const refs = ["HEAD", "packed-refs", "refs/heads/a/b", "worktrees/x/HEAD", "refs/remotes"];
      const others = [
        "index",
        "index.lock",
        "HEAD.lock",
        "refs/heads/main.lock",
        "FETCH_HEAD",
        "logs",
      ];
      assertEquals(refs.filter((path) => isOfRefs(`/w/.git/${path}`)), refs);
      assertEquals(others.filter((path) => isOfRefs(`/w/.git/${path}`)), []);
      assertEquals([...refs, ...others].filter((path) => isRefLocation(`/w/.git/${path}`)), [
        "refs/remotes",
      ]);
      assert(isOfRefs("C:\\w\\.git\\refs\\heads\\main"));
    });
  });

  const watching = { "where the system watches": watchFiles, "where it will not": () => null };
  for (const [where, watch] of Object.entries(watching)) {
    describe(`a watcher, ${where}`, () => {
      let touched: number;
      let watcher: Watcher;
      let repository: string;
      let repositories: string[];

      beforeEach(async () => {
        touched = 0;
        repository = await workspace.addEmptyRepository("work");
        repositories = [join(repository, ".git")];
        await commit(repository, "one");
        const { claudeDir } = workspace;
        const commonDirs = () => repositories;
        watcher = new Watcher({
          agents: claudeCode(claudeDir),
          commonDirs,
          touched: () => touched++,
          watch,
        });
        await watcher.refresh();
        // What is looked at was looked at once.
        await pause(100);
      });
      afterEach(() => watcher[Symbol.dispose]());

      it("notices commits, branches and new transcripts, once each", async () => {
        const works = [
          () => commit(repository, "two"),
          () => git(repository, "branch", "deep/in/a/folder"),
          () => git(repository, "pack-refs", "--all"),
          () => workspace.addSession(repository),
        ];
        for (const work of works) {
          const before = touched;
          await work();
          await until(() => touched > before, 5_000);
          await watcher.refresh();
          await pause(200);
          assertEquals(touched, before + 1);
        }
      });

      it("takes what a worktree, a repository or a folder adds that comes later", async () => {
        await git(repository, "worktree", "add", "-q", "../other");
        await until(() => touched > 0, 5_000);
        await watcher.refresh();
        await pause(500);
        let before = touched;
        await git(workspace.path("other"), "commit", "-q", "--allow-empty", "-m", "there");
        await until(() => touched > before, 5_000);

        const late = await workspace.addEmptyRepository("late");
        repositories = [...repositories, join(late, ".git")];
        await watcher.refresh();
        await pause(1_500);
        before = touched;
        await commit(late, "one");
        await until(() => touched > before, 5_000);

        await Deno.remove(join(workspace.claudeDir, "projects"), { recursive: true });
        await pause(1_500);
        await watcher.refresh();
        before = touched;
        await workspace.addSession(repository);
        await until(() => touched > before, 5_000);
      });

      it("is silent while nothing changes, whatever is read", async () => {
        await workspace.runGit.run(["log"], { cwd: repository });
        for await (
          const _ of Deno.readDir(join(workspace.claudeDir, "projects"))
        ) { /* As a sync does. */ }
        await Deno.writeTextFile(join(repository, ".git", "index.lock"), "");
        await Deno.remove(join(repository, ".git", "index.lock"));
        await pause(1_300);
        assertEquals(touched, 0);
      });
    });
  }

  describe("a server", () => {
    it("shows a commit made in a terminal long before its interval ends, with the task's permissions", async () => {
      const repository = await workspace.addEmptyRepository("work");
      await commit(repository, "one");
      await workspace.addSession(repository, Date.now() - 60_000);
      await using server = await startServer({ claudeDir: workspace.claudeDir });
      const status = async () => await (await fetch(`${server.url}/api/status`)).json();
      const settled = async () => {
        const { commitsFound, running } = await status();
        return running === null && commitsFound === 1;
      };
      const deadline = Date.now() + 20_000;
      while (!await settled() && Date.now() < deadline) await pause(20);
      await pause(500);

      const events = new SseReader(await fetch(`${server.url}/api/events`));
      await commit(repository, "two");
      for (;;) {
        const block = await within(events.next(), 15_000);
        if (block?.event === "changed" && block.data.what.includes("commits")) break;
      }
      assertEquals((await status()).commitsFound, 2);
      await events.leave();
    });
  });
});
