import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { createGitRunner, type GitRunner } from "../../lib/git/run/runner.ts";
import { children, Sandbox } from "./sandbox.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("GitRunner", () => {
  let sandbox: Sandbox;
  let runner: GitRunner;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
    runner = sandbox.runner();
  });

  afterEach(() => sandbox[Symbol.asyncDispose]());

  /** A runner whose git is a shell script. */
  async function fake(script: string, parallel = 4): Promise<GitRunner> {
    await Deno.mkdir(sandbox.path("bin"), { recursive: true });
    await sandbox.script("bin/git", `#!/bin/sh\n${script}\n`);
    const PATH = `${sandbox.path("bin")}:/usr/bin:/bin`;
    return createGitRunner({ environment: { ...sandbox.environment, PATH }, parallel });
  }

  it("gives what git said", async () => {
    await sandbox.init("repo");
    const hash = await sandbox.commit("repo", "first");
    const outcome = await runner.run(["rev-parse", "HEAD"], { cwd: sandbox.path("repo") });
    assert(outcome.kind === "ok");
    assertEquals(text(outcome.stdout).trim(), hash);
  });

  it("tells a refusal with git's code and words", async () => {
    const outcome = await runner.run(["rev-parse", "HEAD"], { cwd: sandbox.folder });
    assert(outcome.kind === "failed");
    assertEquals(outcome.code, 128);
    assertStringIncludes(outcome.stderr, "not a git repository");
  });

  it("feeds git from a string and from pieces", async () => {
    await sandbox.init("repo");
    const cwd = sandbox.path("repo");
    const hash = await sandbox.commit("repo", "first");
    const args = ["cat-file", "--batch-check=%(objecttype)"];
    const whole = await runner.run(args, { cwd, input: `${hash}\n` });
    async function* pieces() {
      for (const part of [hash.slice(0, 10), hash.slice(10), "\n"]) {
        await Promise.resolve();
        yield new TextEncoder().encode(part);
      }
    }
    const pieced = await runner.run(args, { cwd, input: pieces() });
    assert(whole.kind === "ok" && pieced.kind === "ok");
    assertEquals([text(whole.stdout), text(pieced.stdout)], ["commit\n", "commit\n"]);
  });

  it("kills a git that never answers and says that the time is over", async () => {
    const slow = await fake("exec sleep 60");
    const started = performance.now();
    assertEquals(await slow.run(["log"], { timeoutMs: 100 }), { kind: "timeout" });
    assert(performance.now() - started < 20_000);
    assertEquals(await children(), []);
  });

  it("kills a git that is deaf to the first signal", async () => {
    const deaf = await fake("trap '' TERM\nwhile :; do sleep 0.2; done");
    assertEquals(await deaf.run(["log"], { timeoutMs: 100 }), { kind: "timeout" });
    assertEquals(await children(), []);
  });

  it("kills a git that falls silent in the middle of a stream", async () => {
    const silent = await fake("echo one\nexec sleep 60");
    const stream = silent.stream(["log"], { idleMs: 200 });
    let said = "";
    for await (const chunk of stream) said += text(chunk);
    assertEquals(said, "one\n");
    assertEquals(await stream.ended, { kind: "timeout" });
    assertEquals(await children(), []);
  });

  it("kills git when its signal is aborted, whether it writes, waits for input or for its turn", async () => {
    await sandbox.init("repo");
    const cwd = sandbox.path("repo");
    const single = sandbox.runner(1);
    const controller = new AbortController();
    const { signal } = controller;
    async function* never() {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      yield new Uint8Array();
    }
    const waiting = single.run(["cat-file", "--batch"], { cwd, input: never(), signal });
    const queued = single.run(["version"], { signal });
    setTimeout(() => controller.abort(), 50);
    assertEquals(await Promise.all([waiting, queued]), [{ kind: "aborted" }, { kind: "aborted" }]);
    assertEquals(await children(), []);
    assertEquals(await single.run(["version"], { signal }), { kind: "aborted" });
    assertEquals((await single.run(["version"])).kind, "ok");
  });

  it("kills git when nobody reads on", async () => {
    const endless = await fake("while :; do echo y; done");
    const stream = endless.stream(["log"]);
    for await (const _chunk of stream) break;
    assertEquals(await stream.ended, { kind: "aborted" });
    assertEquals(await children(), []);
  });

  it("makes git wait while nobody reads", async () => {
    const eager = await fake(
      `i=0; while [ $i -lt 40 ]; do head -c 65536 /dev/zero; i=$((i+1)); echo $i > ${
        sandbox.path("written")
      }; done`,
    );
    const stream = eager.stream(["log"]);
    let size = 0;
    for await (const chunk of stream) {
      if (size === 0) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        assert(Number(await Deno.readTextFile(sandbox.path("written"))) < 20);
      }
      size += chunk.byteLength;
    }
    assertEquals(size, 40 * 65_536);
    assertEquals((await stream.ended).kind, "ok");
  });

  it("stops a git that says more than is wanted", async () => {
    const loud = await fake("while :; do echo yyyyyyyyyyyyyyyy; done");
    assertEquals(await loud.run(["log"], { maxBytes: 10_000 }), { kind: "tooLarge" });
    assertEquals(await children(), []);
  });

  it("keeps the start of endless complaints only", async () => {
    const angry = await fake("head -c 10000000 /dev/zero | tr '\\0' 'x' >&2; exit 3");
    const outcome = await angry.run(["log"]);
    assert(outcome.kind === "failed");
    assertEquals([outcome.code, outcome.stderr.length], [3, 16_384]);
  });

  it("runs no more children at once than it was told", async () => {
    const running = sandbox.path("running");
    await Deno.mkdir(running);
    const counting = await fake(
      `mkdir ${running}/$$; ls ${running} | wc -l; sleep 0.1; rmdir ${running}/$$`,
      2,
    );
    const said = await Promise.all(Array.from({ length: 6 }, () => counting.run(["log"])));
    const most = said.map((outcome) => outcome.kind === "ok" ? Number(text(outcome.stdout)) : NaN);
    assert(Math.max(...most) <= 2, `saw ${most}`);
  });

  it("says that git is missing", async () => {
    const none = createGitRunner({ environment: { PATH: sandbox.folder } });
    const outcome = await none.run(["version"]);
    assert(outcome.kind === "gitMissing");
    assertStringIncludes(outcome.message, "Install git");
  });

  it("names a git that is there and cannot be started", async () => {
    const path = sandbox.path("shims");
    await Deno.mkdir(path);
    await Deno.writeTextFile(`${path}/git`, "#!/nonexistent/interpreter\n", { mode: 0o755 });
    const outcome = await createGitRunner({ environment: { PATH: path } }).run(["version"]);
    assert(outcome.kind === "gitMissing");
    assertStringIncludes(outcome.message, `${path}/git cannot be started`);
  });

  it("hands on no variable of ours but the few that git needs", async () => {
    const telling = await fake("env");
    const planted = {
      GIT_DIR: "/elsewhere",
      GIT_SSH_COMMAND: "touch canary",
      GIT_EXTERNAL_DIFF: "touch canary",
      LD_PRELOAD: "/canary.so",
      EDITOR: "touch",
    };
    for (const [name, value] of Object.entries(planted)) Deno.env.set(name, value);
    try {
      const outcome = await telling.run(["log"]);
      assert(outcome.kind === "ok");
      const said = text(outcome.stdout);
      assertStringIncludes(said, `HOME=${sandbox.path("home")}`);
      for (const value of Object.values(planted)) assert(!said.includes(value), said);
    } finally {
      for (const name of Object.keys(planted)) Deno.env.delete(name);
    }
  });

  it("takes git from absolute folders only", async () => {
    await sandbox.script("git", `#!/bin/sh\ntouch ${sandbox.path("canary")}\n`);
    const before = Deno.cwd();
    Deno.chdir(sandbox.folder);
    try {
      const PATH = `.::${Deno.env.get("PATH")}`;
      const careful = createGitRunner({ environment: { ...sandbox.environment, PATH } });
      const outcome = await careful.run(["version"], { cwd: sandbox.folder });
      assertEquals(outcome.kind, "ok");
    } finally {
      Deno.chdir(before);
    }
    assertEquals(await Deno.stat(sandbox.path("canary")).catch(() => null), null);
  });
});
