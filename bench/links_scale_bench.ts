import { createGitRunner } from "../lib/git/run/runner.ts";
import { linkSessions } from "../lib/sync/steps/link.ts";
import { openDatabase } from "../lib/store/database.ts";
import { seedLinkFacts } from "./links/seed_facts.ts";
import type { Bench, BenchOptions, Figure } from "./support/bench.ts";

const COMMITS_PER_SESSION = 10;

/**
 * How linking grows: time and memory for ten times as many sessions and commits, all made up.
 *
 * A repository for every hundred sessions; each session edits three files and makes a third of the commits of its time.
 * Diffs are put into the store, so that linking alone is measured.
 */
export const bench: Bench = {
  name: "links",
  async run({ folder, scale }: BenchOptions): Promise<Figure[]> {
    const sessions = Math.round(10_000 * scale);
    const some = await link(`${folder}/some.db`, Math.round(sessions / 10));
    const many = await link(`${folder}/many.db`, sessions);
    const commits = sessions * COMMITS_PER_SESSION;
    return [
      {
        what: `links of ${sessions} sessions and ${commits} commits, beside a tenth of them`,
        value: many.ms / some.ms,
        unit: "x",
        bound: 11,
        beside: `${many.ms.toFixed(0)} ms beside ${some.ms.toFixed(0)} ms; again, unchanged: ${
          many.unchangedMs.toFixed(0)
        } ms`,
      },
      { what: "its peak memory", value: many.peakMegabytes, unit: "MB", bound: 1_024 },
    ];
  },
};

interface Linked {
  ms: number;
  unchangedMs: number;
  peakMegabytes: number;
}

async function link(path: string, sessions: number): Promise<Linked> {
  using db = openDatabase(path);
  seedLinkFacts(db, {
    sessions,
    sessionsPerRepository: 100,
    commitsPerSession: COMMITS_PER_SESSION,
  });
  const deps = { db, runGit: createGitRunner({ environment: {} }), now: () => 0 };
  let peak = 0;
  const timer = setInterval(() => peak = Math.max(peak, Deno.memoryUsage().rss), 100);
  const since = performance.now();
  await linkSessions(deps, { onProgress: () => {} });
  const ms = performance.now() - since;
  clearInterval(timer);
  const again = performance.now();
  await linkSessions(deps, { onProgress: () => {} });
  return { ms, unchangedMs: performance.now() - again, peakMegabytes: peak / 2 ** 20 };
}
