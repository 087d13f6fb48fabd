import { openDatabase } from "../lib/store/database.ts";
import { refreshSearch } from "../lib/store/write/search_index.ts";
import { createApp } from "../main.ts";
import { withFileRoutes } from "../tests/support/file_routes.ts";
import {
  hashOf,
  projectIdOf,
  repositoryIdOf,
  seedStore,
  sessionIdOf,
} from "../tests/support/seed.ts";
import { localRequest, presetServices } from "../tests/support/services.ts";
import type { Bench, BenchOptions, Figure } from "./support/bench.ts";
import { measure, percentile, type Took } from "./support/measure.ts";

/** The bound of a page's p95, in milliseconds. */
const BOUND_MS = 20;
const ROUNDS = 40;
const WARM_UP = 40;

/**
 * How long the server takes for each page and API address, through the app's handler and without a port.
 *
 * Each address is asked with ever different sessions, commits and pages of lists: while nothing changes, and with a
 * write before each request, so that no total that was counted can be used again. The time is the process's own CPU
 * time. Beside it stands `GET /api/openapi.json`, which reads nothing.
 */
export const bench: Bench = {
  name: "pages",
  async run({ folder, seed, scale }: BenchOptions): Promise<Figure[]> {
    const [sessions, commits] = [Math.round(10_000 * scale), Math.round(100_000 * scale)];
    const path = `${folder}/ascribe.db`;
    using writer = seedStore({ path, seed, sessions, commits, repositories: 20, now: Date.now() });
    await refreshSearch(writer);
    using store = openDatabase(path, "read");
    const handler = (await withFileRoutes(createApp(presetServices(store)))).handler();
    let changes = 0;
    const change = () => {
      writer.run("INSERT OR REPLACE INTO settings VALUES ('bench', ?)", String(++changes));
    };
    const figures: Figure[] = [];
    const floor = await time(handler, { address: () => "/api/openapi.json", change });
    for (const [name, address] of Object.entries(addresses(sessions, commits))) {
      const { warm, changing } = await time(handler, { address, change });
      const cpu = (times: Took[], share: number) =>
        percentile(times.map((took) => took.cpu), share);
      figures.push({
        what: `GET ${name}, ${sessions} sessions, ${commits} commits: CPU p95`,
        value: cpu(warm, 0.95),
        unit: "ms",
        bound: name === "/api/loom" ? null : BOUND_MS,
        beside: `p50 ${cpu(warm, 0.5).toFixed(1)} ms, ${
          (cpu(warm, 0.5) / cpu(floor.warm, 0.5)).toFixed(1)
        }× the floor; after each write p50 ${cpu(changing, 0.5).toFixed(1)} ms`,
      });
    }
    return figures;
  },
};

type Handler = (request: Request) => Promise<Response>;

/** Addresses by a name, each a function of the round. */
function addresses(
  sessions: number,
  commits: number,
): Record<string, (round: number) => string> {
  const session = (round: number) => sessionIdOf(1 + (round * 7919) % sessions);
  const commit = (round: number) => hashOf(1 + (round * 104_729) % commits);
  const since = (round: number) => new Date(Date.now() - (30 + round % 3 * 30) * 86_400_000);
  const month = (round: number) => `from=${since(round).toISOString().slice(0, 10)}`;
  const states = ["linked", "unlinked", "tier1", "tier2", "elsewhere"];
  const words = ["loom", "fix the cursor", "ledger wei", "worker", "add token"];
  const pick = (list: string[], round: number) => encodeURIComponent(list[round % list.length]);
  const pages = {
    "/": () => "/",
    "/?range=all": () => "/?range=all",
    "/projects": () => "/projects",
    "/projects/:id": (round: number) => `/projects/${projectIdOf(1 + round % 20)}`,
    "/sessions": (round: number) => `/sessions?${month(round)}`,
    "/sessions?text": (round: number) => `/sessions?text=${pick(words, round)}`,
    "/sessions/:id": (round: number) => `/sessions/${session(round)}`,
    "/commits": (round: number) => `/commits?${month(round)}`,
    "/commits?state": (round: number) => `/commits?state=${pick(states, round)}`,
    "/commits?text": (round: number) => `/commits?text=${pick(words, round)}`,
    "/commits/:hash": (round: number) => `/commits/${commit(round)}`,
    "/repositories": () => "/repositories",
    "/repositories/:id": (round: number) => `/repositories/${repositoryIdOf(1 + round % 20)}`,
    "/settings": () => "/settings",
  };
  const api = {
    "/api/stats/dashboard": (round: number) => `/api/stats/dashboard?${month(round)}`,
    "/api/projects": () => "/api/projects",
    "/api/sessions": (round: number) => `/api/sessions?${month(round)}`,
    "/api/sessions/:id": (round: number) => `/api/sessions/${session(round)}`,
    "/api/commits": (round: number) => `/api/commits?state=${pick(states, round)}`,
    "/api/commits/:hash": (round: number) => `/api/commits/${commit(round)}`,
    "/api/repositories": () => "/api/repositories",
    "/api/links": (round: number) => `/api/links?tier=${1 + round % 2}`,
    "/api/search": (round: number) => `/api/search?q=${pick(words, round)}`,
    "/api/loom": (round: number) => `/api/loom?${month(round)}`,
    "/api/status": () => "/api/status",
  };
  return { ...pages, ...api };
}

async function time(
  handler: Handler,
  { address, change }: { address: (round: number) => string; change(): void },
): Promise<{ warm: Took[]; changing: Took[] }> {
  const ask = (round: number) =>
    measure(async () => {
      const path = address(round);
      const response = await handler(localRequest(path));
      await response.arrayBuffer();
      if (response.status !== 200) {
        throw new Error(`Cannot measure ${path}: it gives ${response.status}`);
      }
    });
  for (let round = 0; round < WARM_UP; round++) await ask(round);
  const warm: Took[] = [];
  const changing: Took[] = [];
  for (let round = 0; round < ROUNDS; round++) warm.push(await ask(round));
  for (let round = 0; round < ROUNDS; round++) {
    change();
    changing.push(await ask(round));
  }
  return { warm, changing };
}
