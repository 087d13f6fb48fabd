import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ENVIRONMENT_VARIABLES } from "../lib/config.ts";
import { GIT_ENVIRONMENT } from "../lib/git/run/environment.ts";
import { startServer, taskArgs } from "./support/server.ts";

/** What Fresh reads when it is imported: without these names no command would start on it. */
const FRESH_ENVIRONMENT = ["DENO_DEPLOYMENT_ID", "GITHUB_SHA", "CI_COMMIT_SHA"];

describe("permissions of the product", () => {
  for (const task of ["start", "cli", "sample", "compile"]) {
    it(`are as few in the task ${task} as the program can do with`, () => {
      const granted = taskArgs(task).filter((arg) => /^(-A|--allow|--deny|--no-prompt)/.test(arg));
      const environment = granted.find((arg) => arg.startsWith("--allow-env="))!;
      const names = environment.slice("--allow-env=".length).split(",");
      assertEquals(
        new Set(names),
        new Set([...ENVIRONMENT_VARIABLES, ...GIT_ENVIRONMENT, ...FRESH_ENVIRONMENT]),
      );
      assertEquals(granted.filter((arg) => arg !== environment), [
        "--no-prompt",
        "--allow-read",
        "--allow-write",
        "--allow-run=git",
        "--allow-sys=setPriority",
        "--allow-net=127.0.0.1,localhost,[::1]",
      ]);
    });
  }

  it("are those and the network's addresses where it is to be open to the network", () => {
    const net = "--allow-net=";
    const own = taskArgs("start").map((arg) => arg.replace(net, `${net}0.0.0.0,[::],`));
    assertEquals(taskArgs("start:network"), own);
  });

  it("let it listen on every address of this machine that it may be given", async () => {
    for (const host of ["localhost", "::1"]) {
      await using server = await startServer({ host });
      assertEquals((await fetch(`${server.url}/api/health`)).status, 200);
    }
  });
});
