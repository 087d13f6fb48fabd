/**
 * How right the links are, on sets of transcripts whose recorder wrote down which session made which commit.
 *
 *     deno task bench:links DIR…
 *
 * Each DIR holds `claude/projects`, `repo` and `truth.tsv` (commit, session, clean). Everything is indexed, scanned and
 * linked in a store of its own, without the rule that reads the recorder's trailers.
 */
import { type Rule, RULES } from "../lib/domain/links.ts";
import { PreparedSet } from "./links/prepared_set.ts";
import { calibrate, type Score, type Scored, scoreOf } from "./links/score.ts";

const folders = Deno.args.filter((arg) => !arg.startsWith("--"));
if (folders.length === 0) {
  console.error("Name at least one prepared set: deno task bench:links DIR…");
  Deno.exit(2);
}

const sets: PreparedSet[] = [];
try {
  for (const folder of folders) sets.push(await PreparedSet.open(folder));
  const all = await linkAll([]);
  print("", sets.map(({ name }, i) => [name, scoreOf([all[i]])]));
  print("", [["pooled", scoreOf(all)]]);
  if (!Deno.args.includes("--short")) {
    const without: [string, Score][] = [];
    for (const rule of RULES) {
      if (rule !== "trailer") without.push([`without ${rule}`, scoreOf(await linkAll([rule]))]);
    }
    print("Leave one out", without);
    console.log("\n| confidence | links | recorded | share | given |\n|---|---|---|---|---|");
    for (const { from, to, links, recorded, given } of calibrate(all)) {
      console.log(
        `| ${from}–${Math.min(1, to)} | ${links} | ${recorded} | ${three(recorded / links)} | ${
          three(given)
        } |`,
      );
    }
  }
} finally {
  for (const set of sets) set[Symbol.dispose]();
}

async function linkAll(without: readonly Rule[]): Promise<Scored[]> {
  const scored: Scored[] = [];
  for (const set of sets) {
    const { links, ms } = await set.link(["trailer", ...without]);
    if (without.length === 0) {
      const bare = await meanBareLog(set);
      const { ms: again } = await set.link(["trailer"]);
      console.log(
        `${set.name}: linked in ${
          Math.round(ms)
        } ms; bare git log -p -U0 of its ${bare.commits} candidates ` +
          `${Math.round(bare.ms)} ms (${(ms / bare.ms).toFixed(1)}×); again, unchanged: ${
            Math.round(again)
          } ms`,
      );
    }
    scored.push({ links, recorded: set.recorded });
  }
  return scored;
}

/** The mean of three runs, since other work on the machine comes and goes. */
async function meanBareLog(set: PreparedSet): Promise<{ ms: number; commits: number }> {
  const runs = [await set.bareLog(), await set.bareLog(), await set.bareLog()];
  return { ms: runs.reduce((sum, { ms }) => sum + ms, 0) / runs.length, commits: runs[0].commits };
}

function print(title: string, rows: readonly (readonly [string, Score])[]): void {
  if (title !== "") console.log(`\n${title}`);
  for (const [name, score] of rows) {
    console.log(
      `${name.padEnd(24)} links ${String(score.links).padStart(6)}  P ${three(score.precision)}  ` +
        `P.all ${three(score.precisionAll)}  R ${three(score.recall)}  R.all ${
          three(score.recallAll)
        }  F1 ${three(score.f1)}`,
    );
  }
}

function three(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : "–";
}
