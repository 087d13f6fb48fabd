import { agentsIn } from "./support/agents.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fileURLToPath } from "node:url";
import { makePlace } from "./cli/run_cli.ts";
import { taskArgs } from "./support/server.ts";

/** What the program says without each of its permissions. */
const SENTENCES: [permission: string, sentence: string][] = [
  ["--allow-read", "--allow-read"],
  ["--allow-write", "--allow-write"],
  ["--allow-run=git", "--allow-run=git"],
  ["--allow-net=", "without the right to listen on 127.0.0.1"],
  ["--allow-env=", "--allow-env"],
];

describe("the program without a permission", () => {
  const granted = taskArgs("start").filter((arg) => arg.startsWith("--allow"));

  it("was tried without each that it needs: a sync does without giving way", () => {
    assertEquals(
      SENTENCES.length,
      granted.filter((arg) => arg !== "--allow-sys=setPriority").length,
    );
  });

  for (const [permission, sentence] of SENTENCES) {
    it(`says in a line which it lacks: ${permission}`, async () => {
      await using place = await makePlace();
      const args = taskArgs("start").filter((arg) => !arg.startsWith(permission));
      assertEquals(args.length, taskArgs("start").length - 1);
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...args,
          "--port",
          "0",
          "--data-dir",
          place.dataDir,
          "--claude-dir",
          place.claudeDir,
        ],
        cwd: fileURLToPath(new URL("../", import.meta.url)),
        env: { ...agentsIn("/nonexistent"), DENO_NO_UPDATE_CHECK: "1" },
        stdin: "null",
      }).output();
      const said = new TextDecoder().decode(stderr).trim();
      assertEquals([code, new TextDecoder().decode(stdout)], [1, ""], said);
      assertMatch(said, /^ascribe: [^\n]+$/);
      assertStringIncludes(said, sentence);
      assert(said.includes("Start it with") || permission === "--allow-write", said);
    });
  }
});
