import { join } from "node:path";
import { findFiles } from "../find_files.ts";
import { readLogPage } from "../jsonl/log_page.ts";
import type { AgentReader } from "../reader.ts";
import { messageOf } from "./conversation.ts";
import { identifyFile, openTranscript, type TranscriptCheckpoint } from "./transcript.ts";

/** Reads the transcripts of Claude Code, subagents' files included, below `projects` in its folder. */
export const claudeCodeReader: AgentReader<TranscriptCheckpoint> = {
  id: "claude-code",
  title: "Claude Code",
  version: 3,
  tells: {
    prompts: true,
    edits: true,
    output: true,
    exitCodes: true,
    subagents: true,
    tokens: true,
  },
  roots: {
    flag: "claude-dir",
    variables: ["CLAUDE_CONFIG_DIR"],
    resolve(env, home) {
      const named = env("CLAUDE_CONFIG_DIR")?.split(",").map((dir) => dir.trim()).filter(Boolean);
      return named !== undefined && named.length > 0 ? named : [join(home, ".claude")];
    },
  },
  discover(roots) {
    return findFiles(roots.map(projectsIn), {
      // A workflow keeps a journal beside the transcripts of its subagents.
      accepts: (name) => name.endsWith(".jsonl") && name !== "journal.jsonl",
    });
  },
  watch(roots) {
    return roots.map((root) => ({ path: projectsIn(root), recursive: true }));
  },
  open({ path }, known) {
    return openTranscript(path, known);
  },
  messages({ path }, session, at, limit) {
    const file = identifyFile(path);
    return readLogPage(path, at, limit, (line) => messageOf(line, session, file));
  },
  resumeCommand: (session) => ["claude", "--resume", session],
};

function projectsIn(root: string): string {
  return join(root, "projects");
}
