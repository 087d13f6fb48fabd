import { claudeCode } from "../../tests/support/agents.ts";
/**
 * Indexes a folder into a new database, and says what that took.
 *
 *     deno run -A bench/index/index_once.ts DATABASE DIR
 */
import { openDatabase } from "../../lib/store/database.ts";
import { indexSources } from "../../lib/sync/steps/index_sources.ts";

const [database, dir] = Deno.args;
let peak = 0;
{
  using db = openDatabase(database);
  await indexSources({ db, agents: claudeCode(dir), now: Date.now }, {
    onProgress: () => peak = Math.max(peak, Deno.memoryUsage().rss),
  });
}
console.log(JSON.stringify({ peakBytes: peakBytes() ?? peak }));

/** The most memory that this process ever held, where the system tells. */
function peakBytes(): number | null {
  if (Deno.build.os !== "linux") return null;
  const kilobytes = /VmHWM:\s*(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
