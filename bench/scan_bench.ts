/**
 * How long the first scan of repositories takes beside the bare `git log` of each, at the same parallelism, and what a
 * scan costs when nothing, or one repository, has changed.
 *
 *     deno run -A bench/scan_bench.ts [--repositories 20] [--commits 100000] [--rounds 3] [--json FILE]
 *
 * The repositories are made from a seed by `git fast-import`: merges, branches, and messages with trailers.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { createGitRunner } from "../lib/git/runner.ts";
import { openDatabase } from "../lib/store/database.ts";
import { scanRepositories } from "../lib/sync/scan_step.ts";
import { inParallel } from "../lib/sync/turns.ts";

const PARALLEL = 4;
const START = Date.UTC(2026, 0, 1) / 1000;
const FORMAT = "--format=%H%x00%P%x00%at%x00%ct%x00%an%x00%ae%x00%ce%x00%B";

/** Milliseconds on the wall, of our own CPU, and the calls of git. */
interface Took {
  wall: number;
  cpu: number;
}

async function git(cwd: string, args: string[], input?: ReadableStream<Uint8Array>): Promise<void> {
  const child = new Deno.Command("git", {
    args: ["-C", cwd, ...args],
    stdin: input === undefined ? "null" : "piped",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  await input?.pipeTo(child.stdin);
  if (!(await child.status).success) throw new Error(`git ${args[0]} failed in ${cwd}`);
}

/** A stream for `git fast-import`: a main line, merged side branches, and a few branches that stay open. */
function history(commits: number, seed: number): ReadableStream<Uint8Array> {
  const random = numbersFrom(seed);
  const encoder = new TextEncoder();
  let mark = 0;
  return new ReadableStream({
    pull(controller) {
      let text = "";
      for (let n = 0; n < 500 && mark < commits; n++) {
        mark++;
        const at = START + mark * 60;
        const who = `Ada <ada@example.org> ${at} +0000`;
        const message =
          `feat(part): change number ${mark}\n\nWhy it had to be done, in a sentence or two.\n\n` +
          (random() < 0.5 ? "Co-Authored-By: Claude <noreply@anthropic.com>\n" : "");
        const branch = mark > 10 && random() < 0.01 ? `side-${mark}` : "main";
        text += `commit refs/heads/${branch}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\n` +
          `data ${encoder.encode(message).length}\n${message}` +
          (branch === "main" || mark === 1 ? "" : `from refs/heads/main\n`) +
          (branch === "main" && mark > 20 && random() < 0.05 ? `merge :${mark - 5}\n` : "") +
          `M 100644 inline file-${mark % 50}.txt\ndata ${String(mark).length}\n${mark}\n\n`;
      }
      if (text === "") controller.close();
      else controller.enqueue(encoder.encode(text));
    },
  });
}

/** Numbers from 0 up to 1, the same for the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

async function measure(work: () => Promise<unknown>): Promise<Took> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1000 };
}

function median(values: Took[]): Took {
  const middle = (pick: (took: Took) => number) =>
    values.map(pick).sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return { wall: middle(({ wall }) => wall), cpu: middle(({ cpu }) => cpu) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      repositories: { type: "string", default: "20" },
      commits: { type: "string", default: "100000" },
      rounds: { type: "string", default: "3" },
      json: { type: "string" },
    },
  });
  const [repositories, commits, rounds] = [values.repositories, values.commits, values.rounds]
    .map(Number);
  const folder = await Deno.makeTempDir({ prefix: "ascribe-scan-bench-" });
  try {
    const paths: string[] = [];
    for (let n = 0; n < repositories; n++) {
      const path = `${folder}/repository-${n}`;
      await Deno.mkdir(path);
      await git(path, ["init", "-q", "-b", "main"]);
      await git(path, ["fast-import", "--quiet"], history(Math.ceil(commits / repositories), n));
      paths.push(path);
    }
    const figures = await run({ folder, paths, rounds });
    for (const [name, { wall, cpu }] of Object.entries(figures)) {
      console.log(
        `${name.padEnd(28)} ${wall.toFixed(1).padStart(9)} ms  ${
          cpu.toFixed(1).padStart(9)
        } ms CPU`,
      );
    }
    const ratio = figures["first scan"].wall / figures["bare git log"].wall;
    console.log(`first scan / bare git log    ${ratio.toFixed(2).padStart(9)}`);
    if (values.json !== undefined) {
      await Deno.writeTextFile(
        values.json,
        JSON.stringify({ repositories, commits, figures, ratio }),
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(
  { folder, paths, rounds }: { folder: string; paths: string[]; rounds: number },
): Promise<Record<string, Took>> {
  const environment = { PATH: Deno.env.get("PATH"), HOME: folder };
  const runGit = createGitRunner({ environment, parallel: PARALLEL });
  const took: Record<string, Took[]> = {};
  const note = async (name: string, work: () => Promise<unknown>) => {
    (took[name] ??= []).push(await measure(work));
  };
  for (let round = 0; round < rounds; round++) {
    await note("bare git log", () =>
      inParallel(paths, {
        limit: PARALLEL,
        work: (path) => git(path, ["log", "-z", FORMAT, "--branches", "--remotes", "--tags"]),
      }));
    const file = `${folder}/store-${round}.db`;
    using db = openDatabase(file);
    paths.forEach((path, n) =>
      db.run(
        "INSERT INTO sessions (session_id, started_at, cwds) VALUES (?, ?, ?)",
        `session-${n}`,
        START * 1000,
        JSON.stringify([path]),
      )
    );
    const scan = () =>
      scanRepositories({ db, runGit, now: () => Date.now() }, { onProgress: () => {} });
    await note("first scan", scan);
    await note("scan with nothing changed", scan);
    await git(paths[0], ["commit", "-q", "--allow-empty", "-m", `round ${round}`]);
    await note("scan with one new commit", scan);
  }
  return Object.fromEntries(Object.entries(took).map(([name, times]) => [name, median(times)]));
}

if (import.meta.main) await main();
