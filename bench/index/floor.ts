/**
 * The floor of indexing: one thread that decodes every file and parses every line, and keeps nothing.
 *
 *     deno run -A bench/index/floor.ts DIR
 */
import { readFileSync } from "node:fs";
import { claudeCodeReader } from "../../lib/sessions/claude_code/reader.ts";

const decoder = new TextDecoder();
let parsed = 0;
for (const { path } of claudeCodeReader.discover(Deno.args).sources) {
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
