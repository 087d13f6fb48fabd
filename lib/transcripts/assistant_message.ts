import { inputLines } from "./edit_lines.ts";
import type { Collector, Envelope } from "./collector.ts";
import { readHeredocs } from "./heredoc.ts";
import { writtenLines } from "./edit_lines.ts";
import { isObject, type JsonObject, object, text } from "./json.ts";
import { clip } from "./message_text.ts";
import { count } from "./part.ts";
import { resolvePath } from "./paths.ts";
import { readShellCommand } from "./shell_command.ts";

const MAX_LAST_MESSAGE = 500;

/** Takes up what an assistant's message says: the tools it calls, and its last words. */
export function readAssistantMessage(
  collector: Collector,
  envelope: Envelope,
  message: JsonObject,
): void {
  const { facts } = envelope.part;
  const model = text(message.model);
  if (model !== null && model !== "<synthetic>") count(facts.models, model);
  if (typeof message.content === "string") return lastMessage(envelope, message.content);
  if (!Array.isArray(message.content)) return;
  for (const block of message.content) {
    if (!isObject(block)) continue;
    if (block.type === "text" && typeof block.text === "string") lastMessage(envelope, block.text);
    if (block.type === "tool_use") readToolUse(collector, envelope, block);
  }
}

function lastMessage(envelope: Envelope, said: string): void {
  const { facts } = envelope.part;
  if (envelope.agent === null && said.trim() !== "") {
    facts.lastMessage = clip(said.trim(), MAX_LAST_MESSAGE);
  }
}

function readToolUse(collector: Collector, envelope: Envelope, block: JsonObject): void {
  const tool = text(block.name);
  const id = text(block.id);
  const input = object(block.input);
  if (tool === null) return;
  count(envelope.part.facts.tools, tool);
  if (tool === "Bash" || tool === "PowerShell") return readShellUse(collector, envelope, id, input);
  if (tool === "Skill") {
    const skill = text(input.skill) ?? text(input.command);
    if (skill === null) return;
    collector.emit(envelope, { kind: "skill", skill: skill.replace(/^\//, "") }, id);
    if (id !== null) {
      collector.pending.add({ id, kind: "other", told: true, git: false, publishes: false });
    }
    return;
  }
  readEditUse(collector, envelope, { tool, id, input });
}

function readShellUse(
  collector: Collector,
  envelope: Envelope,
  id: string | null,
  input: JsonObject,
): void {
  const command = text(input.command);
  if (command === null) return;
  const { git, writes, publishes, reads } = readShellCommand(command);
  const told = git || writes;
  if (told) {
    const background = input.run_in_background === true;
    collector.emit(envelope, { kind: "command", command: clip(command), background }, id);
  }
  for (const { path, content } of readHeredocs(command, { cwd: envelope.cwd })) {
    collector.emit(envelope, { kind: "edit", tool: "Shell", path, ...writtenLines(content) }, id);
  }
  if (id !== null && (told || !reads)) {
    collector.pending.add({ id, kind: "shell", told, git: git && !reads, publishes });
  }
}

function readEditUse(
  collector: Collector,
  envelope: Envelope,
  use: { tool: string; id: string | null; input: JsonObject },
): void {
  const { tool, id, input } = use;
  const lines = inputLines(tool, input);
  const path = text(input.file_path) ?? text(input.notebook_path);
  if (lines === null || path === null) return;
  collector.emit(envelope, {
    kind: "edit",
    tool: tool as "Edit",
    path: resolvePath(path, envelope.cwd),
    ...lines,
  }, id);
  if (id !== null) {
    collector.pending.add({ id, kind: "edit", told: true, git: false, publishes: false });
  }
}
