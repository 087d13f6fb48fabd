import { createGitRunner } from "../lib/git/run/runner.ts";
import { openDatabase } from "../lib/store/database.ts";
import { scanRepositories } from "../lib/sync/steps/scan.ts";
import { inParallel } from "../lib/async/yield.ts";
import { randomFrom } from "../tests/support/random.ts";
import type { Bench, BenchOptions, Figure } from "./support/bench.ts";
import { git } from "./support/git.ts";
import { measure, median, medianOf, type Took } from "./support/measure.ts";

const ROUNDS = 5;
const PARALLEL = 4;
const START = Date.UTC(2026, 0, 1) / 1000;
const FORMAT = "--format=%H%x00%P%x00%at%x00%ct%x00%an%x00%ae%x00%ce%x00%B";

/**
 * How long the first scan of repositories takes beside the bare `git log` of each, at the same parallelism, and what a
 * scan costs when nothing, or one repository, has changed.
 */
export const bench: Bench = {
  name: "scan",
  async run({ folder, seed, scale, repositories: real }: BenchOptions): Promise<Figure[]> {
    const paths = real === null
      ? await makeRepositories(folder, { seed, repositories: 20, commits: 100_000 * scale })
      : Array.from(Deno.readDirSync(real), ({ name }) => `${real}/${name}`);
    const { took, ratios } = await scanAll({ folder, paths });
    const of = real === null
      ? `${paths.length} repositories, ${100_000 * scale} commits`
      : `${paths.length} real repositories`;
    const ms = (name: string) => `${took[name].wall.toFixed(0)} ms`;
    return [
      {
        what: `first scan of ${of}, beside bare git log`,
        value: median(ratios),
        unit: "x",
        bound: 1.25,
        beside: `${ms("first scan")} beside ${ms("bare git log")}, own CPU ${
          took["first scan"].cpu.toFixed(0)
        } ms`,
      },
      {
        what: "a scan with nothing changed, CPU",
        value: took["scan with nothing changed"].cpu,
        unit: "ms",
        bound: null,
      },
      {
        what: "a scan with one new commit, git's time included",
        value: took["scan with one new commit"].wall,
        unit: "ms",
        bound: null,
      },
    ];
  },
};

async function makeRepositories(
  folder: string,
  { seed, repositories, commits }: { seed: number; repositories: number; commits: number },
): Promise<string[]> {
  const paths: string[] = [];
  for (let n = 0; n < repositories; n++) {
    const path = `${folder}/repository-${n}`;
    await Deno.mkdir(path);
    await git(path, ["init", "-q", "-b", "main"]);
    await git(
      path,
      ["fast-import", "--quiet"],
      history(Math.ceil(commits / repositories), seed * 1_000 + n),
    );
    paths.push(path);
  }
  return paths;
}

/** A stream for `git fast-import`: a main line, merged side branches, and a few branches that stay open. */
function history(commits: number, seed: number): ReadableStream<Uint8Array> {
  const random = randomFrom(seed);
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

async function scanAll(
  { folder, paths }: { folder: string; paths: string[] },
): Promise<{ took: Record<string, Took>; ratios: number[] }> {
  const environment = { PATH: Deno.env.get("PATH"), HOME: folder };
  const runGit = createGitRunner({ environment, parallel: PARALLEL });
  const took: Record<string, Took[]> = {};
  const note = async (name: string, work: () => Promise<unknown>) => {
    (took[name] ??= []).push(await measure(work));
  };
  for (let round = 0; round < ROUNDS; round++) {
    await note("bare git log", () =>
      inParallel(paths, {
        limit: PARALLEL,
        work: (path) => git(path, ["log", "-z", FORMAT, "--branches", "--remotes", "--tags"]),
      }));
    const file = `${folder}/store-${round}.db`;
    using db = openDatabase(file);
    paths.forEach((path, n) =>
      db.run(
        "INSERT INTO sessions (agent, session_id, started_at, cwds) VALUES ('claude-code', ?, ?, ?)",
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
  return {
    took: Object.fromEntries(Object.entries(took).map(([name, times]) => [name, medianOf(times)])),
    ratios: took["first scan"].map(({ wall }, round) => wall / took["bare git log"][round].wall),
  };
}
