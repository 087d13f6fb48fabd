import { claudeCode } from "../support/agents.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { GitRunner, GitStream } from "../../lib/git/run/runner.ts";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import { runGitSync } from "../../lib/sync/pipeline.ts";
import { canonicalDump, firstDifference } from "../support/canonical_dump.ts";
import { Workspace } from "../support/workspace.ts";

/** Runs git as `runner` does, and calls `heard` each time that a log has been read from in part. */
function halfHeard(runner: GitRunner, heard: () => void): GitRunner {
  return {
    run: runner.run,
    stream(args, options): GitStream {
      const stream = runner.stream(args, options);
      if (!args.includes("log")) return stream;
      return {
        ended: stream.ended,
        async *[Symbol.asyncIterator]() {
          for await (const chunk of stream) {
            yield chunk;
            heard();
          }
        },
      };
    },
  };
}

describe("a sync that is cancelled within a repository", () => {
  it("leaves no commit that the next one does not link", async () => {
    await using workspace = await Workspace.withOwnSample();
    const sync = (db: Database, runGit: GitRunner, signal?: AbortSignal) =>
      runGitSync(
        {
          db,
          agents: claudeCode(workspace.claudeDir),
          runGit,
          now: Date.now,
        },
        { onProgress: () => {}, signal },
      );
    using undisturbed = openDatabase(":memory:");
    await sync(undisturbed, workspace.runGit);
    const paths = undisturbed.all<{ path: string }>(
      "SELECT path FROM repositories WHERE last_outcome = 'scanned'",
    ).map(({ path }) => path);
    const git = async (cwd: string, ...args: string[]) => {
      const outcome = await workspace.runGit.run(args, { cwd });
      assert(outcome.kind === "ok", JSON.stringify(outcome));
      return new TextDecoder().decode(outcome.stdout).trim();
    };

    // Links are there already when more commits come: nothing else would have the repository linked anew.
    using db = openDatabase(":memory:");
    const tips = new Map<string, string>();
    for (const path of paths) {
      tips.set(path, await git(path, "rev-parse", "HEAD"));
      await git(path, "update-ref", "HEAD", "HEAD~5");
    }
    await sync(db, workspace.runGit);
    for (const [path, tip] of tips) await git(path, "update-ref", "HEAD", tip);
    const stored = () => db.get<{ n: number }>("SELECT count(*) AS n FROM commits")!.n;
    const before = stored();
    for (let logs = 1; logs <= 3; logs++) {
      const abort = new AbortController();
      let left = logs;
      const runGit = halfHeard(workspace.runGit, () => {
        if (--left === 0) abort.abort();
      });
      await assertRejects(() => sync(db, runGit, abort.signal), DOMException);
    }
    assert(stored() > before, "it stored commits before it was cancelled");
    await sync(db, workspace.runGit);
    assertEquals(firstDifference(canonicalDump(undisturbed), canonicalDump(db)), null);
  });
});
