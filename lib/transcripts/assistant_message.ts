import { type EditLines, inputLines, writtenLines } from "./edit_lines.ts";
import type { Collector, EditTool, Envelope } from "./collector.ts";
import { readHeredocs } from "./heredoc.ts";
import { isObject, type JsonObject, name, object, path, text } from "./json.ts";
import { clip, excerpt } from "./message_text.ts";
import { count } from "./part.ts";
import { resolvePath } from "./paths.ts";
import { readShellCommand } from "./shell_command.ts";

/** A call that made an event and is no shell command. */
const SILENT = { told: true, command: "", git: false, publishes: false };

/** Takes up what an assistant's message says: the tools it calls, and its last words. */
export function readAssistantMessage(
  collector: Collector,
  envelope: Envelope,
  message: JsonObject,
): void {
  const model = name(message.model);
  if (model !== null) envelope.part.addModel(model);
  if (typeof message.content === "string") return lastMessage(envelope, message.content);
  if (!Array.isArray(message.content)) return;
  for (const block of message.content) {
    if (!isObject(block)) continue;
    if (block.type === "text") lastMessage(envelope, block.text);
    if (block.type === "tool_use") readToolUse(collector, envelope, block);
  }
}

function lastMessage(envelope: Envelope, said: unknown): void {
  const words = envelope.agent === null ? excerpt(said) : null;
  if (words === null) return;
  envelope.part.facts.lastMessage = words;
  envelope.part.lastWords = null;
}

/** Takes up a tool's call. */
export function readToolUse(collector: Collector, envelope: Envelope, block: JsonObject): void {
  const tool = name(block.name);
  const id = name(block.id);
  const input = object(block.input);
  if (tool === null) return;
  count(envelope.part.facts.tools, tool);
  if (tool === "Bash" || tool === "PowerShell") return readShellUse(collector, envelope, id, input);
  if (tool === "Skill") {
    const skill = name(input.skill) ?? name(input.command);
    if (skill === null) return;
    collector.emit(envelope, { kind: "skill", skill: skill.replace(/^\//, "") }, id);
    if (id !== null) {
      collector.pending.add({ ...SILENT, id, kind: "other" });
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
  const { git, writes, publishes } = readShellCommand(command);
  const told = git || writes;
  if (told) {
    const background = input.run_in_background === true;
    collector.emit(envelope, { kind: "command", command: clip(command), background }, id);
  }
  for (const { path, content } of readHeredocs(command, { cwd: envelope.cwd })) {
    collector.emit(envelope, { kind: "edit", tool: "Shell", path, ...writtenLines(content) }, id);
  }
  if (id !== null) {
    collector.pending.add({ id, kind: "shell", told, command: clip(command), git, publishes });
  }
}

function readEditUse(
  collector: Collector,
  envelope: Envelope,
  use: { tool: string; id: string | null; input: JsonObject },
): void {
  const { tool, id, input } = use;
  const lines = inputLines(tool, input);
  const file = path(input.file_path) ?? path(input.notebook_path);
  if (lines === null || file === null) return;
  tellEdit(collector, envelope, { tool: tool as EditTool, id, path: file, lines });
}

/** Tells of an edit, whose lines may be told later. */
export function tellEdit(
  collector: Collector,
  envelope: Envelope,
  edit: { tool: EditTool; id: string | null; path: string; lines: () => EditLines },
): void {
  const { tool, id, lines } = edit;
  const file = resolvePath(edit.path, envelope.cwd);
  collector.emitEdit(envelope, { tool, path: file }, { toolUse: id, lines });
  if (id !== null) {
    collector.pending.add({ ...SILENT, id, kind: "edit" });
  }
}
