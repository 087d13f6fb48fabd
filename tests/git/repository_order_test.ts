import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { Sandbox, scan, storeOf } from "./sandbox.ts";

describe("repositories", () => {
  it("are numbered in the order of their folders, whichever git answers for first", async () => {
    await using sandbox = await Sandbox.create();
    const names = ["a", "b", "c"];
    for (const name of names) await sandbox.init(name);
    using db = storeOf(["c", "a", "b"].map((name) => [sandbox.path(name)]));
    const git = sandbox.runner();
    const { promise: others, resolve } = Promise.withResolvers<void>();
    await scan(db, {
      ...git,
      run: async (args, options) => {
        if (options?.cwd?.endsWith("/a")) await others;
        const answer = await git.run(args, options);
        if (options?.cwd?.endsWith("/c")) resolve();
        return answer;
      },
    });
    const paths = db.all<{ path: string }>("SELECT path FROM repositories ORDER BY id");
    assertEquals(paths.map(({ path }) => path), names.map((name) => sandbox.path(name)));
  });
});
