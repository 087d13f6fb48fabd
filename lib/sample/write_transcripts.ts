import { withHashes } from "./commit_text.ts";
import type { TranscriptPages, World } from "./world.ts";
import type { Hashes } from "./write_repositories.ts";

/**
 * Writes every transcript below `projects` in `claudeDir`, with the hashes that git gave.
 *
 * @param options.hashesOf The hashes of the repository that a folder belongs to.
 */
export async function writeTranscripts(
  world: World,
  options: { claudeDir: string; hashesOf: (cwd: string) => Hashes },
): Promise<void> {
  for (const pages of world.transcripts) {
    const { path, folder } = place(pages, options.claudeDir);
    await Deno.mkdir(folder, { recursive: true });
    const lines = pages.lines.map((line) => JSON.stringify(line) + "\n").join("");
    await Deno.writeTextFile(path, withHashes(lines, options.hashesOf(pages.cwd)));
    if (pages.agent === null) continue;
    const meta = JSON.stringify({ agentType: "general-purpose" });
    await Deno.writeTextFile(path.replace(/\.jsonl$/, ".meta.json"), meta + "\n");
  }
}

function place(pages: TranscriptPages, claudeDir: string): { path: string; folder: string } {
  const project = `${claudeDir}/projects/${pages.cwd.replace(/[^a-zA-Z0-9]/g, "-")}`;
  if (pages.agent === null) return { folder: project, path: `${project}/${pages.sessionId}.jsonl` };
  const folder = `${project}/${pages.sessionId}/subagents`;
  return { folder, path: `${folder}/agent-${pages.agent}.jsonl` };
}
