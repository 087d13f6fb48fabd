import { assert, assertEquals, assertMatch } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { acquireLock } from "../../lib/fs/lock_file.ts";
import { freePort, taskArgs } from "../support/server.ts";
import { type CliPlace, makePlace, runCli } from "./run_cli.ts";

describe("the end of a command", () => {
  let place: CliPlace;
  beforeEach(async () => {
    place = await makePlace();
  });
  afterEach(async () => await place[Symbol.asyncDispose]());

  describe("a server that is none of ours", () => {
    it("is said to refuse, whatever it answers", async () => {
      await Deno.mkdir(place.dataDir);
      const locked = await acquireLock(place.dataDir);
      assert(locked.kind === "acquired");
      using lock = locked.lock;
      await using server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => {} },
        () => new Response("<h1>Internal Server Error</h1>", { status: 500 }),
      );
      lock.setAddress(`http://127.0.0.1:${server.addr.port}`);
      for (const command of [["sync"], ["repositories", "alias", "/was", place.folder]]) {
        const { code, stderr } = await runCli(command, place.env);
        assertEquals(code, 1);
        assertMatch(stderr, /^ascribe: Ascribe at http:\/\/127\.0\.0\.1:\d+ refused.*\n$/);
      }
    });
  });

  const SCRIPT = Deno.build.os === "linux" && ["/usr/bin/script", "/bin/script"].some(exists);

  describe("a terminal that is closed", () => {
    it("ends what serves in it, cleanly", { ignore: !SCRIPT }, async () => {
      const url = `http://127.0.0.1:${freePort()}`;
      const words = [Deno.execPath(), ...taskArgs("start"), "--port", new URL(url).port];
      const child = new Deno.Command("script", {
        args: ["-qec", words.map((word) => `'${word}'`).join(" "), "/dev/null"],
        env: { ...place.env, DENO_NO_UPDATE_CHECK: "1", SHELL: "/bin/sh" },
        stdin: "null",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const printed = new Response(child.stdout).text();
      while (!await fetch(`${url}/api/health`).then((it) => it.text(), () => "")) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const { pid } = JSON.parse(Deno.readTextFileSync(`${place.dataDir}/ascribe.lock`));
      Deno.kill(pid, "SIGHUP");
      assertEquals((await child.status).code, 0);
      assertMatch(await printed, /Stopping\./);
    });
  });
});

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
