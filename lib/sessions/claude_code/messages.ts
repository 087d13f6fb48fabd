import { clip, excerpt } from "../../text/clip.ts";
import { readShellCommand } from "../../shell/effects.ts";
import { type PrintedCommit, readCommits, readPublished } from "../../shell/git_output.ts";
import { readHeredocs } from "../../shell/trace.ts";
import { isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { resolvePath } from "../../text/paths.ts";
import { parseTime } from "../../time/iso_time.ts";
import { contentText } from "../conversation_blocks.ts";
import type { EditLines } from "../../domain/session_events.ts";
import { inputLines, patchLines, writtenLines } from "../edit_lines.ts";
import { hashUuid } from "../message_hash.ts";
import { count } from "../session_builder.ts";
import { type Collector, type Envelope, type PendingCall, type Scope } from "./collector.ts";

const MAX_TITLE = 300;
/** What is said of text that a command writes. */
const COMMAND_EDIT = { by: "command", movedFrom: null, partial: false } as const;

/** Takes up one parsed line of a transcript, whatever it is. Types that nobody knows say nothing. */
export function readLine(collector: Collector, line: unknown): void {
  if (!isObject(line)) return collector.skip("notAnObject");
  switch (line.type) {
    case "user":
    case "assistant":
      return readMessage(collector, line, collector.scope(line));
    case "progress":
      return readProgress(collector, line);
    case "attachment":
      return readAttachment(collector, line);
    case "pr-link":
      return readPullRequest(collector, line);
    case "summary":
      return readSummary(collector, line);
    case "custom-title":
      return note(collector, line, "customTitle", text(line.customTitle) ?? text(line.title));
    case "ai-title":
      return note(collector, line, "generatedTitle", text(line.aiTitle) ?? text(line.title));
    case "bridge-session":
      return noteExternalId(collector, line, line.bridgeSessionId);
    case "system":
      if (line.subtype === "bridge_status") noteExternalId(collector, line, line.url);
      return;
    default:
      if (typeof line.type !== "string") collector.skip("wrongShape");
  }
}

/** Takes up a message with what its line, or the one around it, says of its surroundings. */
function readMessage(collector: Collector, line: JsonObject, scope: Scope | null): void {
  if (!isObject(line.message)) return collector.skip("wrongShape");
  const envelope = collector.open(line, scope);
  if (envelope === null) return;
  if (line.type === "assistant") readAssistantMessage(collector, envelope, line.message);
  else readUserMessage(collector, envelope, line);
}

/** What a subagent did may stand in its parent's progress lines and nowhere else. */
function readProgress(collector: Collector, line: JsonObject): void {
  const data = object(line.data);
  if (data.type !== "agent_progress") return;
  const normalized = Array.isArray(data.normalizedMessages) ? data.normalizedMessages : [];
  for (const inner of [data.message, ...normalized]) {
    if (!isObject(inner)) continue;
    const scope = collector.scope(line, name(data.agentId) ?? "sidechain");
    readSubagentMessage(collector, inner, scope);
  }
}

/** Takes up a message that stands in a progress line. */
export function readSubagentMessage(
  collector: Collector,
  message: JsonObject,
  scope: Scope | null,
): void {
  if (message.type !== "user" && message.type !== "assistant") return;
  if (message.uuid === undefined || message.timestamp === undefined) return;
  readMessage(collector, message, scope);
}

function readAttachment(collector: Collector, line: JsonObject): void {
  const attachment = object(line.attachment);
  if (attachment.type !== "queued_command" || line.isMeta === true) return;
  const prompt = text(attachment.prompt);
  if (prompt === null) return;
  const envelope = collector.open(line, collector.scope(line));
  if (envelope !== null && envelope.subagent === null) readText(collector, envelope, prompt);
}

function readPullRequest(collector: Collector, line: JsonObject): void {
  const url = name(line.prUrl);
  const part = collector.part(line.sessionId);
  const at = parseTime(line.timestamp);
  if (url === null || part === null || at === null) return;
  const envelope = { part, hash: 0, at, cwd: null, subagent: null };
  collector.emit(envelope, { kind: "published", branch: null, url });
}

/** A summary names the message it ends with: it may be about a conversation of another file. */
function readSummary(collector: Collector, line: JsonObject): void {
  const leaf = text(line.leafUuid);
  const summary = text(line.summary);
  if (leaf === null || summary === null) return;
  collector.summarize({ leaf: hashUuid(leaf), text: clip(summary, MAX_TITLE).toWellFormed() });
}

function note(
  collector: Collector,
  line: JsonObject,
  field: "customTitle" | "generatedTitle",
  value: string | null,
): void {
  const part = collector.part(line.sessionId);
  if (part !== null && value !== null) part.facts[field] = clip(value, MAX_TITLE).toWellFormed();
}

/** Keeps the id that both ends of a bridge share, without the prefix that tells the ends apart; the last one counts. */
function noteExternalId(collector: Collector, line: JsonObject, value: unknown): void {
  const id = text(value)?.match(/(?:cse|session)_([\w-]+)/)?.[1];
  const part = collector.part(line.sessionId);
  if (part !== null && id !== undefined) part.facts.externalIds = [clip(id, MAX_TITLE)];
}

const REJECTED =
  /The user doesn't want to (?:proceed with|take) this|\[Request interrupted by user|User rejected/;

/** Takes up a message in the user's name: prompts, slash commands, shell input, results of tools. */
export function readUserMessage(
  collector: Collector,
  envelope: Envelope,
  line: JsonObject,
): void {
  const content = object(line.message).content;
  const speaks = line.isMeta !== true && line.isCompactSummary !== true &&
    line.isVisibleInTranscriptOnly !== true && envelope.subagent === null;
  if (typeof content === "string") {
    if (speaks) readText(collector, envelope, content);
    return;
  }
  if (!Array.isArray(content)) return;
  const results = content.filter((block) => isObject(block) && block.type === "tool_result");
  for (const block of content) {
    if (!isObject(block)) continue;
    if (block.type === "tool_result") {
      readResult(collector, envelope, {
        block,
        result: results.length === 1 ? line.toolUseResult : undefined,
      });
    } else if (block.type === "text" && typeof block.text === "string" && speaks) {
      readText(collector, envelope, block.text);
    }
  }
}

/** Takes up a text that may be what the user typed. */
export function readText(collector: Collector, envelope: Envelope, raw: string): void {
  const said = readUserText(raw);
  switch (said.kind) {
    case "prompt":
      return prompt(collector, envelope, said.text);
    case "slashCommand":
      collector.emit(envelope, { kind: "skill", skill: said.name });
      if (said.prompt !== null) prompt(collector, envelope, said.prompt);
      return;
    case "shellInput": {
      const { git, writes } = readShellCommand(said.command);
      if (!git && !writes) return;
      const command = clip(said.command);
      collector.emit(envelope, { kind: "command", command, background: false });
      for (const { path, content } of readHeredocs(command, { cwd: envelope.cwd })) {
        collector.emit(envelope, { kind: "edit", ...COMMAND_EDIT, path, ...writtenLines(content) });
      }
      return;
    }
    case "shellOutput":
      return emitCommits(collector, envelope, {
        commits: readCommits(said.output, { certain: false }),
        call: null,
      });
    case "other":
      return;
    default:
      said satisfies never;
  }
}

function prompt(collector: Collector, envelope: Envelope, said: string): void {
  envelope.part.facts.firstPrompt ??= excerpt(said);
  collector.emit(envelope, { kind: "prompt", text: said });
}

function readResult(
  collector: Collector,
  envelope: Envelope,
  found: { block: JsonObject; result: unknown },
): void {
  const { block } = found;
  const id = name(block.tool_use_id);
  const call = id === null ? undefined : collector.pending.take(id);
  if (id === null || call === undefined) return;
  const result = object(found.result);
  const failed = block.is_error === true || (call.kind === "shell" && result.interrupted === true);
  if (failed && call.told) {
    const rejected = REJECTED.test(contentText(block.content)) ||
      (typeof found.result === "string" && REJECTED.test(found.result));
    const interrupted = call.kind === "shell" && result.interrupted === true;
    const reason = rejected ? "denied" : interrupted ? "interrupted" : "failed";
    collector.emit(envelope, { kind: "failure", reason, exitCode: null }, id);
  }
  if (call.kind === "shell") readShellResult(collector, envelope, { call, block, result });
  if (call.kind === "edit" && !failed) {
    const lines = patchLines(result.structuredPatch);
    if (lines !== null) collector.revise(envelope, id, lines);
  }
}

function readShellResult(
  collector: Collector,
  envelope: Envelope,
  found: { call: PendingCall; block: JsonObject; result: JsonObject },
): void {
  const { call, block, result } = found;
  const output = typeof result.stdout === "string"
    ? `${result.stdout}\n${text(result.stderr) ?? ""}`
    : contentText(block.content);
  const operation = object(result.gitOperation);
  emitCommits(collector, envelope, {
    commits: commitsOf(call, output),
    call: call.id,
    recorded: object(operation.commit),
  });
  const printed = call.publishes ? readPublished(output) : null;
  const branch = text(object(operation.push).branch) ?? printed?.branch ?? null;
  const url = text(object(operation.pr).url) ?? printed?.url ?? null;
  if (branch !== null || url !== null) {
    collector.emit(envelope, { kind: "published", branch, url }, call.id);
  }
}

/** The commits that a call made, by what it printed. */
function commitsOf({ git, told, command }: PendingCall, output: string): PrintedCommit[] {
  return told && !git ? [] : readCommits(output, { certain: git, command });
}

function emitCommits(
  collector: Collector,
  envelope: Envelope,
  found: { commits: PrintedCommit[]; call: string | null; recorded?: JsonObject },
): void {
  const sha = text(found.recorded?.sha);
  if (sha !== null && /^[0-9a-f]{4,64}$/.test(sha)) {
    const printed = found.commits.find(({ hash }) => hash.startsWith(sha) || sha.startsWith(hash));
    collector.emit(envelope, {
      kind: "commit",
      hash: sha,
      branch: printed?.branch ?? null,
      subject: printed?.subject ?? null,
      amend: printed?.amend ?? found.recorded?.kind === "amended",
      source: "structured",
    }, found.call);
    found.commits = found.commits.filter((commit) => commit !== printed);
  }
  for (const commit of found.commits) {
    collector.emit(envelope, { kind: "commit", ...commit, source: "output" }, found.call);
  }
}

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
  const words = envelope.subagent === null ? excerpt(said) : null;
  if (words === null) return;
  envelope.part.facts.lastMessage = words;
  envelope.part.lastAssistantText = null;
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
    collector.emit(envelope, { kind: "edit", ...COMMAND_EDIT, path, ...writtenLines(content) }, id);
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
  tellEdit(collector, envelope, { tool, id, path: file, lines });
}

/** Tells of an edit, whose lines may be told later. */
export function tellEdit(
  collector: Collector,
  envelope: Envelope,
  edit: { tool: string; id: string | null; path: string; lines: () => EditLines },
): void {
  const { tool, id, lines } = edit;
  const file = resolvePath(edit.path, envelope.cwd);
  const partial = tool === "Edit" || tool === "MultiEdit";
  collector.emitEdit(envelope, { by: "tool", path: file, partial }, { call: id, lines });
  if (id !== null) {
    collector.pending.add({ ...SILENT, id, kind: "edit" });
  }
}

/** What Claude Code puts into the user's mouth: reminders, the editor's state. */
const INSERTED = [
  "system-reminder",
  "ide_opened_file",
  "ide_selection",
  "ide_diagnostics",
  "user-prompt-submit-hook",
  "local-command-caveat",
];

/** Lines with the role `user` that no user wrote. */
const NOT_A_PROMPT =
  /^(?:<(?:local-command-|command-|bash-|task-notification|teammate-message|tool_use_error|user-memory-input)|Caveat: The messages below|\[Request interrupted by user|This session is being continued from a previous conversation|API Error|Operation stopped by hook: |\(no content\)$)/;

const COMMAND_NAME = /<command-name>\s*\/?([^<\n]{1,200}?)\s*<\/command-name>/;
const COMMAND_ARGS = /<command-args>([\s\S]*?)<\/command-args>/;
const BASH_INPUT = /^\s*<bash-input>([\s\S]*?)<\/bash-input>/;
const BASH_OUTPUT = /^\s*<bash-stdout>([\s\S]*?)<\/bash-stdout>/;

/** Commands of Claude Code itself: they ask the agent for nothing. */
const BUILT_IN = new Set(
  ("add-dir agents bashes bug clear color compact config context copy cost desktop doctor effort exit export extra-usage fast " +
    "feedback help hooks ide install-github-app keybindings login logout mcp memory mobile model output-style " +
    "permissions plugin plugins privacy-settings quit rate-limit-options release-notes reload-plugins remote-control " +
    "rename resume rewind sandbox skills stats status statusline tasks terminal-setup theme todos upgrade usage vim " +
    "voice").split(" "),
);

/** What a text in a user's message is. */
export type UserText =
  | { kind: "prompt"; text: string }
  | { kind: "slashCommand"; name: string; prompt: string | null }
  | { kind: "shellInput"; command: string }
  | { kind: "shellOutput"; output: string }
  | { kind: "other" };

/** Tells what the user typed from what Claude Code wrote in the user's name. */
export function readUserText(raw: string): UserText {
  const name = /^\s*<command-/.test(raw) ? COMMAND_NAME.exec(clip(raw))?.[1] : undefined;
  if (name !== undefined) {
    if (BUILT_IN.has(name)) return { kind: "other" };
    const args = COMMAND_ARGS.exec(raw)?.[1]?.trim();
    return { kind: "slashCommand", name, prompt: args ? clip(`/${name} ${args}`) : null };
  }
  const command = BASH_INPUT.exec(raw)?.[1];
  if (command !== undefined) return { kind: "shellInput", command };
  const output = BASH_OUTPUT.exec(raw)?.[1];
  if (output !== undefined) return { kind: "shellOutput", output };
  const typed = INSERTED.reduce(withoutElement, raw).trim();
  if (typed === "" || NOT_A_PROMPT.test(typed)) return { kind: "other" };
  return { kind: "prompt", text: clip(typed) };
}

/** The text without its elements of one name. */
function withoutElement(text: string, name: string): string {
  const [open, close] = [`<${name}>`, `</${name}>`];
  const kept: string[] = [];
  let from = 0;
  while (true) {
    const start = text.indexOf(open, from);
    const end = start < 0 ? -1 : text.indexOf(close, start);
    if (end < 0) return from === 0 ? text : kept.join("") + text.slice(from);
    kept.push(text.slice(from, start));
    from = end + close.length;
  }
}
