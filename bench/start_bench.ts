import { agentsIn } from "../tests/support/agents.ts";
import { openDatabase } from "../lib/store/database.ts";
import { refreshSearch } from "../lib/store/write/search_index.ts";
import { listRuns } from "../lib/store/write/runs.ts";
import { seedStore } from "../tests/support/seed.ts";
import { freePort, taskArgs } from "../tests/support/server.ts";
import type { Bench, BenchOptions, Figure } from "./support/bench.ts";
import { median } from "./support/measure.ts";

const ROUNDS = 7;

/** How long the program takes from its start to its first answer, warm, with a large database. */
export const bench: Bench = {
  name: "start",
  async run({ folder, seed, scale }: BenchOptions): Promise<Figure[]> {
    const [sessions, commits] = [Math.round(10_000 * scale), Math.round(100_000 * scale)];
    const dataDir = `${folder}/data`;
    await Deno.mkdir(dataDir);
    await Deno.mkdir(`${folder}/claude/projects`, { recursive: true });
    {
      const path = `${dataDir}/ascribe.db`;
      using writer = seedStore({
        path,
        seed,
        sessions,
        commits,
        repositories: 20,
        now: Date.now(),
      });
      await refreshSearch(writer);
    }
    // The first sync finds that what is made up is nowhere; those that follow have nothing to do.
    await start({ folder, dataDir, whole: true });
    const floor: number[] = [];
    const starts: number[] = [];
    let late = 0;
    for (let round = 0; round <= ROUNDS; round++) {
      const empty = await empties();
      const { ms, answeredAt } = await start({ folder, dataDir });
      using db = openDatabase(`${dataDir}/ascribe.db`, "read");
      if (listRuns(db, { limit: 1 }).items[0].startedAt >= answeredAt) late++;
      if (round === 0) continue;
      floor.push(empty);
      starts.push(ms);
    }
    return [
      {
        what: `start to first answer, warm, ${sessions} sessions, ${commits} commits`,
        value: median(starts),
        unit: "ms",
        bound: 400,
        beside: `least ${Math.min(...starts).toFixed(0)} ms; a program that does nothing: ${
          median(floor).toFixed(0)
        } ms`,
      },
      {
        what: "starts whose sync began before the first answer",
        value: ROUNDS + 1 - late,
        unit: "",
        bound: 0,
      },
    ];
  },
};

/** How long the runtime takes to do nothing. */
async function empties(): Promise<number> {
  const since = performance.now();
  await new Deno.Command(Deno.execPath(), { args: ["eval", "-q", "0"], stdin: "null" }).output();
  return performance.now() - since;
}

async function start(
  { folder, dataDir, whole = false }: { folder: string; dataDir: string; whole?: boolean },
): Promise<{ ms: number; answeredAt: number }> {
  const port = freePort();
  const since = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...taskArgs("start"), "--port", String(port), "--log-level", "error"],
    cwd: new URL("..", import.meta.url),
    env: {
      ...agentsIn("/nonexistent"),
      CLAUDE_CONFIG_DIR: `${folder}/claude`,
      ASCRIBE_DATA_DIR: dataDir,
      DENO_NO_UPDATE_CHECK: "1",
    },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  try {
    await answer(`http://127.0.0.1:${port}/`);
    const [ms, answeredAt] = [performance.now() - since, Date.now()];
    // The first sync leaves its row.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    while (whole && await isRunning(port)) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { ms, answeredAt };
  } finally {
    child.kill("SIGTERM");
    await child.status;
  }
}

async function isRunning(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/api/status`);
  return (await response.json()).running !== null;
}

async function answer(url: string): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(url);
      await response.arrayBuffer();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }
}
