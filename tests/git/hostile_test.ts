import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { readGitEnvironment } from "../../lib/config.ts";
import { readChanges, readPaths } from "../../lib/git/diff/changes.ts";
import { FolderResolver } from "../../lib/git/locate/identity.ts";
import { createGitReading, type GitReading } from "../../lib/git/read/reading.ts";
import { createGitRunner, type GitRunner } from "../../lib/git/run/runner.ts";
import type { CommitHash } from "../../lib/domain/ids.ts";
import { readAttributions } from "../../lib/git/notes/attributions.ts";
import {
  readHead,
  readOrigins,
  readRenames,
  readSurvivingFiles,
} from "../../lib/git/blame/surviving.ts";
import { FULL } from "../support/harness.ts";
import { Sandbox, scan, storeOf } from "./sandbox.ts";
import { canaryOf, type Trap, TRAPS } from "./traps.ts";

/** Repositories with traps: each with one of them in full, otherwise as few as can hold all. */
function repositories(): [name: string, traps: Trap[]][] {
  if (FULL) return Object.entries(TRAPS).map(([name, trap]) => [name, [trap]]);
  const places = Map.groupBy(Object.entries(TRAPS), ([, { apart }]) => apart ?? "");
  return [...places.values()].map((traps) => [
    traps.map(([name]) => name).join(", "),
    traps.map(([, trap]) => trap),
  ]);
}

describe("a hostile repository", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
    await sandbox.init("repo");
    await sandbox.commit("repo", "first", { files: { "a.txt": "one\n", ".gitattributes": "" } });
    await sandbox.commit("repo", "second", { files: { "a.txt": "two\n" } });
    await sandbox.script(
      "canary",
      `#!/bin/sh\necho "$0 $*" >> '${sandbox.path("sung")}'\nexit 1\n`,
    );
  });

  afterEach(() => sandbox[Symbol.asyncDispose]());

  const forget = () => Deno.remove(sandbox.path("sung")).catch(() => {});
  const sung = () => Deno.readTextFile(sandbox.path("sung")).catch(() => "");
  const write = (name: string, text: string) => Deno.writeTextFile(sandbox.path(name), text);

  /** All that the program ever does with a repository. */
  async function readAll(runner: GitRunner): Promise<void> {
    using db = storeOf([[sandbox.path("repo")]]);
    await new FolderResolver(runner).resolve(sandbox.path("repo"));
    await scan(db, runner);
    const hashes = db.all<{ hash: string }>("SELECT hash FROM commits").map(({ hash }) => hash);
    const options = { cwd: sandbox.path("repo"), hashes };
    await Array.fromAsync(readPaths(runner, options));
    await Array.fromAsync(readChanges(runner, options));
    await readAttributions(runner, { cwd: options.cwd, checkpoints: new Set(["0123456789ab"]) });
    await count(runner);
    await look(createGitReading(runner), db.all("SELECT hash, parents FROM commits"));
  }

  /** All that counting the lines that still stand asks. */
  async function count(runner: GitRunner): Promise<void> {
    const place = { cwd: sandbox.path("repo"), ceiling: sandbox.folder };
    const found = await readHead(runner, { place });
    if (found.kind !== "ok" || found.head === null) return;
    const options = { place, head: found.head, since: 0 };
    await readSurvivingFiles(runner, ["a.txt"], options);
    await readRenames(runner, options);
    await readOrigins(runner, "a.txt", options);
  }

  /** All that pages ask. */
  async function look(
    reading: GitReading,
    commits: { hash: CommitHash; parents: string }[],
  ): Promise<void> {
    const path = sandbox.path("repo");
    const repository = { path, commonDir: `${path}/.git` };
    await reading.ask({ ask: "revision", repository, revision: "HEAD" });
    await reading.ask({ ask: "sizes", repository, hashes: commits.map(({ hash }) => hash) });
    for (const { hash, parents } of commits) {
      const count = parents === "" ? 0 : parents.split(" ").length;
      await reading.ask({ ask: "diff", repository, hash, parents: count });
      await reading.ask({ ask: "message", repository, hash });
      await reading.ask({ ask: "refs", repository, holding: hash });
      await reading.ask({ ask: "path", repository, hash, path: "" });
      await reading.ask({ ask: "blame", repository, hash, path: "a.txt", from: 1, count: 10 });
    }
  }

  const canary = () => canaryOf(sandbox);

  async function set({ config, plant }: Trap): Promise<string> {
    await plant?.(sandbox);
    return (config ?? "").replaceAll("CANARY", canary())
      .replaceAll("HOOKS", sandbox.path("hooks"))
      .replaceAll("ATTRIBUTES", sandbox.path("attributes"));
  }

  for (const [name, traps] of repositories()) {
    it(`runs nothing by way of ${name}`, async () => {
      const configs: string[] = [];
      for (const trap of traps) configs.push(await set(trap));
      // Only now, so that they stand in no other trap's way while it is set.
      const path = sandbox.path("repo/.git/config");
      const text = configs.join("\n");
      if (text !== "") await Deno.writeTextFile(path, `\n${text}\n`, { append: true });
      await forget();
      const environment = { ...sandbox.environment, PATH: `.:${Deno.env.get("PATH")}` };
      await readAll(createGitRunner({ environment }));
      assertEquals(await sung(), "");
      const springs = new Set(traps.map(({ springs }) => springs?.join("\n")));
      springs.delete(undefined);
      for (const command of springs) {
        await sandbox.git("repo", ...command!.split("\n")).catch(() => {});
        assert((await sung()) !== "", `git did not run it either: ${command}`);
        await forget();
      }
    });
  }

  it("writes no trace where its configuration says", async () => {
    const traced = sandbox.path("traced");
    for (const target of ["eventTarget", "normalTarget", "perfTarget"]) {
      await sandbox.git("repo", "config", `trace2.${target}`, traced);
    }
    await readAll(sandbox.runner());
    assertEquals(await Deno.stat(traced).catch(() => null), null);
  });

  it("has no commit stand for another, nor a history that it never had", async () => {
    const [second, first] = (await sandbox.git("repo", "rev-list", "HEAD")).split("\n");
    await sandbox.git("repo", "replace", second, first);
    await write("repo/.git/info/grafts", `${second}\n`);
    using db = storeOf([[sandbox.path("repo")]]);
    await scan(db, sandbox.runner());
    assertEquals(
      db.all<{ subject: string; parents: string }>(
        "SELECT subject, parents FROM commits ORDER BY author_at",
      ).map((row) => ({ ...row })),
      [{ subject: "first", parents: "" }, { subject: "second", parents: first }],
    );
  });

  it("runs nothing by way of the environment", async () => {
    const target = sandbox.path("traced");
    const planted: Record<string, string> = {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.fsmonitor",
      GIT_CONFIG_VALUE_0: canary(),
      GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${canary()}'`,
      GIT_CONFIG_GLOBAL: sandbox.path("evil"),
      GIT_DIR: sandbox.path("elsewhere"),
      GIT_WORK_TREE: sandbox.path("elsewhere"),
      GIT_EXEC_PATH: sandbox.folder,
      GIT_EXTERNAL_DIFF: canary(),
      GIT_PAGER: canary(),
      GIT_SSH: canary(),
      GIT_SSH_COMMAND: canary(),
      GIT_ASKPASS: canary(),
      GIT_PROXY_COMMAND: canary(),
      GIT_TRACE: target,
      GIT_TRACE2_EVENT: target,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: sandbox.folder,
      GIT_NAMESPACE: "evil",
      PAGER: canary(),
    };
    await write("evil", `[core]\nfsmonitor = ${canary()}\n`);
    for (const [name, value] of Object.entries(planted)) Deno.env.set(name, value);
    try {
      const environment = { ...readGitEnvironment(), HOME: sandbox.path("home") };
      using db = storeOf([[sandbox.path("repo")]]);
      const { commitsFound } = await scan(db, createGitRunner({ environment }));
      assertEquals(commitsFound, 2);
    } finally {
      for (const name of Object.keys(planted)) Deno.env.delete(name);
    }
    assertEquals(await sung(), "");
    assertEquals(await Deno.stat(target).catch(() => null), null);
  });
});
