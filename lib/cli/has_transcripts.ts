import { join } from "node:path";

/** Project, session, `subagents`, workflow: no transcript lies deeper. */
const MAX_DEPTH = 4;

/** Whether there is a transcript under any of Claude Code's folders. It stops at the first one. */
export function hasTranscripts(claudeDirs: readonly string[]): boolean {
  return claudeDirs.some((folder) => holdsTranscript(join(folder, "projects"), 0));
}

function holdsTranscript(folder: string, depth: number): boolean {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(folder)];
  } catch {
    // What cannot be read, a sync reports.
    return false;
  }
  if (entries.some(({ name }) => name.endsWith(".jsonl"))) return true;
  if (depth === MAX_DEPTH) return false;
  return entries.some(({ name, isFile }) =>
    !isFile && holdsTranscript(join(folder, name), depth + 1)
  );
}
