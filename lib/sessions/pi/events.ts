import type { SessionId } from "../../domain/ids.ts";
import { hashLine } from "../../domain/line_hashes.ts";
import type { EditLines } from "../../domain/session_events.ts";
import { replacedLines, writtenLines } from "../edit_lines.ts";
import { amount, isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { clip, excerpt } from "../../text/clip.ts";
import { contentText } from "../conversation_blocks.ts";
import { resolvePath } from "../../text/paths.ts";
import { parseTime } from "../../time/iso_time.ts";
import { hashUuid, sessionIdOf } from "../message_hash.ts";
import type { LogContext, LogInterpreter } from "../jsonl/append_log.ts";
import { PendingCalls } from "../pending_calls.ts";
import type { MessageContext, SessionBuilder } from "../session_builder.ts";
import {
  addShellCommand,
  addShellResult,
  type CallFailure,
  type ShellCall,
} from "../shell_calls.ts";

const MAX_TITLE = 300;
/** What pi's tools add to the output of a call that ends otherwise than well. */
const EXIT_CODE = /(?:^|\n)Command exited with code (\d{1,9})$/;
const CUT_SHORT =
  /(?:^|\n)(?:Command aborted|Command timed out after \S+ seconds|Operation aborted)$/;
/** The text that stands for a skill which the user invoked, and what was typed behind it. */
const SKILL =
  /^<skill name="([^"]{1,200})" location="[^"]*">\n[\s\S]*?\n<\/skill>(?:\n\n([\s\S]+))?$/;
/** A line of the diff in an edit's result: a sign, the line's number, the line. */
const DIFF_LINE = /^([+-]) *\d+ ([^]*)$/;
const ODD_SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;

/** What the header of a session's file says. */
interface Header {
  session: SessionId;
  cwd: string | null;
  at: number | null;
  /** The file of the session that it was forked from, which is read when this one is not being read. */
  parent: string | null;
  forkedFrom: SessionId | null;
}

/** A call without a result yet: of the shell, or of a tool that edits. */
type Call = { kind: "shell" } & ShellCall | { kind: "edit"; id: string };

/** What the reading of a session's file goes on from. */
export interface PiState {
  header: Header | null;
  title: string | null;
  calls: Call[];
}

/** Makes a session's facts and events of the entries of its file. */
export class PiEntries implements LogInterpreter<PiState> {
  readonly #log: LogContext;
  readonly #calls: PendingCalls<Call>;
  readonly #parentOf: (path: string) => SessionId | null;
  #header: Header | null;
  #title: string | null;
  #session: SessionBuilder | null = null;

  /** @param parentOf The id of the session whose file a header names as its parent. */
  constructor(
    log: LogContext,
    state: PiState | null,
    parentOf: (path: string) => SessionId | null,
  ) {
    this.#log = log;
    this.#parentOf = parentOf;
    this.#calls = new PendingCalls(state?.calls);
    this.#header = state?.header ?? null;
    this.#title = state?.title ?? null;
    if (this.#header !== null) this.#begin(this.#header);
  }

  record(entry: JsonObject): void {
    switch (entry.type) {
      case "session":
        return this.#readHeader(entry);
      case "message":
        return this.#readMessage(entry);
      case "session_info":
        return this.#entitle(text(entry.name));
      default:
        if (typeof entry.type !== "string") this.#log.skip("wrongShape");
    }
  }

  state(): PiState {
    return { header: this.#header, title: this.#title, calls: this.#calls.list() };
  }

  #readHeader(entry: JsonObject): void {
    const session = sessionIdOf(entry.id);
    if (session === null) return this.#log.skip("noSession");
    if (this.#header !== null) return this.#log.skip("wrongShape");
    this.#header = {
      session,
      cwd: path(entry.cwd),
      at: parseTime(entry.timestamp),
      parent: path(entry.parentSession),
      forkedFrom: null,
    };
    this.#begin(this.#header);
  }

  settle(): void {
    const header = this.#header;
    if (header === null || header.parent === null) return;
    const parent = this.#parentOf(header.parent);
    header.parent = null;
    header.forkedFrom = parent === header.session ? null : parent;
    if (this.#session !== null) this.#session.facts.forkedFrom = header.forkedFrom;
  }

  #begin({ session, at, forkedFrom }: Header): void {
    this.#session = this.#log.session(session);
    const { facts } = this.#session;
    facts.bornAt = at;
    facts.forkedFrom = forkedFrom;
    facts.customTitle = this.#title;
  }

  #entitle(title: string | null): void {
    if (this.#session === null) return this.#log.skip("noSession");
    this.#title = title === null ? null : clip(title, MAX_TITLE).toWellFormed();
    this.#session.facts.customTitle = this.#title;
  }

  #readMessage(entry: JsonObject): void {
    const { message } = entry;
    if (!isObject(message)) return this.#log.skip("wrongShape");
    const session = this.#session;
    if (session === null) return this.#log.skip("noSession");
    const context = contextOf(entry, this.#header?.cwd ?? null);
    if (context === null) return this.#log.skip("badTime");
    switch (message.role) {
      case "user":
        if (session.addMessage(context)) readPrompt(session, context, message);
        return;
      case "assistant":
        if (session.addMessage(context)) this.#readAnswer(session, context, message);
        return;
      case "toolResult":
        if (session.addMessage(context)) this.#readResult(session, context, message);
        return;
      case "bashExecution":
        if (session.addMessage(context)) readUserCommand(session, context, entry);
        return;
    }
  }

  #readAnswer(session: SessionBuilder, context: MessageContext, message: JsonObject): void {
    const model = name(message.model);
    if (model !== null) session.countModel(model);
    addTokens(session, context, { model, usage: object(message.usage) });
    if (!Array.isArray(message.content)) return;
    for (const block of message.content) {
      if (!isObject(block)) continue;
      if (block.type === "toolCall") this.#readCall(session, context, block);
      else if (block.type === "text") {
        session.facts.lastMessage = excerpt(block.text) ?? session.facts.lastMessage;
      }
    }
  }

  #readCall(session: SessionBuilder, context: MessageContext, block: JsonObject): void {
    const tool = name(block.name);
    const id = name(block.id);
    if (tool === null || id === null) return;
    session.countTool(tool);
    const input = object(block.arguments);
    if (tool === "bash") {
      const command = text(input.command);
      if (command === null) return;
      const call = addShellCommand(session, context, { id, command });
      return this.#calls.add({ kind: "shell", ...call });
    }
    const file = pathOf(input.path);
    const lines = tool === "edit" ? editLines(input) : tool === "write" ? writeLines(input) : null;
    if (file === null || lines === null) return;
    session.emit(context, {
      kind: "edit",
      by: "tool",
      path: resolvePath(file, context.cwd),
      movedFrom: null,
      partial: tool === "edit",
      ...lines,
    }, id);
    this.#calls.add({ kind: "edit", id });
  }

  #readResult(session: SessionBuilder, context: MessageContext, message: JsonObject): void {
    const id = name(message.toolCallId);
    const call = id === null ? undefined : this.#calls.take(id);
    if (call === undefined) return;
    const output = contentText(message.content);
    const failure = message.isError === true ? failureOf(output) : null;
    if (call.kind === "shell") {
      return addShellResult(session, context, call, { output, failure });
    }
    if (failure !== null) return session.emit(context, { kind: "failure", ...failure }, call.id);
    const lines = diffLines(object(message.details).diff);
    if (lines !== null) session.revise(call.id, lines);
  }
}

/** What an entry says of its message; null if its time cannot be. Forks copy id and time, so both are its identity. */
export function contextOf(entry: JsonObject, cwd: string | null): MessageContext | null {
  const at = parseTime(entry.timestamp);
  if (at === null) return null;
  const id = text(entry.id);
  const message = id === null ? 0 : hashUuid(`${id} ${entry.timestamp}`);
  return { message, at, cwd, subagent: null };
}

/** The call that stands for a command which the user typed: its entry's id, as it has none. */
export function userCommandId(entry: JsonObject): string | null {
  return name(entry.id);
}

function readPrompt(session: SessionBuilder, context: MessageContext, message: JsonObject): void {
  const said = contentText(message.content).trim();
  const [, skill, typed] = SKILL.exec(said) ?? [];
  if (skill !== undefined) {
    session.emit(context, { kind: "skill", skill: skill.toWellFormed() });
  }
  const prompt = skill === undefined ? said : typed?.trim() ?? "";
  if (prompt === "") return;
  session.facts.firstPrompt ??= excerpt(prompt);
  session.emit(context, { kind: "prompt", text: clip(prompt).toWellFormed() });
}

function readUserCommand(
  session: SessionBuilder,
  context: MessageContext,
  entry: JsonObject,
): void {
  const { command, output, exitCode, cancelled } = object(entry.message);
  const id = userCommandId(entry);
  if (typeof command !== "string" || id === null) return;
  const call = addShellCommand(session, context, { id, command });
  const code = Number.isSafeInteger(exitCode) ? exitCode as number : null;
  const failure: CallFailure = cancelled === true
    ? { reason: "interrupted", exitCode: null }
    : code === null || code === 0
    ? null
    : { reason: "failed", exitCode: code };
  addShellResult(session, context, call, { output: text(output) ?? "", failure });
}

function failureOf(output: string): CallFailure {
  const code = EXIT_CODE.exec(output)?.[1];
  if (code !== undefined) return { reason: "failed", exitCode: Number(code) };
  return { reason: CUT_SHORT.test(output) ? "interrupted" : "failed", exitCode: null };
}

function addTokens(
  session: SessionBuilder,
  { message, at }: MessageContext,
  { model, usage }: { model: string | null; usage: JsonObject },
): void {
  const [input, output, cacheRead, cacheWrite] = ["input", "output", "cacheRead", "cacheWrite"]
    .map((key) => amount(usage[key]));
  if (model === null || input + output + cacheRead + cacheWrite === 0) return;
  session.addTokens({ key: message, message, at, model, input, cacheRead, cacheWrite, output });
}

/** A path as pi takes it: models put an `@` in front, and spaces of other kinds into it. */
function pathOf(value: unknown): string | null {
  return path(path(value)?.replace(/^@/, "").replace(ODD_SPACES, " "));
}

function writeLines({ content }: JsonObject): EditLines | null {
  return typeof content === "string" ? writtenLines(content) : null;
}

/** The lines of an edit's replacements: models give them as a list, as JSON of one, or a single one without a list. */
function editLines(input: JsonObject): EditLines | null {
  const listed = typeof input.edits === "string" ? parse(input.edits) : input.edits;
  const all = [...Array.isArray(listed) ? listed : [], input].flatMap((edit) => {
    const { oldText, newText } = object(edit);
    const isEdit = typeof oldText === "string" && typeof newText === "string";
    return isEdit ? replacedLines(oldText, newText) : [];
  });
  if (all.length === 0) return null;
  return {
    added: Uint32Array.from(all.flatMap(({ added }) => [...added])),
    removed: Uint32Array.from(all.flatMap(({ removed }) => [...removed])),
  };
}

function diffLines(diff: unknown): EditLines | null {
  if (typeof diff !== "string" || diff === "") return null;
  const added: number[] = [];
  const removed: number[] = [];
  for (const shown of diff.split("\n")) {
    const [, sign, line] = DIFF_LINE.exec(shown) ?? [];
    if (sign !== undefined) (sign === "+" ? added : removed).push(hashLine(line));
  }
  return { added: Uint32Array.from(added), removed: Uint32Array.from(removed) };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
