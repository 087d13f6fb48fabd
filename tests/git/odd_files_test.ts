import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { FolderProbe } from "../../lib/git/locate/folder_probe.ts";
import { FolderResolver } from "../../lib/git/locate/identity.ts";
import { createGitReading } from "../../lib/git/read/reading.ts";
import { children, Sandbox, scan, storeOf } from "./sandbox.ts";

describe("a repository with odd files", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    await sandbox.commit("repo", "second");
  });

  afterEach(() => sandbox[Symbol.asyncDispose]());

  it("is given up in bounded time when its files are pipes or endless", async () => {
    for (const file of ["HEAD", "config"]) {
      await sandbox.init(`piped-${file}`);
      const path = sandbox.path(`piped-${file}/.git/${file}`);
      await Deno.remove(path);
      const made = await new Deno.Command("mkfifo", { args: [path] }).output();
      assert(made.success);
      const resolver = new FolderResolver(sandbox.runner(), { timeoutMs: 300 });
      const { kind } = await resolver.resolve(sandbox.path(`piped-${file}`));
      assert(kind === "timeout" || kind === "corrupt", kind);
    }
    const odd: Record<string, (path: string) => Promise<void>> = {
      "packed-refs": (path) => Deno.symlink("/dev/zero", path),
      "refs/heads/endless": (path) => Deno.symlink("/dev/zero", path),
      "refs/heads/long": (path) => Deno.writeTextFile(path, "a".repeat(5_000)),
      "refs/tags/pipe": async (path) => {
        await new Deno.Command("mkfifo", { args: [path] }).output();
      },
    };
    for (const [name, make] of Object.entries(odd)) {
      using db = storeOf([[sandbox.path("repo")]]);
      await make(sandbox.path(`repo/.git/${name}`));
      const { failures } = await scan(db, sandbox.runner());
      assertEquals(failures.map(({ code }) => code), ["corrupt"]);
      assertStringIncludes(failures[0].message, name);
      await Deno.remove(sandbox.path(`repo/.git/${name}`));
    }
    await Deno.symlink(sandbox.path("repo/.git/refs"), sandbox.path("repo/.git/refs/heads/round"));
    using db = storeOf([[sandbox.path("repo")]]);
    const { progress } = await scan(db, sandbox.runner());
    assertEquals(progress.length, 2);
    assertEquals(await children(), []);
  });

  it("keeps no page waiting when its mount is dead", async () => {
    const stat = (path: string | URL) =>
      String(path).startsWith(sandbox.path("repo"))
        ? new Promise<Deno.FileInfo>(() => {})
        : Deno.stat(path);
    const reading = createGitReading(sandbox.runner(), {
      makeProbe: () => new FolderProbe({ fs: { ...Deno, stat }, answerMs: 50 }),
    });
    const path = sandbox.path("repo");
    const repository = { path, commonDir: `${path}/.git` };
    const answer = await reading.ask({ ask: "revision", repository, revision: "HEAD" });
    assert(answer.kind === "error" && answer.code === "timeout", answer.kind);
    assertStringIncludes(answer.message, "did not answer in time");
  });

  it("leaves no trace in the repository it reads", async () => {
    const listing = async () => {
      const files: string[] = [];
      for (const folder of ["repo", "repo/.git", "repo/.git/refs", "repo/.git/objects"]) {
        for await (const { name } of Deno.readDir(sandbox.path(folder))) {
          const { mtime, size } = await Deno.stat(sandbox.path(`${folder}/${name}`));
          files.push(`${folder}/${name} ${mtime?.getTime()} ${size}`);
        }
      }
      return files.sort();
    };
    const before = await listing();
    using db = storeOf([[sandbox.path("repo")]]);
    assertEquals((await scan(db, sandbox.runner())).commitsFound, 2);
    assertEquals(await listing(), before);
  });
});
