import type { SessionId } from "../../domain/ids.ts";
import type { TokenUse } from "../../domain/session_events.ts";
import { mayShowCommit, readCommits } from "../../shell/git_output.ts";
import { clip, excerpt } from "../../text/clip.ts";
import { amount, isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { resolvePath } from "../../text/paths.ts";
import { parseTime } from "../../time/iso_time.ts";
import type { LogContext, LogInterpreter } from "../jsonl/append_log.ts";
import { hashUuid, sessionIdOf } from "../message_hash.ts";
import { PendingCalls } from "../pending_calls.ts";
import type { MessageContext, SessionBuilder } from "../session_builder.ts";
import {
  addShellCommand,
  addShellResult,
  type CallFailure,
  type ShellCall,
} from "../shell_calls.ts";
import { readEdits, readLines } from "./edits.ts";
import { LineHeads } from "./lines.ts";

const MAX_TITLE = 300;
/** Tools that run a command. */
const SHELL_TOOLS: ReadonlySet<unknown> = new Set(["bash", "powershell", "local_shell"]);
/** Tools that show what a command in the background printed. */
const SHELL_READERS: ReadonlySet<unknown> = new Set(["read_bash", "read_powershell"]);
/** What the program adds to a command's output: its end, or by what the rest is asked for. */
const ENDED = /\n?<shellId: [^\s<>]+ completed with exit code -?\d+>\s*$/;
const ENDED_BY_ITSELF = '"shellExecution":{"exitCode":';
const GOES_ON = /<[^<>]*\bshellId: ([\w-]+)\b[^<>]*>\s*$/;

const FORKED = /^Forked from "[^]*" \(([\w-]+)\) as "[^]*" \(([\w-]+)\)\.$/;

/** The name that a session's folder says it has. */
export interface Title {
  name: string;
  /** The user gave it. */
  custom: boolean;
}

/** A call without its whole result yet. JSON. */
type Call =
  | ShellCall & CallState & { kind: "shell"; shell: string | null; commits: string[] }
  | CallState & { kind: "edit"; id: string }
  /** Shows what an earlier call's command printed. */
  | { kind: "read"; id: string; of: string };

interface CallState {
  message: number;
  subagent: string | null;
  cwd: string | null;
  /** The program writes that a call starts before it asks whether it may. */
  permission: "notAsked" | "asked" | "granted";
}

/** What the reading of a session's log goes on from. */
export interface CopilotState {
  session: SessionId | null;
  cwd: string | null;
  branch: string | null;
  model: string | null;
  /** The last message of the session itself, under "", and of each subagent. */
  messages: [subagent: string, message: number][];
  calls: Call[];
  /** What answers used whose message has not come yet, by their id. */
  uses: [answer: string, use: TokenUse][];
}

/** The most subagents, and answers, that are remembered. */
const MAX_REMEMBERED = 256;

/** Makes a session's facts and events of the records of its log. */
export class CopilotEvents implements LogInterpreter<CopilotState> {
  readonly #log: LogContext;
  readonly #calls: PendingCalls<Call>;
  readonly #messages: Map<string, number>;
  readonly #uses: Map<string, TokenUse>;
  readonly #heads = new LineHeads();
  readonly #fallback: SessionId | null;
  readonly #title: Title | null;
  #id: SessionId | null;
  #session: SessionBuilder | null = null;
  #cwd: string | null;
  #branch: string | null;
  #model: string | null;

  /** @param options.fallback The session by the log's name, for a log that lost its first record. */
  constructor(
    log: LogContext,
    state: CopilotState | null,
    { fallback, title }: { fallback: SessionId | null; title: Title | null },
  ) {
    this.#log = log;
    this.#fallback = fallback;
    this.#title = title;
    this.#calls = new PendingCalls(state?.calls);
    this.#messages = new Map(state?.messages);
    this.#uses = new Map(state?.uses);
    this.#id = state?.session ?? null;
    this.#cwd = state?.cwd ?? null;
    this.#branch = state?.branch ?? null;
    this.#model = state?.model ?? null;
    if (this.#id !== null) this.#session = log.session(this.#id);
  }

  passesOver(line: string, start: number, end: number): boolean {
    switch (this.#heads.read(line, start, end)) {
      case "useless":
        return true;
      case "question":
        this.#asked(this.#heads.call);
        return true;
      case "result":
        return this.#isOfNoUse(line, start, end);
      default:
        return false;
    }
  }

  record(record: JsonObject): void {
    const { type } = record;
    const at = parseTime(record.timestamp);
    if (typeof type !== "string" || !isObject(record.data)) return this.#log.skip("wrongShape");
    if (at === null) return this.#log.skip("badTime");
    const { data } = record;
    if (type === "session.start" || type === "session.resume") this.#begin(type, data, at);
    const session = this.#session ?? this.#beginWithoutHead();
    if (session === null) return this.#log.skip("noSession");
    const subagent = name(record.agentId) ?? name(data.parentToolCallId);
    const context = { message: this.#messages.get(subagent ?? "") ?? 0, at, subagent };
    const message = { ...context, cwd: this.#cwd };
    switch (type) {
      case "session.context_changed":
        return this.#move(data);
      case "session.model_change":
        if (subagent === null) this.#model = name(data.newModel) ?? this.#model;
        return;
      case "session.title_changed":
        session.facts.generatedTitle = titleOf(data.title) ?? session.facts.generatedTitle;
        return;
      case "session.info":
        if (data.infoType === "fork") this.#forked(session, text(data.message) ?? "");
        return;
      case "session.compaction_complete":
        if (data.success === false || subagent !== null) return;
        session.facts.summary = excerpt(data.summaryContent) ?? session.facts.summary;
        return;
      case "session.usage_record":
        return this.#readUse(object(data.usage), message, record);
      case "user.message":
        return this.#readPrompt(session, this.#enter(message, record), data);
      case "assistant.message":
        return this.#readAnswer(session, this.#enter(message, record), data);
      case "tool.execution_start":
        return this.#readCall(session, message, data);
      case "tool.execution_complete":
        return this.#readResult(session, at, data);
      case "permission.requested":
        return this.#asked(name(object(data.permissionRequest).toolCallId) ?? "");
      case "permission.completed":
        return this.#answered(session, at, data);
      case "skill.invoked": {
        const skill = data.trigger === "context-load" ? null : name(data.name);
        if (skill !== null) session.emit(message, { kind: "skill", skill });
        return;
      }
      case "system.notification":
        return this.#notified(session, at, object(data.kind));
      case "abort":
      case "session.shutdown":
        return this.#giveUp(session, at);
    }
  }

  /** Whether a result is of a call that made no event, and shows no commit either. */
  #isOfNoUse(line: string, start: number, end: number): boolean {
    const call = this.#calls.get(this.#heads.call);
    if (call === undefined) return true;
    if (call.kind !== "shell" || call.told) return false;
    const result = line.slice(start, end);
    if (!result.includes(ENDED_BY_ITSELF) || mayShowCommit(result, call)) return false;
    this.#calls.take(call.id);
    return true;
  }

  settle(): void {
    const title = this.#title;
    if (this.#session === null || title === null) return;
    const { facts } = this.#session;
    const name = titleOf(title.name);
    facts.customTitle = title.custom ? name : null;
    facts.generatedTitle = title.custom ? facts.generatedTitle : name;
  }

  state(): CopilotState {
    return {
      session: this.#id,
      cwd: this.#cwd,
      branch: this.#branch,
      model: this.#model,
      messages: [...this.#messages],
      calls: this.#calls.list(),
      uses: [...this.#uses],
    };
  }

  /** A run of the program: the first, or one that goes on with the session. */
  #begin(type: string, data: JsonObject, at: number): void {
    if (this.#session === null) {
      const id = type === "session.start" ? sessionIdOf(data.sessionId) : null;
      if ((id ?? this.#fallback) === null) return;
      this.#id = id ?? this.#fallback!;
      this.#session = this.#log.session(this.#id);
    }
    const { facts } = this.#session;
    if (type === "session.start") facts.bornAt ??= parseTime(data.startTime) ?? at;
    facts.version = name(data.copilotVersion) ?? facts.version;
    this.#model = name(data.selectedModel) ?? this.#model;
    this.#move(object(data.context));
    this.#giveUp(this.#session, at);
    // Shells are counted anew.
    for (const { id } of this.#calls.list()) this.#calls.take(id);
  }

  #beginWithoutHead(): SessionBuilder | null {
    if (this.#fallback === null) return null;
    this.#id = this.#fallback;
    return this.#session = this.#log.session(this.#fallback);
  }

  #move({ cwd, branch }: JsonObject): void {
    this.#cwd = path(cwd) ?? this.#cwd;
    this.#branch = name(branch) ?? this.#branch;
  }

  /** A sentence to the user is all that names the session which this one was forked from. */
  #forked({ facts }: SessionBuilder, said: string): void {
    const [, from, into] = FORKED.exec(said) ?? [];
    if (into === facts.session) facts.forkedFrom = sessionIdOf(from);
  }

  /** The record is a message: it is counted, and what follows belongs to it. */
  #enter(context: MessageContext, record: JsonObject): MessageContext {
    const id = text(record.id);
    const message = id === null ? 0 : hashUuid(id);
    remember(this.#messages, context.subagent ?? "", message);
    return { ...context, message };
  }

  #readPrompt(session: SessionBuilder, context: MessageContext, data: JsonObject): void {
    if (!session.addMessage(context, this.#branch) || context.subagent !== null) return;
    const prompt = promptOf(data);
    if (prompt === null) return;
    session.facts.firstPrompt ??= excerpt(prompt);
    session.emit(context, { kind: "prompt", text: clip(prompt).toWellFormed() });
  }

  #readAnswer(session: SessionBuilder, context: MessageContext, data: JsonObject): void {
    const { message } = context;
    const use = this.#uses.get(text(data.apiCallId) ?? "");
    if (!session.addMessage(context, this.#branch)) return;
    const model = name(data.model) ?? this.#model;
    if (model !== null) session.countModel(model);
    if (use !== undefined) {
      this.#uses.delete(text(data.apiCallId)!);
      session.addTokens({ ...use, message });
    }
    if (context.subagent !== null) return;
    session.facts.lastMessage = excerpt(data.content) ?? session.facts.lastMessage;
  }

  /** What an answer used comes before the answer, or before what is no message. */
  #readUse(usage: JsonObject, { message, at }: MessageContext, record: JsonObject): void {
    const model = name(usage.model);
    const answer = name(usage.apiCallId);
    const all = amount(usage.inputTokens);
    const cacheRead = Math.min(all, amount(usage.cacheReadTokens));
    const cacheWrite = Math.min(all - cacheRead, amount(usage.cacheWriteTokens));
    const output = amount(usage.outputTokens);
    if (model === null || all + output === 0) return;
    const key = hashUuid(text(record.id) ?? `${at} ${answer}`);
    const input = all - cacheRead - cacheWrite;
    const use = { key, message, at, model, input, cacheRead, cacheWrite, output };
    if (answer === null || usage.interactionType === "conversation-compaction") {
      this.#session?.addTokens(use);
    } else remember(this.#uses, answer, use);
  }

  #readCall(session: SessionBuilder, context: MessageContext, data: JsonObject): void {
    const tool = name(data.toolName);
    const id = name(data.toolCallId);
    if (tool === null || id === null) return this.#log.skip("wrongShape");
    session.countTool(tool);
    const { message, subagent, cwd } = context;
    const state: CallState = { message, subagent, cwd, permission: "notAsked" };
    const input = object(data.arguments);
    if (SHELL_TOOLS.has(tool)) {
      const command = text(input.command);
      if (command === null) return;
      const background = input.mode === "async" || input.mode === "detached";
      const call = addShellCommand(session, context, { id, command, background });
      return this.#calls.add({ kind: "shell", ...call, ...state, shell: null, commits: [] });
    }
    if (SHELL_READERS.has(tool)) {
      const of = this.#inShell(text(input.shellId))?.id;
      if (of !== undefined) this.#calls.add({ kind: "read", id, of });
      return;
    }
    const edits = readEdits(tool, data.arguments);
    for (const { path: file, movedFrom, partial, lines } of edits) {
      session.emit(context, {
        kind: "edit",
        by: "tool",
        path: resolvePath(file, cwd),
        movedFrom: movedFrom === null ? null : resolvePath(movedFrom, cwd),
        partial,
        ...lines,
      }, id);
    }
    if (edits.length > 0) this.#calls.add({ kind: "edit", id, ...state });
  }

  #inShell(shell: string | null): Call & { kind: "shell" } | undefined {
    if (shell === null) return undefined;
    return this.#calls.list().find((call) => call.kind === "shell" && call.shell === shell) as
      | Call & { kind: "shell" }
      | undefined;
  }

  #readResult(session: SessionBuilder, at: number, data: JsonObject): void {
    const id = name(data.toolCallId);
    const call = id === null ? undefined : this.#calls.take(id);
    if (call === undefined) return;
    const output = outputOf(data.result);
    if (call.kind === "read") {
      const reader = this.#calls.get(call.of);
      if (reader?.kind === "shell") this.#printed(session, at, reader, output);
      return;
    }
    if (data.success !== true) return this.#failed(session, at, call, object(data.error).code);
    if (call.kind === "edit") {
      const lines = readLines(data.result);
      if (lines !== null) session.revise(call.id, lines);
      return;
    }
    const code = object(data.shellExecution).exitCode;
    const exitCode = Number.isSafeInteger(code) ? code as number : null;
    call.shell = exitCode === null ? GOES_ON.exec(output)?.[1] ?? null : null;
    this.#printed(session, at, call, output, failureOf(exitCode));
    if (call.shell !== null) this.#calls.add(call);
  }

  /** Tells of a command what is new in its output: what it prints in the background is shown several times. */
  #printed(
    session: SessionBuilder,
    at: number,
    call: Call & { kind: "shell" },
    output: string,
    failure: CallFailure = null,
  ): void {
    const printed = output.replace(ENDED, "");
    const commits = readCommits(printed, { certain: call.git, command: call.command })
      .map(({ hash }) => hash);
    const isNew = call.commits.length === 0 || commits.some((hash) => !call.commits.includes(hash));
    call.commits.push(...commits);
    addShellResult(session, { ...call, at }, call, { output: isNew ? printed : "", failure });
  }

  #failed(session: SessionBuilder, at: number, call: Call, code: unknown): void {
    if (call.kind === "read" || call.kind === "shell" && !call.told) return;
    const reason = code === "denied"
      ? "denied"
      : code !== "interrupted"
      ? "failed"
      : REASONS[call.permission];
    session.emit({ ...call, at }, { kind: "failure", reason, exitCode: null }, call.id);
  }

  #asked(id: string): void {
    const call = this.#calls.get(id);
    if (call !== undefined && call.kind !== "read") call.permission = "asked";
  }

  #answered(session: SessionBuilder, at: number, data: JsonObject): void {
    const id = name(data.toolCallId) ?? "";
    const call = this.#calls.get(id);
    const { kind } = object(data.result);
    if (call === undefined || call.kind === "read" || typeof kind !== "string") return;
    if (kind.startsWith("approved")) call.permission = "granted";
    else this.#failed(session, at, this.#calls.take(id)!, "denied");
  }

  #notified(session: SessionBuilder, at: number, kind: JsonObject): void {
    const call = kind.type === "shell_completed" ? this.#inShell(text(kind.shellId)) : undefined;
    const failure = failureOf(Number.isSafeInteger(kind.exitCode) ? kind.exitCode as number : null);
    if (call !== undefined) addShellResult(session, { ...call, at }, call, { output: "", failure });
  }

  /** Nothing more will be told of calls: the user aborted them, or the program ended. */
  #giveUp(session: SessionBuilder, at: number): void {
    for (const call of this.#calls.list()) {
      if (call.kind === "shell" && call.shell !== null) continue;
      this.#calls.take(call.id);
      this.#failed(session, at, call, "interrupted");
    }
  }
}

/** What a call was that ended without a result, by what was asked of the user before. */
const REASONS = { notAsked: "unknown", asked: "denied", granted: "interrupted" } as const;

/** What the user typed in a message; null if the program wrote it. */
export function promptOf({ content, source, isAutopilotContinuation }: JsonObject): string | null {
  if (isAutopilotContinuation === true) return null;
  if (typeof source === "string" && /^(?:skill|agent|system)\b/.test(source)) return null;
  return text(content)?.trim() || null;
}

/** The text of a call's result: older versions have it bare. */
export function outputOf(result: unknown): string {
  return text(result) ?? text(object(result).content) ?? "";
}

function failureOf(exitCode: number | null): CallFailure {
  return exitCode === null || exitCode === 0 ? null : { reason: "failed", exitCode };
}

function titleOf(title: unknown): string | null {
  const said = text(title);
  return said === null ? null : clip(said, MAX_TITLE).toWellFormed();
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MAX_REMEMBERED) return;
  const [oldest] = map.keys();
  map.delete(oldest);
}
