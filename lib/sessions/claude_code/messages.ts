import type { EditLines, TokenUse } from "../../domain/session_events.ts";
import { readCommits } from "../../shell/git_output.ts";
import { clip, excerpt } from "../../text/clip.ts";
import { amount, isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { resolvePath } from "../../text/paths.ts";
import { parseTime } from "../../time/iso_time.ts";
import { contentText } from "../conversation_blocks.ts";
import { hashUuid } from "../message_hash.ts";
import {
  addCommits,
  addShellCommand,
  addShellResult,
  type CallFailure,
  type RecordedEffects,
} from "../shell_calls.ts";
import type { Call, Collector, Envelope, Scope } from "./collector.ts";
import { fileChanges, inputLines, notebookLines, patchLines } from "./edits.ts";

const MAX_TITLE = 300;

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
    case "worktree-state":
      return noteWorktree(collector, line);
    case "queue-operation":
    case "api-request":
    case "api-request-shape":
      return noteBirth(collector, line);
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
  if (line.type === "assistant") readAnswer(collector, envelope, line);
  else readUserMessage(collector, envelope, line);
}

/** What a subagent did may stand in its parent's progress lines and nowhere else. */
function readProgress(collector: Collector, line: JsonObject): void {
  const data = object(line.data);
  if (data.type !== "agent_progress") return;
  const scope = collector.scope(line, name(data.agentId) ?? "sidechain");
  const earlier = Array.isArray(data.normalizedMessages) ? data.normalizedMessages : [];
  for (const inner of [data.message, ...earlier]) {
    if (!isObject(inner) || (inner.type !== "user" && inner.type !== "assistant")) continue;
    if (inner.uuid === undefined || inner.timestamp === undefined) continue;
    readMessage(collector, inner, scope);
  }
}

function readAttachment(collector: Collector, line: JsonObject): void {
  const prompt = queuedPrompt(line.attachment);
  if (prompt === null || line.isMeta === true) return;
  const envelope = collector.open(line, collector.scope(line));
  if (envelope !== null && envelope.subagent === null) readText(collector, envelope, prompt);
}

/** What was typed while the agent was at work, if that is what an attachment holds. */
export function queuedPrompt(attachment: unknown): string | null {
  const { type, prompt, commandMode = "prompt" } = object(attachment);
  if (type !== "queued_command" || commandMode !== "prompt") return null;
  return text(prompt) ?? text(contentText(prompt));
}

/** Whether a message in the user's name may be a prompt, by what its line says of its origin. */
export function isPromptOrigin(origin: unknown): boolean {
  return object(origin).kind !== "task-notification";
}

function readPullRequest(collector: Collector, line: JsonObject): void {
  const url = name(line.prUrl);
  const session = collector.session(line.sessionId);
  const at = parseTime(line.timestamp);
  if (url === null || session === null || session.size === 0 || at === null) return;
  const envelope = { session, message: 0, at, cwd: null, subagent: null };
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
  const session = collector.session(line.sessionId);
  if (session === null || value === null) return;
  session.facts[field] = clip(value, MAX_TITLE).toWellFormed();
}

/** Keeps the id that both ends of a bridge share, without the prefix that tells the ends apart; the last one counts. */
function noteExternalId(collector: Collector, line: JsonObject, value: unknown): void {
  const id = text(value)?.match(/(?:cse|session)_([\w-]+)/)?.[1];
  const session = collector.session(line.sessionId);
  if (session !== null && id !== undefined) session.facts.externalIds = [clip(id, MAX_TITLE)];
}

/** The most worktrees that are kept of a session. */
const MAX_WORKTREES = 64;

/** Keeps where a worktree came from: once it is deleted, nothing else names its repository. */
function noteWorktree(collector: Collector, line: JsonObject): void {
  const { worktreePath, originalCwd, originalHeadCommit } = object(line.worktreeSession);
  const at = path(worktreePath);
  const from = path(originalCwd);
  const session = collector.session(line.sessionId);
  if (session === null || at === null || from === null) return;
  const others = session.facts.worktrees.filter((known) => known.path !== at);
  const worktree = { path: at, from, head: name(originalHeadCommit) };
  session.facts.worktrees = [...others, worktree].slice(-MAX_WORKTREES);
}

/**
 * Takes note of a record of the running program's own. A fork copies none, but for `cost-state`, which keeps the time at
 * which the original began.
 */
function noteBirth(collector: Collector, line: JsonObject): void {
  const at = parseTime(line.timestamp);
  const session = collector.session(line.sessionId);
  if (session !== null && at !== null) collector.noteBirth(session, at);
}

/** Takes up a message in the user's name: prompts, slash commands, shell input, results of tools. */
function readUserMessage(collector: Collector, envelope: Envelope, line: JsonObject): void {
  const content = object(line.message).content;
  const speaks = line.isMeta !== true && line.isCompactSummary !== true &&
    line.isVisibleInTranscriptOnly !== true && envelope.subagent === null &&
    isPromptOrigin(line.origin);
  if (typeof content === "string") {
    if (speaks) readText(collector, envelope, content);
    return;
  }
  if (!Array.isArray(content)) return;
  const results = content.filter((block) => isObject(block) && block.type === "tool_result");
  for (const block of content) {
    if (!isObject(block)) continue;
    if (block.type === "tool_result") {
      const id = name(block.tool_use_id);
      const call = id === null ? undefined : collector.pending.take(id);
      const result = results.length === 1 ? line.toolUseResult : undefined;
      if (call !== undefined) readResult(collector, envelope, call, { block, result, line });
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
    case "shellInput":
      addShellCommand(envelope.session, envelope, { id: null, command: said.command });
      return;
    case "shellOutput":
      return addCommits(envelope.session, envelope, {
        printed: readCommits(said.output, { certain: false }),
        recorded: null,
        call: null,
      });
    case "other":
      return;
    default:
      said satisfies never;
  }
}

function prompt(collector: Collector, envelope: Envelope, said: string): void {
  envelope.session.facts.firstPrompt ??= excerpt(said);
  collector.emit(envelope, { kind: "prompt", text: said });
}

/** A tool's result as its line holds it. */
export interface ToolResult {
  /** The block in the message. */
  block: JsonObject;
  /** What stands beside the message, `toolUseResult`. */
  result: unknown;
  /** The line around both. */
  line: JsonObject;
}

/** Takes up the result of a call that waits no longer. */
export function readResult(
  collector: Collector,
  envelope: Envelope,
  call: Call,
  found: ToolResult,
): void {
  const result = object(found.result);
  const failure = failureOf(call, found);
  switch (call.kind) {
    case "shell":
      addShellResult(envelope.session, envelope, call, {
        output: typeof result.stdout === "string"
          ? `${result.stdout}\n${text(result.stderr) ?? ""}`
          : contentText(found.block.content),
        failure,
        recorded: recordedEffects(object(result.gitOperation)),
      });
      return readWorktreeChanges(collector, envelope, call, result.bashEditDiff);
    case "read":
      if (failure === null) collector.noteText(call.path, "read", call.id);
      return;
    case "edit":
    case "skill":
      if (failure !== null) {
        return collector.emit(envelope, { kind: "failure", ...failure }, call.id);
      }
      if (call.kind === "edit") reviseEdit(collector, envelope, call.id, result);
      return;
    default:
      call satisfies never;
  }
}

function reviseEdit(
  collector: Collector,
  envelope: Envelope,
  call: string,
  result: JsonObject,
): void {
  const lines = notebookLines(result) ?? patchLines(result.structuredPatch);
  if (lines !== null) collector.revise(envelope, call, lines);
}

/** How Claude Code words that a call never ran, up to the version that records it. */
const REJECTED =
  /The user doesn't want to (?:proceed with|take) this|\[Request interrupted by user|User rejected/;
const EXIT_CODE = /^(?:Error: )?Exit code (\d{1,9})(?:\n|$)/;

/**
 * Why a call did not succeed. A call that the user interrupted while it ran is recorded in the very words of one that the
 * user refused; only where a record says that nothing ran, nothing did.
 */
function failureOf(call: Call, { block, result, line }: ToolResult): CallFailure {
  const interrupted = call.kind === "shell" && object(result).interrupted === true;
  if (block.is_error !== true && !interrupted) return null;
  const { toolDenialKind, toolDenialBeforeRun, permissionDecision } = line;
  if (toolDenialBeforeRun === true || object(permissionDecision).decision === "reject") {
    return { reason: "denied", exitCode: null };
  }
  if (typeof toolDenialKind === "string") {
    const ran = toolDenialKind === "user-rejected";
    return { reason: ran ? "interrupted" : "denied", exitCode: null };
  }
  if (interrupted) return { reason: "interrupted", exitCode: null };
  const said = contentText(block.content);
  if (REJECTED.test(said) || typeof result === "string" && REJECTED.test(result)) {
    return { reason: "denied", exitCode: null };
  }
  const code = EXIT_CODE.exec(said)?.[1];
  return { reason: "failed", exitCode: code === undefined ? null : Number(code) };
}

const SHA = /^[0-9a-f]{4,64}$/;

/** What Claude Code recorded of a command's effects: the first commit of several. */
function recordedEffects({ commit, push, pr }: JsonObject): RecordedEffects {
  const { sha, branch, kind } = object(commit);
  return {
    commit: typeof sha === "string" && SHA.test(sha)
      ? { hash: sha, branch: name(branch), amend: kind === "amended" }
      : null,
    pushed: name(object(push).branch),
    pullRequest: name(object(pr).url),
  };
}

/** Takes up the difference that a command made to the work tree. */
function readWorktreeChanges(
  collector: Collector,
  envelope: Envelope,
  call: Extract<Call, { kind: "shell" }>,
  difference: unknown,
): void {
  const { files } = object(difference);
  const changes = fileChanges(files);
  if (changes.length === 0) return;
  if (!call.told) {
    collector.emit(
      envelope,
      { kind: "command", command: call.command, background: false },
      call.id,
    );
  }
  for (const change of changes) {
    collector.emit(envelope, { kind: "edit", by: "worktree", partial: false, ...change }, call.id);
  }
}

/** Takes up an assistant's message: the tools it calls, its last words, the tokens that it took. */
function readAnswer(collector: Collector, envelope: Envelope, line: JsonObject): void {
  const message = object(line.message);
  const model = name(message.model);
  if (model !== null) {
    const usage = object(message.usage);
    countAnswer(collector, envelope, model, {
      id: name(message.id),
      request: name(line.requestId),
      input: amount(usage.input_tokens),
      cacheRead: amount(usage.cache_read_input_tokens),
      cacheWrite: amount(usage.cache_creation_input_tokens),
      output: amount(usage.output_tokens),
    });
  }
  if (typeof message.content === "string") {
    return readLastText(collector, envelope, message.content);
  }
  if (!Array.isArray(message.content)) return;
  for (const block of message.content) {
    if (!isObject(block)) continue;
    if (block.type === "text") readLastText(collector, envelope, block.text);
    if (block.type === "tool_use") readToolUse(collector, envelope, block);
  }
}

/** What Claude Code names as the model of what it says itself. */
const NO_MODEL = "<synthetic>";

/** What a line says that its answer used: all lines of an answer share message id and request id. */
export interface Usage extends Pick<TokenUse, "input" | "cacheRead" | "cacheWrite" | "output"> {
  id: string | null;
  request: string | null;
}

/**
 * Counts a model's answer, and what it used.
 *
 * @param usage Null if the line before said the same.
 */
export function countAnswer(
  collector: Collector,
  envelope: Envelope,
  model: string,
  usage: Usage | null,
): void {
  if (model === NO_MODEL) return;
  envelope.session.countModel(model);
  if (usage === null) return;
  const { id, request, ...used } = usage;
  if (used.input + used.cacheRead + used.cacheWrite + used.output === 0) return;
  const { message, at } = envelope;
  const key = id === null ? message : hashUuid(`${id} ${request ?? ""}`);
  collector.addTokens(envelope, { key, message, at, model, ...used });
}

function readLastText(collector: Collector, { session, subagent }: Envelope, said: unknown): void {
  const words = subagent === null ? excerpt(said) : null;
  if (words !== null) collector.setLastText(session, words);
}

/** Takes up a tool's call. */
export function readToolUse(collector: Collector, envelope: Envelope, block: JsonObject): void {
  const tool = name(block.name);
  const id = name(block.id);
  const input = object(block.input);
  if (tool === null) return;
  envelope.session.countTool(tool);
  if (tool === "Bash" || tool === "PowerShell") {
    return readShellUse(collector, envelope, { id, input });
  }
  if (tool === "Skill") {
    const skill = name(input.skill) ?? name(input.command);
    if (skill === null) return;
    collector.emit(envelope, { kind: "skill", skill: skill.replace(/^\//, "") }, id);
    if (id !== null) collector.pending.add({ kind: "skill", id });
    return;
  }
  const lines = inputLines(tool, input);
  const file = path(input.file_path) ?? path(input.notebook_path);
  if (tool === "Read" && file !== null) return readFile(collector, envelope, { id, path: file });
  if (lines !== null && file !== null) {
    addEdit(collector, envelope, { tool, id, path: file, lines });
  }
}

/** Takes up a shell command that the agent runs. */
export function readShellUse(
  collector: Collector,
  envelope: Envelope,
  { id, input }: { id: string | null; input: JsonObject },
): void {
  const command = text(input.command);
  if (command === null) return;
  const background = input.run_in_background === true;
  const call = addShellCommand(envelope.session, envelope, { id, command, background });
  if (id !== null) collector.pending.add({ kind: "shell", at: envelope.at, ...call, id });
}

/** Takes note of a file that a subagent reads: its edits may need it. */
export function readFile(
  collector: Collector,
  { subagent, cwd }: Envelope,
  { id, path }: { id: string | null; path: string },
): void {
  if (subagent === null || id === null) return;
  collector.pending.add({ kind: "read", id, path: resolvePath(path, cwd) });
}

/** Adds the event of an edit, whose lines may be told later. */
export function addEdit(
  collector: Collector,
  envelope: Envelope,
  edit: { tool: string; id: string | null; path: string; lines: () => EditLines },
): void {
  const { tool, id, lines } = edit;
  const file = resolvePath(edit.path, envelope.cwd);
  const partial = tool === "Edit" || tool === "MultiEdit";
  collector.emitEdit(envelope, { by: "tool", path: file, partial }, { call: id, lines });
  if (id === null) return;
  collector.pending.add({ kind: "edit", id });
  if (envelope.subagent === null) return;
  if (partial || tool === "Write") collector.noteText(file, partial ? "edit" : "write", id);
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
