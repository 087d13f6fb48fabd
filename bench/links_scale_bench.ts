/**
 * How linking grows: time and memory for ever more sessions and commits, all made up.
 *
 *     deno task bench:links-scale [--sessions 100000] [--json FILE]
 *
 * Ten commits a session, a repository for every hundred sessions; each session edits three files and makes a third of the
 * commits of its time. Diffs are put into the store, so that linking alone is measured. Sizes are a quarter, a half and
 * the whole.
 */
import { parseArgs } from "node:util";
import { createGitRunner } from "../lib/git/runner.ts";
import { linkSessions } from "../lib/sync/link_step.ts";
import { openDatabase } from "../lib/store/database.ts";
import { seedLinkFacts } from "./links/seed_facts.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { sessions: { type: "string", default: "100000" }, json: { type: "string" } },
});
const whole = Number(values.sessions);

interface Figure {
  sessions: number;
  commits: number;
  links: number;
  ms: number;
  msPerThousandCommits: number;
  peakMegabytes: number;
  unchangedMs: number;
}

const figures: Figure[] = [];
for (const part of [4, 2, 1]) {
  const sessions = Math.round(whole / part);
  const folder = Deno.makeTempDirSync({ prefix: "ascribe-scale-" });
  try {
    figures.push(await measure(`${folder}/ascribe.db`, sessions));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  console.log(JSON.stringify(figures.at(-1)));
}
if (values.json !== undefined) {
  Deno.writeTextFileSync(values.json, JSON.stringify(figures, null, 2));
}

async function measure(path: string, sessions: number): Promise<Figure> {
  using db = openDatabase(path);
  const { commits } = seedLinkFacts(db, {
    sessions,
    sessionsPerRepository: 100,
    commitsPerSession: 10,
  });
  const deps = { db, runGit: createGitRunner({ environment: {} }), now: () => 0 };
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, Deno.memoryUsage().rss);
  }, 100);
  const since = performance.now();
  const { linksCreated } = await linkSessions(deps, { onProgress: () => {} });
  const ms = performance.now() - since;
  clearInterval(timer);
  const again = performance.now();
  await linkSessions(deps, { onProgress: () => {} });
  return {
    sessions,
    commits,
    links: linksCreated,
    ms: Math.round(ms),
    msPerThousandCommits: Math.round(ms / commits * 1e6) / 1000,
    peakMegabytes: Math.round(peak / 2 ** 20),
    unchangedMs: Math.round(performance.now() - again),
  };
}
