import { startServer } from "../tests/support/server.ts";
import { until } from "../tests/support/wait.ts";
import type { Bench, BenchOptions, Figure } from "./support/bench.ts";
import { makeCorpusApart } from "./support/make_corpus.ts";
import { median, percentile } from "./support/measure.ts";
import { listen } from "./listeners/listen.ts";
import type { StepTold } from "./listeners/staged_server.ts";

const LISTENERS = 1_000;
const ROUNDS = 3;

/** What many listeners on the progress stream see, and what they cost. */
export const bench: Bench = {
  name: "listeners",
  async run(options: BenchOptions): Promise<Figure[]> {
    const listeners = Math.round(LISTENERS * options.scale);
    const staged = await listenToStages(listeners);
    const bare = (await listenToStages(listeners, "bare")).kilobytes;
    const slower = await slowDown(options, listeners);
    const of = `${listeners} listeners`;
    return [
      { what: `${of}: that missed a phase or the end`, value: staged.missed, unit: "", bound: 0 },
      {
        what: `${of}: from a change to its receipt, p99`,
        value: percentile(staged.delays, 0.99),
        unit: "ms",
        bound: 150,
        beside: `p50 ${median(staged.delays).toFixed(0)} ms; sampled every 100 ms`,
      },
      {
        what: `${of}: memory of the server, each`,
        value: staged.kilobytes,
        unit: "KB",
        bound: 25,
        beside: `a bare stream of Deno.serve: ${bare.toFixed(1)} KB`,
      },
      {
        what: `${of}: memory of the server, each, beyond a bare stream's`,
        value: Math.max(0, staged.kilobytes - bare),
        unit: "KB",
        bound: 25,
      },
      {
        what: `${of}: the sync, beside one that nobody listens to`,
        value: slower.ratio,
        unit: "x",
        bound: 1.1,
        beside: slower.beside,
      },
    ];
  },
};

/** A server whose sync does what it tells, in a process of its own. */
async function listenToStages(listeners: number, kind: "app" | "bare" = "app") {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "-A",
      "--unstable-bundle",
      new URL("./listeners/staged_server.ts", import.meta.url).pathname,
      kind,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const order = child.stdin.getWriter();
  const say = (word: string) => order.write(new TextEncoder().encode(`${word}\n`));
  const told: StepTold[] = [];
  const hearing = (async () => {
    let text = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (text + chunk).split("\n");
      text = lines.pop()!;
      for (const line of lines) told.push(JSON.parse(line));
    }
  })();
  const last = (step: StepTold["step"]) => told.findLast((one) => one.step === step);
  const memory = async () => {
    const before = told.length;
    await say("memory");
    await until(() => told.length > before);
    return told.at(-1)!.value;
  };
  await until(() => last("listening") !== undefined);
  const port = last("listening")!.value;
  await say("begin");
  // Whatever a first listener makes the server load is not each one's.
  const warm = listen(port);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = await memory();
  const all = Array.from({ length: listeners }, () => listen(port));
  await Promise.all(all.map(({ open }) => open));
  const after = await memory();
  await say("run");
  const heard = await Promise.all(all.map(({ ended }) => ended));
  await warm.ended;
  child.kill("SIGTERM");
  await order.close().catch(() => {});
  await hearing;
  await child.status;
  const changedAt = new Map(told.filter(({ step }) => step === "scan").map((t) => [t.value, t.at]));
  const delays: number[] = [];
  let missed = 0;
  for (const { phases, scans } of heard) {
    if (phases.join() !== "scanning,correlating,done") missed++;
    for (const { value, at } of scans) {
      const changed = changedAt.get(value);
      if (changed !== undefined) delays.push(at - changed);
    }
  }
  return { missed, delays, kilobytes: (after - before) / listeners / 1024 };
}

/** The same sync over and over, with listeners and without in turns. */
async function slowDown({ folder, seed, scale }: BenchOptions, listeners: number) {
  const corpus = await makeCorpusApart({
    folder,
    seed,
    sessions: Math.round(1_000 * scale),
    repositories: 10,
    commits: Math.round(5_000 * scale),
    messages: 100,
  });
  await using server = await startServer({ claudeDir: corpus.claudeDir });
  const port = Number(new URL(server.url).port);
  const headers = { origin: server.url, "content-type": "application/json" };
  // No other sync is to come between.
  const address = `${server.url}/api/settings/git-sync-interval`;
  await (await fetch(address, { method: "PUT", headers, body: '{"seconds":0}' })).arrayBuffer();
  const rebuild = async (count: number) => {
    const answer = await fetch(`${server.url}/api/indexing/rebuild`, { method: "POST", headers });
    const { runId } = await answer.json();
    const all = Array.from({ length: count }, () => listen(port).ended);
    await listen(port).ended;
    await Promise.all(all);
    const { items } = await (await fetch(`${server.url}/api/sync/runs?limit=5`)).json();
    const run = items.find(({ id }: { id: number }) => id === runId);
    return Date.parse(run.endedAt) - Date.parse(run.startedAt);
  };
  await rebuild(0);
  const alone: number[] = [];
  const heard: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await rebuild(0));
    heard.push(await rebuild(listeners));
  }
  return {
    ratio: median(heard) / median(alone),
    beside: `${median(heard)} ms beside ${
      median(alone)
    } ms; the listeners' own work on the same machine included`,
  };
}
