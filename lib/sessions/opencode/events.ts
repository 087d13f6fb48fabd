import { readHeredocs } from "../../shell/trace.ts";
import { onlyReads, readShellCommand } from "../../shell/effects.ts";
import { clip, excerpt } from "../../text/clip.ts";
import { amount, isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { resolvePath } from "../../text/paths.ts";
import { parseMilliseconds } from "../../time/iso_time.ts";
import type { EditLines } from "../../domain/session_events.ts";
import { diffLines, withoutLines, writtenLines } from "../edit_lines.ts";
import { hashUuid } from "../message_hash.ts";
import type { SkipReason } from "../reader.ts";
import type { MessageContext, SessionBuilder } from "../session_builder.ts";
import { addShellCommand, addShellResult } from "../shell_calls.ts";
import { callOf, readEdits, readState, SHELL_TOOLS } from "./parts.ts";
import type { MessageRecord, SessionRecord } from "./records.ts";

const MAX_TITLE = 300;
/** The title of a session until a model gives it one. */
const NO_TITLE = /^(?:New|Child) session - \d{4}-\d\d-\d\dT/;
/** How much of a message's text belongs to its identity. */
const ANCHOR = 200;

type UsableRecord = Pick<MessageRecord, "ref" | "parts"> & { data: JsonObject };

/** What a message says around its parts; null if its time cannot be. */
export function contextOf(
  { ref, data, parts }: UsableRecord,
  speaker: { session: SessionRecord; subagent: string | null },
): MessageContext | null {
  const time = object(data.time);
  const created = parseMilliseconds(time.created) ?? parseMilliseconds(ref.at);
  if (created === null) return null;
  const cwd = path(object(data.path).cwd) ?? speaker.session.directory;
  const at = Math.max(created, parseMilliseconds(time.completed) ?? created);
  return { message: identityOf(data.role, created, parts), at, cwd, subagent: speaker.subagent };
}

/** A fork copies messages under new ids: what stays the same is their time, their calls' ids and their text. */
function identityOf(role: unknown, created: number, parts: readonly JsonObject[]): number {
  const call = firstCall(parts);
  const said = call === null ? parts.find(({ type }) => type === "text") : undefined;
  const anchor = call ?? text(said?.text)?.slice(0, ANCHOR) ?? "";
  return hashUuid(`${text(role)} ${created} ${anchor}`);
}

function firstCall(parts: readonly JsonObject[]): string | null {
  for (const part of parts) {
    const found = part.type === "tool" ? callOf(part) : null;
    if (found !== null) return found.call;
  }
  return null;
}

/** What the user typed, of a message's parts. */
export function promptOf(parts: readonly JsonObject[]): string {
  const typed = parts.filter((part) =>
    part.type === "text" && part.synthetic !== true && part.ignored !== true
  );
  return typed.map((part) => unquoted(text(part.text) ?? text(part.content) ?? ""))
    .filter((said) => said.trim() !== "").join("\n");
}

/** `opencode run "two words"` keeps its arguments with quotes around those that hold a space. */
function unquoted(said: string): string {
  const [, inner] = /^"((?:[^"\\]|\\[^])*)"$/.exec(said) ?? [];
  return inner?.includes(" ") ? inner.replaceAll('\\"', '"') : said;
}

/** Makes facts and events of the messages of a session and of its subagents. */
export class SessionEvents {
  readonly #session: SessionBuilder;
  readonly #skip: (reason: SkipReason) => void;
  #speaker: SessionRecord;
  #subagent: string | null = null;
  #turn = new Turn();

  constructor(
    session: SessionBuilder,
    first: SessionRecord,
    skip: (reason: SkipReason) => void,
  ) {
    this.#session = session;
    this.#speaker = first;
    this.#skip = skip;
  }

  /** The messages that follow are of that session: the one whose facts these are, or a subagent's. */
  turnTo(speaker: SessionRecord): void {
    const { facts } = this.#session;
    this.#speaker = speaker;
    this.#subagent = speaker.id === facts.session ? null : name(speaker.id);
    if (this.#subagent !== null) {
      facts.externalIds = [...new Set([...facts.externalIds, this.#subagent])];
      return;
    }
    const { title, version, createdAt } = speaker;
    facts.bornAt = createdAt;
    facts.version = version;
    facts.generatedTitle = title === null || NO_TITLE.test(title)
      ? null
      : clip(title, MAX_TITLE).toWellFormed();
  }

  /** Adds a message. */
  read({ ref, data, parts }: MessageRecord): void {
    if (data === null) return;
    const speaker = { session: this.#speaker, subagent: this.#subagent };
    const context = contextOf({ ref, data, parts }, speaker);
    if (context === null) return this.#skip("badTime");
    if (data.role !== "user" && data.role !== "assistant") return this.#skip("wrongShape");
    if (!this.#session.addMessage(context)) return;
    if (data.role === "user") this.#readPrompt(context, data, parts);
    else this.#readAnswer(context, data, parts);
  }

  /** Adds what is known of a turn only at its end: the edits that its commands made. */
  endTurn(): void {
    for (const { context, call, file, lines } of this.#turn.edits()) {
      this.#session.emit(context, {
        kind: "edit",
        by: "worktree",
        path: file,
        movedFrom: null,
        partial: false,
        ...lines,
      }, call);
    }
    this.#turn = new Turn();
  }

  #readPrompt(context: MessageContext, data: JsonObject, parts: readonly JsonObject[]): void {
    this.#turn.begin(data);
    if (this.#subagent !== null) return;
    const prompt = promptOf(parts);
    if (prompt === "") return;
    this.#session.facts.firstPrompt ??= excerpt(prompt);
    this.#session.emit(context, { kind: "prompt", text: clip(prompt).toWellFormed() });
  }

  #readAnswer(context: MessageContext, data: JsonObject, parts: readonly JsonObject[]): void {
    const { facts } = this.#session;
    const model = name(data.modelID);
    if (model !== null) {
      this.#session.countModel(model);
      this.#addTokens(context, model, object(data.tokens));
    }
    this.#turn.root = path(object(data.path).root) ?? this.#turn.root;
    for (const part of parts) {
      if (typeof part.type !== "string") this.#skip("wrongShape");
      else if (part.type === "text" && this.#subagent === null) {
        const said = excerpt(text(part.text) ?? part.content);
        if (data.summary === true) facts.summary = said ?? facts.summary;
        else facts.lastMessage = said ?? facts.lastMessage;
      } else if (part.type === "tool") this.#readCall(context, part);
    }
    for (const part of parts) if (part.type === "patch") this.#turn.changed(part.files);
    this.#turn.endStep();
  }

  #addTokens({ message, at }: MessageContext, model: string, tokens: JsonObject): void {
    const cache = object(tokens.cache);
    const input = amount(tokens.input);
    // The program takes reasoning out of the output that it counts.
    const output = amount(tokens.output) + amount(tokens.reasoning);
    const cacheRead = amount(cache.read);
    const cacheWrite = amount(cache.write);
    if (input + output + cacheRead + cacheWrite === 0) return;
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

  #readCall(message: MessageContext, part: JsonObject): void {
    const found = callOf(part);
    if (found === null) return this.#skip("wrongShape");
    const { tool, call } = found;
    this.#session.countTool(tool);
    const state = part.state === undefined ? null : readState(part);
    if (state === null) return;
    const { input, startedAt, endedAt } = state;
    const begun = { ...message, at: startedAt ?? message.at };
    const ended = { ...message, at: Math.max(begun.at, endedAt ?? begun.at) };
    if (SHELL_TOOLS.has(tool)) {
      const command = text(input.command);
      if (command === null) return;
      const folder = path(input.workdir);
      const cwd = folder === null ? message.cwd : resolvePath(folder, message.cwd);
      const context = { ...begun, cwd };
      const shell = addShellCommand(this.#session, context, { id: call, command });
      addShellResult(this.#session, { ...ended, cwd }, shell, state);
      if (state.ran) this.#turn.ran({ context: { ...ended, cwd }, call, command });
    } else if (state.failure === null) {
      const skill = tool === "skill" ? name(input.name) : null;
      if (skill !== null) this.#session.emit(begun, { kind: "skill", skill }, call);
      for (const { path: file, movedFrom, partial, lines } of readEdits(tool, state, message.cwd)) {
        const edit = { kind: "edit", by: "tool", path: file, movedFrom, partial } as const;
        this.#session.emit(ended, { ...edit, ...lines }, call);
        this.#turn.wrote(file, lines);
      }
    }
  }
}

/** A shell command that ran. */
interface Run {
  context: MessageContext;
  call: string;
  command: string;
}

/** What git brings into the work tree was written before, or by others. */
const BRINGS =
  /\b(?:merge|pull|checkout|switch|rebase|reset|restore|stash|cherry-pick|revert|am|apply|clone|submodule)\b/;
/** Options by which programs that read write files too. */
const WRITING_OPTION = /\s(?:-i|--in-place|-exec|-delete|-o)\b/;
/** The most files of a turn that are looked at. */
const MAX_FILES = 1_000;

/**
 * A turn: a prompt and the answers to it. The program keeps how the work tree changed in it, whoever changed it, and for
 * each answer which files did. What editing tools did not write was written by the commands of the same answers.
 */
class Turn {
  /** The folder that paths of the turn's difference start from. */
  root: string | null = null;
  #diffs: unknown = null;
  /** Lines written by editing tools and heredocs, by file. */
  readonly #written = new Map<string, EditLines[]>();
  /** The command that may have written a file, or null if git may have. */
  readonly #writers = new Map<string, Run | null>();
  #runs: Run[] = [];
  #changed: string[] = [];

  begin(prompt: JsonObject): void {
    this.#diffs = object(prompt.summary).diffs;
  }

  ran(run: Run): void {
    if (!Array.isArray(this.#diffs) || !mayWrite(run.command)) return;
    this.#runs.push(run);
    for (const { path, content } of readHeredocs(run.command, { cwd: run.context.cwd })) {
      this.wrote(path, writtenLines(content));
    }
  }

  wrote(file: string, lines: EditLines): void {
    const before = this.#written.get(file);
    if (before === undefined) this.#written.set(file, [lines]);
    else before.push(lines);
  }

  changed(files: unknown): void {
    if (!Array.isArray(files)) return;
    this.#changed.push(...files.slice(0, MAX_FILES).flatMap((file) => path(file) ?? []));
  }

  /** The answer's commands are those that may have changed its files. */
  endStep(): void {
    const [run = null] = this.#runs;
    const brings = this.#runs.some(({ command }) => BRINGS.test(command));
    for (const file of run === null ? [] : this.#changed) {
      if (brings) this.#writers.set(file, null);
      else if (!this.#writers.has(file)) this.#writers.set(file, run);
    }
    this.#runs = [];
    this.#changed = [];
  }

  *edits(): Generator<{ context: MessageContext; call: string; file: string; lines: EditLines }> {
    if (!Array.isArray(this.#diffs) || this.#writers.size === 0) return;
    for (const diff of this.#diffs.slice(0, MAX_FILES).filter(isObject)) {
      const named = path(diff.file);
      const patch = text(diff.patch);
      if (named === null || patch === null) continue;
      const file = resolvePath(named, this.root);
      const run = this.#writers.get(file);
      if (run === undefined || run === null) continue;
      const lines = withoutLines(diffLines(patch), this.#written.get(file) ?? []);
      if (lines.added.length + lines.removed.length === 0) continue;
      yield { context: run.context, call: run.call, file, lines };
    }
  }
}

function mayWrite(command: string): boolean {
  return !onlyReads(command) || readShellCommand(command).writes || WRITING_OPTION.test(command);
}
