import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { type RunningServer, startServer } from "../support/server.ts";
import { SseReader } from "../support/sse.ts";
import { Workspace } from "../support/workspace.ts";
import { FULL, report, scaled, seededRandom } from "../support/harness.ts";
import { childrenOf, type Footprint, footprintOf, isAlive } from "../support/footprint.ts";
import { visit, type Visits } from "./soak/visitor.ts";

/** How long people use it, in rounds of {@linkcode ROUND_MS}: four minutes in full. */
const ROUNDS = scaled(60);
const ROUND_MS = FULL ? 4_000 : 1_500;
const VISITORS = 4;
/** How long stopping may take. */
const STOP_MS = 2_000;
/** What a stop is told in the streams. */
const REASON = "Ascribe is stopping";

describe("a server at work", () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await Workspace.withSample();
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  /** Lets sessions go on: the next sync has something to read. */
  async function goOnWorking(round: number): Promise<void> {
    await workspace.addSession(workspace.path("sample/work/ferry"), Date.UTC(2026, 1, 1) + round);
  }

  /** Waits until no sync runs, and until what a sync leaves to be done after it is done; a child that stays stays seen. */
  async function quiet({ url, pid }: RunningServer): Promise<void> {
    const deadline = performance.now() + 20_000;
    for (let calm = 0; calm < 6 && performance.now() < deadline;) {
      const { running } = await (await fetch(`${url}/api/status`)).json();
      calm = running === null && childrenOf(pid).length === 0 ? calm + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  describe("a long run", () => {
    it("holds no more memory, handles or children at its end than after its beginning", async () => {
      await using server = await startServer({ claudeDir: workspace.claudeDir });
      const random = seededRandom("soak");
      const visits: Visits = { pages: 0, streams: 0, syncs: 0 };
      const seen: Footprint[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const signal = AbortSignal.timeout(ROUND_MS);
        await goOnWorking(round);
        const visitors = Array.from(
          { length: VISITORS },
          () => visit(server.url, { random, signal, visits }),
        );
        await Promise.all(visitors);
        await quiet(server);
        const footprint = footprintOf(server.pid);
        if (footprint !== null) seen.push(footprint);
      }
      const { pages, streams, syncs } = visits;
      assert(pages > 0 && streams > 0 && syncs > 0);
      const third = Math.ceil(seen.length / 3);
      const [early, late] = [middle(seen.slice(0, third)), middle(seen.slice(-third))];
      report(
        `soak: ${pages} pages, ${streams} streams, ${syncs} syncs in ${ROUNDS} rounds; ` +
          `memory ${early.memory.toFixed(0)} to ${
            late.memory.toFixed(0)
          } MB, handles ${early.handles} to ${late.handles}`,
      );
      for (const { children } of seen) {
        assertEquals(children, [], "git has ended, and was waited for");
      }
      assert(late.handles <= early.handles + 8, `handles: ${early.handles} to ${late.handles}`);
      // Warming up takes memory; a leak goes on taking it.
      const allowed = FULL ? early.memory * 1.25 + 20 : early.memory * 1.5 + 50;
      assert(
        late.memory <= allowed,
        `MB: ${seen.map(({ memory }) => memory.toFixed(0)).join(" ")}`,
      );
    });
  });

  function middle(seen: Footprint[]): { memory: number; handles: number } {
    const of = (values: number[]) =>
      values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    return { memory: of(seen.map((it) => it.memory)), handles: of(seen.map((it) => it.handles)) };
  }

  /** Stops a server, and checks that it was quick, clean and left nothing behind. */
  async function stopsCleanly(server: RunningServer, streams: SseReader[] = []): Promise<number> {
    const children = childrenOf(server.pid);
    const since = performance.now();
    const stopped = server.stop();
    const lasts = streams.map(async (stream) => (await stream.rest()).at(-1));
    const { code } = await stopped;
    const ms = performance.now() - since;
    assertEquals(code, 0, server.output());
    assert(ms < STOP_MS, `it took ${Math.round(ms)} ms:\n${server.output()}`);
    for (const last of await Promise.all(lasts)) {
      const over = last?.event === "done" || last?.event === "error" || last?.event === "ready";
      if (!over) assertEquals([last?.event, last?.data.reason], ["closing", REASON]);
    }
    for (const child of children) assert(!isAlive(child), `git ${child} is left`);
    assert(!/\berror\b.*unexpected|Uncaught|panicked/.test(server.output()), server.output());
    return ms;
  }

  async function open(server: RunningServer, count: number): Promise<SseReader[]> {
    const paths = ["/api/events", "/api/events", "/api/indexing/progress"];
    const responses = await Promise.all(
      Array.from({ length: count }, (_, i) => fetch(server.url + paths[i % paths.length])),
    );
    return responses.filter(({ status }) => status === 200).map((it) => new SseReader(it));
  }

  async function trigger(server: RunningServer, path = "/api/sync/git"): Promise<void> {
    const asked = await fetch(server.url + path, {
      method: "POST",
      headers: { origin: server.url },
    });
    await asked.body?.cancel();
  }

  describe("a stop", () => {
    it("is clean within two seconds while nothing happens", async () => {
      const server = await startServer({ claudeDir: workspace.claudeDir });
      await quiet(server);
      await stopsCleanly(server);
    });

    it("is clean within two seconds with 50 streams open, each of which hears why", async () => {
      const server = await startServer({ claudeDir: workspace.claudeDir });
      await quiet(server);
      const streams = await open(server, 50);
      await stopsCleanly(server, streams);
    });

    it("is clean within two seconds while git does not answer, and takes git along", async () => {
      const bin = workspace.path("bin");
      await Deno.mkdir(bin);
      await Deno.writeTextFile(join(bin, "git"), "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
      const server = await startServer({
        claudeDir: workspace.claudeDir,
        env: { PATH: `${bin}:${Deno.env.get("PATH")}` },
      });
      if (Deno.build.os === "linux") {
        while (childrenOf(server.pid).length === 0) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
      await stopsCleanly(server, await open(server, 6));
    });

    it("is clean within two seconds at any moment of reading, scanning and linking", async () => {
      const random = seededRandom("stops");
      const times: number[] = [];
      for (let stop = 0; stop < scaled(60); stop++) {
        const server = await startServer({ claudeDir: workspace.claudeDir });
        if (stop % 2 === 0) await trigger(server, "/api/indexing/rebuild");
        else await trigger(server);
        const streams = stop % 3 === 0 ? await open(server, 50) : [];
        await new Promise((resolve) => setTimeout(resolve, random() * 1_200));
        times.push(await stopsCleanly(server, streams));
      }
      times.sort((a, b) => a - b);
      report(
        `stops: ${times.length} at random moments, the middle one took ${
          times[times.length >> 1].toFixed(0)
        } ms, the longest ${times.at(-1)!.toFixed(0)} ms`,
      );
    });
  });
});
