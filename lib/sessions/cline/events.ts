import { basename, dirname } from "node:path";
import type { SessionId } from "../../domain/ids.ts";
import { hashLines } from "../../domain/line_hashes.ts";
import type { EditLines } from "../../domain/session_events.ts";
import { shellWord } from "../../shell/quote.ts";
import { clip, excerpt } from "../../text/clip.ts";
import { amount, isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { parseMilliseconds, parseTime } from "../../time/iso_time.ts";
import { resolvePath } from "../../text/paths.ts";
import { contentText } from "../conversation_blocks.ts";
import { replacedLines, writtenLines } from "../edit_lines.ts";
import type { DocumentContext } from "../json_document.ts";
import { hashUuid, sessionIdOf } from "../message_hash.ts";
import type { MessageContext, SessionBuilder } from "../session_builder.ts";
import {
  addShellCommand,
  addShellResult,
  type CallFailure,
  type ShellCall,
} from "../shell_calls.ts";

const MAX_TITLE = 300;
/** The ending of the names of files that hold a conversation. */
export const MESSAGES = ".messages.json";
/** What the program wraps around what the user typed, and what it puts in front of it. */
const INPUT = /^<user_input\b[^>]*>([^]*)<\/user_input>$/;
const COMMAND = /^<user_command\b[^>]*\bslash="([^"]{1,200})"[^>]*>([^]*)<\/user_command>$/;
const NOTICE = /<mode_notice>[^<]*<\/mode_notice>/g;
const EXIT_CODE = /^Command exited with code (\d{1,9})$/;
const CUT_SHORT = /timed out after \d+ ?ms$/;
/** A line of the diff in an editor's result: a sign, the line's number, the line. */
const DIFF_LINE = /^([+-])\d+: ([^]*)$/;
const DIFF_CUT = /^\.\.\. diff truncated \(/m;

/** Whose conversation a file holds. */
export interface Speaker {
  session: SessionId;
  /** The subagent whose file it is, or null. */
  subagent: string | null;
}

/** Tells by its path whose conversation a file holds: subagents have theirs in their session's folder. */
export function speakerOf(file: string): Speaker | null {
  const session = sessionIdOf(basename(dirname(file)));
  const stem = name(basename(file).slice(0, -MESSAGES.length));
  return session === null ? null : { session, subagent: stem === session ? null : stem };
}

/**
 * Makes facts and events of a conversation.
 *
 * @param session What is known of the session besides; null where nothing is.
 * @returns How many messages there were.
 */
export function readMessages(
  speaker: Speaker,
  documents: { conversation: JsonObject; session: JsonObject | null },
  log: DocumentContext,
): number {
  const { conversation } = documents;
  if (!Array.isArray(conversation.messages)) {
    log.skip("wrongShape");
    return 1;
  }
  const about = documents.session ?? {};
  const session = log.session(speaker.session);
  const metadata = object(about.metadata);
  const title = text(metadata.title);
  const { facts } = session;
  facts.generatedTitle = title === null ? null : clip(title, MAX_TITLE).toWellFormed();
  facts.version = name(object(conversation.origin).version);
  facts.bornAt = speaker.subagent === null ? parseTime(about.started_at) : null;
  const reading = new Conversation(session, resultsOf(conversation.messages));
  const cwd = path(about.cwd);
  const branch = name(object(metadata.git).branch);
  for (const message of conversation.messages) {
    if (!isObject(message)) log.skip("notAnObject");
    else if (message.role !== "user" && message.role !== "assistant") log.skip("wrongShape");
    else {
      const context = contextOf(message, { cwd, subagent: speaker.subagent });
      if (context === null) log.skip("badTime");
      else if (session.addMessage(context, branch)) reading.read(context, message);
    }
  }
  return conversation.messages.length;
}

/** What a message says around its content; null if its time cannot be. */
export function contextOf(
  message: JsonObject,
  around: { cwd: string | null; subagent: string | null },
): MessageContext | null {
  const at = parseMilliseconds(message.ts);
  const id = text(message.id);
  return at === null ? null : { message: id === null ? 0 : hashUuid(`${id} ${at}`), at, ...around };
}

/** What came of one of the commands of a call. */
interface CommandResult {
  output: string;
  failure: CallFailure;
}

/** A command of a call, of which one may hold several; each is a call of its own here. */
export interface CommandCall {
  id: string;
  command: string;
  /** Null if there is none yet, or the program tells nothing of this command. */
  result: CommandResult | null;
}

/** The results in a conversation, by the calls that they are of. */
export function resultsOf(messages: readonly unknown[]): Map<string, JsonObject> {
  const results = new Map<string, JsonObject>();
  for (const message of messages) {
    for (const block of blocksOf(object(message).content)) {
      const id = block.type === "tool_result" ? name(block.tool_use_id) : null;
      if (id !== null) results.set(id, block);
    }
  }
  return results;
}

/** A content's blocks, whether it is a list of them or a text. */
export function blocksOf(content: unknown): JsonObject[] {
  if (Array.isArray(content)) return content.filter(isObject);
  return typeof content === "string" ? [{ type: "text", text: content }] : [];
}

/**
 * The commands of a call. The result tells what was run: the program joins commands that make one heredoc together.
 */
export function commandsOf(
  id: string,
  input: unknown,
  block: JsonObject | undefined,
): CommandCall[] {
  const ran = Array.isArray(block?.content)
    ? block.content.filter(isObject).filter(({ query }) => typeof query === "string")
    : [];
  const calls = ran.length > 0
    ? ran.map((result) => ({ command: result.query as string, result: commandResult(result) }))
    : inputCommands(input).map((command) => ({ command, result: wholeResult(block) }));
  return calls.map((call, i) => ({ id: calls.length === 1 ? id : `${id}/${i}`, ...call }));
}

/** The text of what the user typed, and the command it was typed behind, without what the program wraps around it. */
export function readUserText(said: string): { skill: string | null; prompt: string } {
  const bare = said.replace(NOTICE, "").trim();
  const [, slash, content] = COMMAND.exec(bare) ?? [];
  if (slash !== undefined) return { skill: slash, prompt: content.trim() };
  return { skill: null, prompt: (INPUT.exec(bare)?.[1] ?? bare).trim() };
}

/** Takes up messages in their order. */
class Conversation {
  readonly #session: SessionBuilder;
  readonly #results: ReadonlyMap<string, JsonObject>;
  /** Calls that made events and have no result yet: the commands of one, or an edit. */
  readonly #waiting = new Map<
    string,
    { call: ShellCall; result: CommandResult | null }[] | "edit"
  >();

  constructor(session: SessionBuilder, results: ReadonlyMap<string, JsonObject>) {
    this.#session = session;
    this.#results = results;
  }

  read(context: MessageContext, message: JsonObject): void {
    const isAnswer = message.role === "assistant";
    if (isAnswer) this.#countUse(context, message);
    for (const block of blocksOf(message.content)) {
      if (block.type === "tool_use") this.#readCall(context, block);
      else if (block.type === "tool_result") this.#readResult(context, block);
      else if (block.type === "text" && context.subagent === null) {
        if (isAnswer) this.#readAnswer(block.text);
        else this.#readPrompt(context, block.text);
      }
    }
  }

  #readAnswer(said: unknown): void {
    const { facts } = this.#session;
    facts.lastMessage = excerpt(said) ?? facts.lastMessage;
  }

  #readPrompt(context: MessageContext, said: unknown): void {
    if (typeof said !== "string") return;
    const { skill, prompt } = readUserText(said);
    if (skill !== null) {
      this.#session.emit(context, { kind: "skill", skill: skill.toWellFormed() });
    }
    if (prompt === "") return;
    this.#session.facts.firstPrompt ??= excerpt(prompt);
    this.#session.emit(context, { kind: "prompt", text: clip(prompt).toWellFormed() });
  }

  #countUse({ message, at }: MessageContext, { modelInfo, metrics }: JsonObject): void {
    const model = name(object(modelInfo).id);
    if (model === null) return;
    this.#session.countModel(model);
    const [all, output, cacheRead, cacheWrite] = [
      "inputTokens",
      "outputTokens",
      "cacheReadTokens",
      "cacheWriteTokens",
    ].map((key) => amount(object(metrics)[key]));
    if (all + output + cacheRead + cacheWrite === 0) return;
    // What was read from the cache and written to it is counted as input too.
    const input = Math.max(0, all - cacheRead - cacheWrite);
    this.#session.addTokens({
      key: message,
      message,
      at,
      model,
      input,
      cacheRead,
      cacheWrite,
      output,
    });
  }

  #readCall(context: MessageContext, block: JsonObject): void {
    const tool = name(block.name);
    const id = name(block.id);
    if (tool === null || id === null) return;
    this.#session.countTool(tool);
    const input = object(block.input);
    if (tool === "run_commands") {
      const calls = commandsOf(id, block.input, this.#results.get(id));
      this.#waiting.set(
        id,
        calls.map(({ result, ...call }) => ({
          call: addShellCommand(this.#session, context, call),
          result,
        })),
      );
    } else if (tool === "editor") {
      this.#readEdit(context, id, input);
    } else if (tool === "skills") {
      const skill = name(input.skill)?.replace(/^\//, "");
      if (skill) this.#session.emit(context, { kind: "skill", skill }, id);
    }
  }

  #readEdit(context: MessageContext, id: string, input: JsonObject): void {
    const file = path(input.path);
    const { new_text: after, old_text: before } = input;
    if (file === null || typeof after !== "string") return;
    const replaces = typeof before === "string" && input.insert_line == null;
    this.#session.emit(context, {
      kind: "edit",
      by: "tool",
      path: resolvePath(file, context.cwd),
      movedFrom: null,
      partial: replaces,
      ...(replaces ? replacedLines(before, after) : writtenLines(after)),
    }, id);
    this.#waiting.set(id, "edit");
  }

  #readResult(context: MessageContext, block: JsonObject): void {
    const id = name(block.tool_use_id);
    const waiting = id === null ? undefined : this.#waiting.get(id);
    if (id === null || waiting === undefined) return;
    this.#waiting.delete(id);
    if (waiting === "edit") return this.#readEditResult(context, id, block);
    for (const { call, result } of waiting) {
      if (result !== null) addShellResult(this.#session, context, call, result);
    }
  }

  #readEditResult(context: MessageContext, id: string, block: JsonObject): void {
    const said = contentText(block.content);
    const { success, result, error } = parseObject(said);
    const failed = success === false || block.is_error === true;
    if (failed) {
      const failure = success === false ? failureOf(error) : UNKNOWN;
      return this.#session.emit(context, { kind: "failure", ...failure }, id);
    }
    const lines = typeof result === "string" ? diffLines(result) : null;
    if (lines !== null) this.#session.revise(id, lines);
  }
}

/** Nothing tells whether the call ran: it was refused, or its end was not seen. */
const UNKNOWN = { reason: "unknown", exitCode: null } as const;

function failureOf(error: unknown): NonNullable<CallFailure> {
  const said = text(error) ?? "";
  const code = EXIT_CODE.exec(said)?.[1];
  if (code !== undefined) return { reason: "failed", exitCode: Number(code) };
  return { reason: CUT_SHORT.test(said) ? "interrupted" : "failed", exitCode: null };
}

function commandResult({ result, success, error }: JsonObject): CommandResult {
  const failure = success === false ? failureOf(error) : null;
  return { output: text(result) ?? "", failure };
}

/** What came of all the commands of a call of which no result of its own tells. */
function wholeResult(block: JsonObject | undefined): CommandResult | null {
  return block?.is_error === true ? { output: "", failure: UNKNOWN } : null;
}

function inputCommands(input: unknown): string[] {
  const { commands } = object(input);
  return (Array.isArray(commands) ? commands : [commands]).flatMap((one) => {
    if (typeof one === "string") return one === "" ? [] : one;
    const { command, args } = object(one);
    if (typeof command !== "string") return [];
    const words = Array.isArray(args) ? args.filter((word) => typeof word === "string") : [];
    return [command, ...words.map(shellWord)].join(" ");
  });
}

/** The lines of an editor's result, which are whole ones; null where it shows none, or not all. */
function diffLines(result: string): EditLines | null {
  if (DIFF_CUT.test(result)) return null;
  const added: string[] = [];
  const removed: string[] = [];
  for (const shown of result.split("\n")) {
    const [, sign, line] = DIFF_LINE.exec(shown) ?? [];
    if (sign !== undefined) (sign === "+" ? added : removed).push(line);
  }
  if (added.length + removed.length === 0) return null;
  if (added.length > 0) return replacedLines(removed.join("\n"), added.join("\n"));
  return { added: new Uint32Array(), removed: hashLines(removed.join("\n")) };
}

function parseObject(json: string): JsonObject {
  try {
    return object(JSON.parse(json));
  } catch {
    return {};
  }
}
