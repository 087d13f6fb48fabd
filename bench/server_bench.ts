import { startServer } from "../tests/support/server.ts";
import type { Bench, BenchOptions, Figure } from "./support/bench.ts";
import type { Corpus } from "./support/corpus.ts";
import { makeCorpusApart } from "./support/make_corpus.ts";
import { git } from "./support/git.ts";
import { median, percentile } from "./support/measure.ts";

const EVERY_MS = 25;
const COMMITS = 5;

/** What requests wait for during the heaviest sync, the first one; and how soon a commit shows. */
export const bench: Bench = {
  name: "server",
  async run({ folder, seed, scale }: BenchOptions): Promise<Figure[]> {
    const sessions = Math.round(2_000 * scale);
    const commits = Math.round(20_000 * scale);
    const corpus = await makeCorpusApart({
      folder,
      seed,
      sessions,
      repositories: 20,
      commits,
      messages: 60,
    });
    await using server = await startServer({ claudeDir: corpus.claudeDir });
    const { pages, floor } = await askDuringSync(server.url);
    const quiet = await askWhileQuiet(server.url, pages.length);
    const of = `${sessions} transcripts, ${commits} commits`;
    const beside = `${pages.length} requests, p50 ${
      median(pages).toFixed(1)
    } ms; GET /api/health p99 ${percentile(floor, 0.99).toFixed(1)} ms, most ${
      Math.max(...floor).toFixed(0)
    } ms`;
    const shown = await commitAndSee(server.url, corpus);
    return [
      {
        what: `GET / during the first sync of ${of}: p99`,
        value: percentile(pages, 0.99),
        unit: "ms",
        bound: 50,
        beside: `${beside}; once it is over p99 ${percentile(quiet, 0.99).toFixed(1)} ms`,
      },
      { what: "its longest request", value: Math.max(...pages), unit: "ms", bound: 250 },
      {
        what: "a commit made in a terminal shows on an open page after",
        value: median(shown),
        unit: "ms",
        bound: 2_000,
        beside: `most ${Math.max(...shown).toFixed(0)} ms`,
      },
    ];
  },
};

async function ask(address: string, times: number[]): Promise<void> {
  const since = performance.now();
  await (await fetch(address)).arrayBuffer();
  times.push(performance.now() - since);
}

async function askWhileQuiet(url: string, requests: number): Promise<number[]> {
  const times: number[] = [];
  while (times.length < requests) {
    await ask(url, times);
    await pause(EVERY_MS);
  }
  return times;
}

async function askDuringSync(url: string): Promise<{ pages: number[]; floor: number[] }> {
  const pages: number[] = [];
  const floor: number[] = [];
  // The sync has begun once a request was answered; what the first pages take to load is another matter.
  while (!(await isRunning(url))) await pause(1);
  await ask(url, []);
  while (await isRunning(url)) {
    await ask(url, pages);
    await ask(`${url}/api/health`, floor);
    await pause(EVERY_MS);
  }
  return { pages, floor };
}

async function commitAndSee(url: string, { repositories }: Corpus): Promise<number[]> {
  const shown: number[] = [];
  const response = await fetch(`${url}/api/events`);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (let round = 0; round < COMMITS; round++) {
    await pause(2_500);
    await git(repositories[round], ["commit", "-q", "--allow-empty", "-m", `round ${round}`]);
    const since = performance.now();
    for (let text = ""; !/"what":\[[^\]]*"commits"/.test(text);) {
      text += (await reader.read()).value;
    }
    await (await fetch(url)).arrayBuffer();
    shown.push(performance.now() - since);
  }
  await reader.cancel();
  return shown;
}

async function isRunning(url: string): Promise<boolean> {
  return (await (await fetch(`${url}/api/status`)).json()).running !== null;
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
