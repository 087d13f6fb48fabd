import { join } from "node:path";
import type { Call } from "./command.ts";

/** Project, session, `subagents`, workflow: no transcript lies deeper. */
const MAX_DEPTH = 4;

/** Whether there is a transcript under any of Claude Code's folders. It stops at the first one. */
export function hasTranscripts(claudeDirs: readonly string[]): boolean {
  return claudeDirs.some((folder) => holdsTranscript(join(folder, "projects"), 0));
}

/** Tells whoever may have named another folder than Claude Code's that there is nothing to read. */
export function noteWithoutTranscripts({ config, screen }: Pick<Call, "config" | "screen">): void {
  const { claudeDirs } = config;
  if (hasTranscripts(claudeDirs)) return;
  screen.note(
    `No transcripts are in ${
      claudeDirs.join(", ")
    }. If Claude Code keeps them elsewhere, say where with --claude-dir.`,
  );
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
