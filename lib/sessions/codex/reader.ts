import { basename, join } from "node:path";
import { findFiles, pathExists } from "../find_files.ts";
import { type LogCheckpoint, openAppendLog } from "../jsonl/append_log.ts";
import type { AgentReader, Discovery, SessionSource } from "../reader.ts";
import { readConversation } from "./conversation.ts";
import { Rollout, type RolloutState, threadOf } from "./rollout.ts";

/** Reads the rollouts of Codex CLI, from those of 2025 on: one file a thread, a subagent's too. */
export const codexReader: AgentReader<LogCheckpoint<RolloutState>> = {
  id: "codex",
  title: "Codex",
  version: 1,
  tells: {
    prompts: true,
    edits: true,
    output: true,
    exitCodes: true,
    subagents: true,
    tokens: true,
  },
  roots: {
    flag: "codex-dir",
    variables: ["CODEX_HOME"],
    resolve: (env, home) => [env("CODEX_HOME") || join(home, ".codex")],
  },
  discover,
  watch: (roots) =>
    roots.flatMap((root) => [
      { path: join(root, "sessions"), recursive: true },
      { path: join(root, "archived_sessions"), recursive: false },
    ]),
  open: (source, known) =>
    openAppendLog(
      source.path,
      known,
      (context, state) => new Rollout(context, threadOf(basename(source.path)), state),
    ),
  messages: (source, session, at, limit) => readConversation(source.path, session, at, limit),
  resumeCommand: (session) => ["codex", "resume", session],
};

const COMPRESSED = ".zst";

/**
 * Finds the rollouts below `sessions` and `archived_sessions`. A rollout's name holds its thread's id, so it is the same
 * source when it is archived or compressed.
 */
function discover(roots: readonly string[]): Discovery {
  const folders = [...new Set(roots)].filter(pathExists)
    .flatMap((root) => [join(root, "sessions"), join(root, "archived_sessions")]);
  const found = findFiles(folders, {
    accepts: (name) => name.endsWith(".jsonl") || name.endsWith(`.jsonl${COMPRESSED}`),
    keys({ path, name }) {
      const named = threadOf(name) === null ? path : name;
      const key = named.endsWith(COMPRESSED) ? named.slice(0, -COMPRESSED.length) : named;
      return { key, identity: key };
    },
  });
  return { ...found, sources: bestOfEach(found.sources) };
}

/** Of a rollout that was found several times, the one that is not compressed, and of those the longest. */
function bestOfEach(sources: readonly SessionSource[]): SessionSource[] {
  const best = new Map<string, SessionSource>();
  for (const source of sources) {
    const other = best.get(source.key);
    if (other === undefined || isBetter(source, other)) best.set(source.key, source);
  }
  return [...best.values()];
}

function isBetter(source: SessionSource, other: SessionSource): boolean {
  const compressed = source.path.endsWith(COMPRESSED);
  return compressed === other.path.endsWith(COMPRESSED) ? source.bytes > other.bytes : !compressed;
}
