import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join } from "node:path";
import { openStore } from "../../lib/store/open.ts";
import { listRuns } from "../../lib/store/write/runs.ts";
import { sharedSample } from "../support/sample.ts";
import { type CliPlace, makePlace, runCli, startCli } from "./run_cli.ts";

describe("ascribe sample, sync and links", () => {
  let place: CliPlace;
  let dir: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    place = await makePlace();
    dir = join(place.folder, "sample");
    env = { ...place.env, CLAUDE_CONFIG_DIR: join(dir, "claude") };
    const { code, stdout } = await runCli(["sample", dir, "--date", "2026-03-31", "--json"], env);
    assertEquals(code, 0);
    const { sessions, commits, claudeDir } = JSON.parse(stdout);
    assert(sessions >= 40 && commits >= 150);
    assertEquals(claudeDir, env.CLAUDE_CONFIG_DIR);
    const synced = await runCli(["sync", "--json"], env);
    assertEquals(synced.code, 0, synced.stderr);
    const result = JSON.parse(synced.stdout);
    assertEquals([result.outcome, result.commitsFound], ["completed", commits]);
    assertEquals(result.failures.length, 1);
    assert(result.linksCreated > 50);
  });
  afterAll(async () => await place[Symbol.asyncDispose]());

  const links = async (...args: string[]) => {
    const { code, stdout } = await runCli(["links", "--format", "json", ...args], env);
    assertEquals(code, 0);
    return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  };

  it("refuses to build a sample where something is already", async () => {
    const { code, stderr } = await runCli(["sample", dir], env);
    assertEquals(code, 1);
    assertMatch(stderr, /is not an empty folder/);
  });

  it("shows progress as plain lines where nobody watches, and totals on standard output", async () => {
    const { code, stdout, stderr } = await runCli(["sync", "--rebuild"], env);
    assertEquals([code, stdout], [
      0,
      "Sync completed: 6 repos | 0 commits | 0 links | 1 repository failed\n",
    ]);
    assertMatch(stderr, /^Reading sessions 67\/67\.\.\.$/m);
    assertMatch(stderr, /^Scanning repo 6\/6\.\.\.$/m);
    assert(!stderr.includes("\x1b"));
  });

  it("prints what sessions wrote, file by file, and how much of it landed", async () => {
    const edits = async (...args: string[]) => {
      const { code, stdout } = await runCli(["edits", "--json", ...args], env);
      assertEquals(code, 0);
      return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    };
    const all = await edits();
    const missing = await edits("--landed", "missing");
    assert(missing.length > 0 && missing.length < all.length);
    for (const one of missing) assert(one.linesNotLanded > 0);
    const whole = all.filter((one) => one.linesNotLanded === 0 && one.linesLanded > 0);
    assertEquals(await edits("--landed", "all"), whole);
    const { sessionId } = missing[0].session;
    const own = all.filter(({ session }) => session.sessionId === sessionId);
    assertEquals(await edits("--session", sessionId), own);
  });

  it("prints links as JSON Lines, one link each", async () => {
    const all = await links();
    for (const link of all) {
      assertEquals(Object.keys(link), [
        "sessionId",
        "agent",
        "commit",
        "repository",
        "tier",
        "confidence",
        "evidence",
      ]);
      assertMatch(link.commit, /^[0-9a-f]{40}$/);
      assert(link.evidence.every(({ rule }: { rule: string }) => typeof rule === "string"));
    }
    const recorded = await links("--tier", "1");
    const inferred = await links("--tier", "2");
    assertEquals(recorded.length + inferred.length, all.length);
    const ferry = await links("--repository", "ferry");
    assertEquals(ferry, all.filter(({ repository }) => repository === join(dir, "work/ferry")));
    const unknown = await runCli(["links", "--repository", "nowhere"], env);
    assertEquals(unknown.code, 2);
    assertMatch((await runCli(["links"], env)).stdout, /^[0-9a-f]{10} +100% +recorded /m);
  });

  it("stops quietly when whoever reads has seen enough", async () => {
    const child = startCli(["links", "--json"], env);
    await child.stdout.cancel();
    const [status, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
    assertEquals([status.code, stderr], [0, ""]);
  });

  it("says why, by hash and by session", async () => {
    const [{ commit, sessionId }] = await links();
    const { stdout } = await runCli(["why", commit.slice(0, 10)], env);
    assertMatch(stdout, new RegExp(`^Linked with ${sessionId}`, "m"));
    const asked = await runCli(["why", commit, sessionId.slice(0, 8), "--json"], env);
    const { linked, considered } = JSON.parse(asked.stdout);
    assertEquals([linked.length, considered], [1, []]);
    const unknown = await runCli(["why", "0123456789"], env);
    assertEquals(unknown.code, 1);
    assertMatch(unknown.stderr, /No commit 0123456789 is known/);
  });

  it("links without a rule when told to, and as before afterwards", async () => {
    const before = await links();
    await runCli(["sync", "--without-rule", "commit_output", "--without-rule", "content"], env);
    const without = await links();
    const rules = without.flatMap(({ evidence }) =>
      evidence.map((it: { rule: string }) => it.rule)
    );
    assert(!rules.includes("commit_output") && !rules.includes("content"));
    assertNotEquals(without, before);
    await runCli(["sync"], env);
    assertEquals(await links(), before);
  });

  it("lists repositories with what failed, and keeps aliases", async () => {
    const list = async () => JSON.parse((await runCli(["repositories", "--json"], env)).stdout);
    const { repositories, aliases } = await list();
    assertEquals([repositories.length, aliases], [6, []]);
    assert(repositories.some(({ failure }: { failure: unknown }) => failure !== null));
    const [from, to] = [join(dir, "gone"), join(dir, "work/ferry")];
    assertEquals((await runCli(["repositories", "alias", from, to], env)).code, 0);
    assertEquals((await list()).aliases, [{ oldPath: from, newPath: to }]);
    assertEquals((await runCli(["repositories", "alias", from, join(dir, "no")], env)).code, 2);
    assertEquals((await runCli(["repositories", "alias", from], env)).code, 0);
    assertEquals((await list()).aliases, []);
    assertEquals((await runCli(["repositories", "alias", from], env)).code, 1);
  });

  it("reads the transcripts alone", async () => {
    const { code, stdout } = await runCli(["index", "--json"], env);
    const { outcome, filesRead, filesTotal } = JSON.parse(stdout);
    assertEquals([code, outcome, filesRead], [0, "completed", 0]);
    assertEquals(filesTotal, 67);
  });
});

describe("Ctrl-C", () => {
  it("ends a sync and its git, keeps what was found, and exits with 130", async () => {
    await using place = await makePlace();
    const env = { ...place.env, CLAUDE_CONFIG_DIR: (await sharedSample()).claudeDir };
    const bin = join(place.folder, "bin");
    const pids = join(place.folder, "pids");
    await Deno.mkdir(bin);
    const script = `#!/bin/sh\necho $$ >> ${pids}\nexec sleep 60\n`;
    await Deno.writeTextFile(join(bin, "git"), script, { mode: 0o755 });
    const child = startCli(["sync", "--json"], { ...env, PATH: `${bin}:${Deno.env.get("PATH")}` });
    const stderr = new Response(child.stderr).text();
    const stdout = new Response(child.stdout).text();
    while (!await exists(pids)) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    const since = performance.now();
    const { code } = await child.status;
    assert(performance.now() - since < 5_000);
    assertEquals([code, await stdout], [130, '{"outcome":"cancelled"}\n']);
    assertMatch(await stderr, /Sync cancelled\. What was found until then is kept\./);
    for (const pid of (await Deno.readTextFile(pids)).trim().split("\n")) {
      assertEquals(isAlive(Number(pid)), false);
    }
    const opened = openStore(place.dataDir, "read");
    assert(opened.kind === "opened");
    using db = opened.db;
    assertEquals(listRuns(db).items.map(({ outcome }) => outcome), ["cancelled"]);
  });
});

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}
