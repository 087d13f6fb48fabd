import type { AgentId } from "../domain/ids.ts";
import { claudeCodeReader } from "./claude_code/reader.ts";
import { clineReader } from "./cline/reader.ts";
import { codexReader } from "./codex/reader.ts";
import { copilotReader } from "./copilot/reader.ts";
import { openCodeReader } from "./opencode/reader.ts";
import { geminiReader } from "./gemini/reader.ts";
import { piReader } from "./pi/reader.ts";
import { qwenReader } from "./qwen/reader.ts";
import type { AgentReader } from "./reader.ts";

/** Every agent whose sessions are read, in the order in which pages name them. */
export const READERS: readonly AgentReader[] = [
  claudeCodeReader,
  codexReader,
  openCodeReader,
  copilotReader,
  geminiReader,
  qwenReader,
  piReader,
  clineReader,
];

const byId = new Map(READERS.map((reader) => [reader.id, reader]));

/**
 * The reader of an agent.
 *
 * @throws {RangeError} If no such agent is read.
 */
export function readerOf(agent: AgentId): AgentReader {
  const reader = byId.get(agent);
  if (reader === undefined) throw new RangeError(`No reader of ${agent}`);
  return reader;
}
