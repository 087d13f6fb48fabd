import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { freePort, type RunningServer, startServer } from "../support/server.ts";
import { childrenOf, isAlive } from "../support/footprint.ts";
import { sharedSample } from "../support/sample.ts";
import { SseReader } from "../support/sse.ts";
import {
  type CliPlace,
  makePlace,
  makeSyncedPlace,
  runCli,
  runProcess,
  startCli,
} from "./run_cli.ts";

/** Waits until `ready` gives something other than null. */
async function until<Value>(ready: () => Promise<Value | null> | Value | null): Promise<Value> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const value = await ready();
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("It did not happen within 20 s");
}

interface Status {
  sessionsIndexed: number;
  commitsFound: number;
  linksCreated: number;
  running: string | null;
}

async function status({ url }: { url: string }): Promise<Status> {
  return await (await fetch(`${url}/api/status`)).json();
}

/** The status once the first background sync has come to its end. */
function synced(server: { url: string }): Promise<Status> {
  return until(async () => {
    const now = await status(server);
    return now.linksCreated > 0 && now.running === null ? now : null;
  });
}

describe("ascribe serve", () => {
  let place: CliPlace;
  let server: RunningServer;
  let env: Record<string, string>;

  beforeAll(async () => {
    place = await makePlace();
    env = { ...place.env, CLAUDE_CONFIG_DIR: (await sharedSample()).claudeDir };
    server = await startServer({ claudeDir: env.CLAUDE_CONFIG_DIR, dataDir: place.dataDir });
  });
  afterAll(async () => {
    await server.stop();
    await place[Symbol.asyncDispose]();
  });

  it("prints where it is, and syncs by itself", async () => {
    assertMatch(server.output(), new RegExp(`^Ascribe is at ${server.url}$`, "m"));
    const { sessionsIndexed, commitsFound } = await synced(server);
    assert(sessionsIndexed >= 40 && commitsFound >= 150);
    assert(!server.output().includes("sample data"));
  });

  it("is asked to sync by the command line, which shows its progress and exits with 0", async () => {
    await synced(server);
    const { code, stdout, stderr } = await runCli(["sync", "--json"], env);
    assertEquals(code, 0, stderr);
    assertMatch(stderr, new RegExp(`Ascribe at ${server.url} is at work`));
    const result = JSON.parse(stdout);
    assertEquals([result.outcome, result.reposScanned, result.linksCreated], ["completed", 6, 0]);
    assertEquals(result.failures.length, 1);
    const rebuilt = await runCli(["index", "--rebuild"], env);
    assertEquals(rebuilt.code, 0, rebuilt.stderr);
    assertMatch(rebuilt.stdout, /^Sync completed: /);
  });

  it("is read beside by the command line", async () => {
    const { linksCreated } = await synced(server);
    const { code, stdout } = await runCli(["links", "--json"], env);
    assertEquals([code, stdout.trimEnd().split("\n").length], [0, linksCreated]);
  });

  it("keeps its data folder to itself", async () => {
    const second = await runProcess(["serve", "--port", String(freePort())], env);
    assertEquals(second.code, 1);
    assertMatch(second.stderr, new RegExp(`is serving .* already, at ${server.url}`));
    const measured = await runCli(["sync", "--without-rule", "content"], env);
    assertEquals(measured.code, 1);
    assertMatch(measured.stderr, /Stop it to link without a rule/);
  });

  it("names who has the port", async () => {
    await using other = await makePlace();
    const port = new URL(server.url).port;
    const { code, stderr } = await runProcess(["serve", "--port", port], other.env);
    assertEquals(code, 1);
    assertMatch(stderr, new RegExp(`Port ${port} is taken by another Ascribe`));
    assertMatch(stderr, /--port \d+/);
  });

  it("names a port that another program has", async () => {
    await using other = await makePlace();
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = taken.addr;
    const { code, stderr } = await runProcess(["serve", "--port", String(port)], other.env);
    assertEquals(code, 1);
    assertMatch(stderr, new RegExp(`Port ${port} is taken by another program`));
  });
});

describe("a sync that a server runs for the command line", () => {
  it("is watched by a second command, and cancelled by Ctrl-C in the first alone", async () => {
    await using place = await makePlace();
    const env = { ...place.env, CLAUDE_CONFIG_DIR: (await sharedSample()).claudeDir };
    const bin = join(place.folder, "bin");
    await Deno.mkdir(bin);
    await Deno.writeTextFile(join(bin, "git"), "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
    const port = freePort();
    const url = `http://127.0.0.1:${port}`;
    const slow = { ...env, PATH: `${bin}:${Deno.env.get("PATH")}` };
    const server = startCli(["serve", "--port", String(port)], slow);
    const drained = Promise.all(
      [server.stdout, server.stderr].map((it) => new Response(it).text()),
    );
    try {
      await until(() => fetch(`${url}/api/health`).then((it) => it.json(), () => null));
      const first = startCli(["sync", "--json"], env);
      const ends = first.output();
      await until(async () => (await status({ url })).running === "user" ? true : null);
      const second = startCli(["sync"], env);
      const watching = second.output();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      first.kill("SIGINT");
      const [cancelled, watched] = await Promise.all([ends, watching]);
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      assertEquals([cancelled.code, text(cancelled.stdout)], [130, '{"outcome":"cancelled"}\n']);
      assertEquals(watched.code, 1);
      assertMatch(text(watched.stderr), /is syncing already/);
      assertMatch(text(watched.stderr), /was cancelled/);
      await until(async () => (await status({ url })).running === null ? true : null);
    } finally {
      server.kill("SIGTERM");
      await Promise.all([server.status, drained]);
    }
  });
});

describe("a server that is told to stop", () => {
  it("ends with 0 after SIGINT, open streams or not, and frees its data folder", async () => {
    await using place = await makePlace();
    const port = freePort();
    const child = startCli(["serve", "--port", String(port)], place.env);
    const printed = Promise.all(
      [child.stdout, child.stderr].map((it) => new Response(it).text()),
    );
    const url = `http://127.0.0.1:${port}`;
    await until(() => fetch(`${url}/api/health`).then((it) => it.json(), () => null));
    const stream = await fetch(`${url}/api/events`);
    const since = performance.now();
    child.kill("SIGINT");
    const { code } = await child.status;
    assert(performance.now() - since < 10_000);
    await stream.body?.cancel().catch(() => {});
    const [stdout, stderr] = await printed;
    assertEquals([code, stderr.includes("rror")], [0, false], stdout + stderr);
    const again = startCli(["serve", "--port", String(port)], place.env);
    await until(() => fetch(`${url}/api/health`).then((it) => it.json(), () => null));
    again.kill("SIGTERM");
    await Promise.all([again.stdout.cancel(), again.stderr.cancel()]);
    assertEquals((await again.status).code, 0);
  });

  it("stops cleanly within two seconds, says so in its streams and leaves no git behind", async () => {
    await using place = await makePlace();
    const { claudeDir } = await sharedSample();
    const bin = join(place.folder, "bin");
    await Deno.mkdir(bin);
    await Deno.writeTextFile(join(bin, "git"), "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
    const PATH = `${bin}:${Deno.env.get("PATH")}`;
    const server = await startServer({ claudeDir, env: { PATH } });
    const isLinux = Deno.build.os === "linux";
    const gits = await until(() => {
      const children = childrenOf(server.pid);
      return children.length > 0 || !isLinux ? children : null;
    });
    const streams = await Promise.all(
      Array.from({ length: 6 }, async () => new SseReader(await fetch(`${server.url}/api/events`))),
    );
    const lasts = streams.map(async (stream) => (await stream.rest()).at(-1)?.event);
    const since = performance.now();
    const { code } = await server.stop();
    const ms = performance.now() - since;
    assertEquals([code, ms < 2_000], [0, true], `${Math.round(ms)} ms: ${server.output()}`);
    assertEquals(await Promise.all(lasts), streams.map(() => "closing"));
    assertEquals(gits.filter(isAlive), []);
  });
});

describe("a server that finds no transcripts", () => {
  it("shows the sample workspace, says so, and leaves it for the first real transcript", async () => {
    await using place = await makePlace();
    await using server = await startServer(place);
    assertMatch(server.output(), /No agent.s sessions were found, so this is sample data\./);
    assert((await synced(server)).sessionsIndexed >= 40);
    const page = await (await fetch(server.url)).text();
    assertMatch(page, /sample data/i);

    const project = join(place.claudeDir, "projects", "-somewhere");
    await Deno.mkdir(project);
    const line = {
      type: "user",
      sessionId: "5f1c2b52-65a5-4f0e-9d55-7f2e0f1a4c11",
      uuid: "0b0c84de-52a2-4a51-a1f7-d2cb1a1e5a10",
      parentUuid: null,
      timestamp: new Date().toISOString(),
      cwd: "/somewhere",
      version: "2.1.90",
      message: { role: "user", content: "What is this?" },
    };
    await Deno.writeTextFile(join(project, `${line.sessionId}.jsonl`), JSON.stringify(line) + "\n");
    const { commitsFound } = await until(async () => {
      const now = await status(server);
      return now.sessionsIndexed === 1 ? now : null;
    });
    assertEquals(commitsFound, 0);
    assert(!/sample data/i.test(await (await fetch(server.url)).text()));
    await until(async () => {
      const left = [...Deno.readDirSync(place.dataDir)].map(({ name }) => name);
      return await Promise.resolve(left.includes("ascribe-sample") ? null : true);
    });
  });

  it("shows what it knows rather than the sample once transcripts are gone", async () => {
    await using place = await makeSyncedPlace();
    const claudeDir = join(place.folder, "claude");
    await using server = await startServer({ claudeDir, dataDir: place.dataDir });
    assert(!server.output().includes("sample data"));
    assert((await status(server)).sessionsIndexed >= 40);
  });
});
