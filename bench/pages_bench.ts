/**
 * How long the server takes for each page and API address, through the app's handler and without a port.
 *
 *     deno run -A --unstable-bundle bench/pages_bench.ts [--sessions 10000] [--commits 100000] [--json FILE]
 *
 * Each address is asked with ever different sessions, commits and pages of lists: `warm` while nothing changes,
 * `changing` with a write before each request, so that no total that was counted can be used again. Beside the time on
 * the wall stands the process's own CPU time, which tells more where others use the machine too. The floor is
 * `GET /api/openapi.json`, which reads nothing.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { openDatabase } from "../lib/store/database.ts";
import { refreshSearch } from "../lib/store/search_index.ts";
import { createApp } from "../main.ts";
import { withFileRoutes } from "../tests/support/file_routes.ts";
import { hashOf, seedStore, sessionIdOf } from "../tests/support/seed.ts";
import { localRequest, presetServices } from "../tests/support/services.ts";

/** The bound of a page's p95, in milliseconds. */
const BOUND_MS = 20;
const ROUNDS = 40;

/** Milliseconds on the wall and of CPU. */
interface Took {
  wall: number;
  cpu: number;
}

interface Figure {
  path: string;
  warm: { p50: Took; p95: Took };
  changing: { p50: Took; p95: Took };
}

type Handler = (request: Request) => Promise<Response>;

/** Addresses by a name, each a function of the round. */
function addresses(
  sessions: number,
  commits: number,
): Record<string, (round: number) => string> {
  const session = (round: number) => sessionIdOf(1 + (round * 7919) % sessions);
  const commit = (round: number) => hashOf(1 + (round * 104_729) % commits);
  const month = (round: number) => `from=2026-0${4 + round % 3}-01`;
  const states = ["linked", "unlinked", "tier1", "tier2", "elsewhere"];
  const words = ["loom", "fix the cursor", "ledger wei", "worker", "add token"];
  const pick = (list: string[], round: number) => encodeURIComponent(list[round % list.length]);
  const pages = {
    "/": () => "/",
    "/?range=all": () => "/?range=all",
    "/projects": () => "/projects",
    "/projects/:id": (round: number) => `/projects/${1 + round % 20}`,
    "/sessions": (round: number) => `/sessions?${month(round)}`,
    "/sessions?text": (round: number) => `/sessions?text=${pick(words, round)}`,
    "/sessions/:id": (round: number) => `/sessions/${session(round)}`,
    "/commits": (round: number) => `/commits?${month(round)}`,
    "/commits?state": (round: number) => `/commits?state=${pick(states, round)}`,
    "/commits?text": (round: number) => `/commits?text=${pick(words, round)}`,
    "/commits/:hash": (round: number) => `/commits/${commit(round)}`,
    "/repositories": () => "/repositories",
    "/repositories/:id": (round: number) => `/repositories/${1 + round % 20}`,
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
  return { "/api/openapi.json": () => "/api/openapi.json", ...pages, ...api };
}

async function timed(handler: Handler, path: string): Promise<Took> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const response = await handler(localRequest(path));
  await response.arrayBuffer();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  if (response.status !== 200) {
    throw new Error(`Cannot measure ${path}: it gives ${response.status}`);
  }
  return { wall, cpu: (user + system) / 1000 };
}

function percentile(times: Took[], share: number): Took {
  const at = (values: number[]) =>
    values.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { wall: at(times.map(({ wall }) => wall)), cpu: at(times.map(({ cpu }) => cpu)) };
}

async function measure(
  handler: Handler,
  { path, address, change }: { path: string; address: (round: number) => string; change(): void },
): Promise<Figure> {
  for (let round = 0; round < 5; round++) await timed(handler, address(round));
  const warm: Took[] = [];
  const changing: Took[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    warm.push(await timed(handler, address(round)));
    change();
    changing.push(await timed(handler, address(round)));
    // What follows is warm again.
    await timed(handler, address(round + 1));
  }
  return {
    path,
    warm: { p50: percentile(warm, 0.5), p95: percentile(warm, 0.95) },
    changing: { p50: percentile(changing, 0.5), p95: percentile(changing, 0.95) },
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sessions: { type: "string", default: "10000" },
      commits: { type: "string", default: "100000" },
      json: { type: "string" },
    },
  });
  const folder = Deno.makeTempDirSync({ prefix: "ascribe-bench-" });
  try {
    const path = `${folder}/ascribe.db`;
    const [sessions, commits] = [Number(values.sessions), Number(values.commits)];
    using writer = seedStore({ path, sessions, commits, repositories: 20 });
    await refreshSearch(writer);
    using store = openDatabase(path, "read");
    const handler = (await withFileRoutes(createApp(presetServices(store)))).handler();
    let changes = 0;
    const change = () => {
      writer.run("INSERT OR REPLACE INTO settings VALUES ('bench', ?)", String(++changes));
    };
    const figures: Figure[] = [];
    for (const [name, address] of Object.entries(addresses(sessions, commits))) {
      figures.push(await measure(handler, { path: name, address, change }));
    }
    print(figures);
    if (values.json) {
      Deno.writeTextFileSync(
        values.json,
        JSON.stringify({ sessions, commits, boundMs: BOUND_MS, figures }, null, 2),
      );
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function print(figures: Figure[]): void {
  const columns = ["warm p50", "warm p95", "cpu p95", "changing p95", "cpu p95", "cpu / floor"];
  const width = 14;
  console.log(`${"address".padEnd(24)}${columns.map((name) => name.padStart(width)).join("")}`);
  const floor = figures[0].warm.p95.cpu;
  for (const { path, warm, changing } of figures) {
    const times = [warm.p50.wall, warm.p95.wall, warm.p95.cpu, changing.p95.wall, changing.p95.cpu];
    const cells = [...times.map((ms) => ms.toFixed(1)), `${(warm.p95.cpu / floor).toFixed(1)}x`];
    const over = warm.p95.cpu > BOUND_MS ? `   over ${BOUND_MS} ms` : "";
    console.log(`${path.padEnd(24)}${cells.map((cell) => cell.padStart(width)).join("")}${over}`);
  }
}

if (import.meta.main) await main();
