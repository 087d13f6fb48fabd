/**
 * The floor of indexing: one thread that decodes every file and parses every line, and keeps nothing.
 *
 *     deno run -A bench/index/floor.ts DIR
 */
import { readFileSync } from "node:fs";
import { discoverTranscripts } from "../../lib/sessions/claude_code/discover.ts";

const decoder = new TextDecoder();
let parsed = 0;
for (const { path } of discoverTranscripts(Deno.args).files) {
  for (const line of decoder.decode(readFileSync(path)).split("\n")) {
    try {
      JSON.parse(line);
      parsed++;
    } catch {
      continue;
    }
  }
}
console.log(JSON.stringify({ parsed }));
