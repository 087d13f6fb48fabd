import type { SessionId } from "../../domain/ids.ts";
import { mayHaveEffects, readShellCommand } from "../../shell/effects.ts";
import { mayShowCommit, readCommits, readPublished } from "../../shell/git_output.ts";
import { clip, excerpt } from "../../text/clip.ts";
import { isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { resolvePath } from "../../text/paths.ts";
import { parseTime, TIME_LENGTH, TimeReader } from "../../time/iso_time.ts";
import { type FileEdit, readPatch } from "../apply_patch.ts";
import { contentText } from "../conversation_blocks.ts";
import type { LogContext, LogInterpreter, RecordPlace } from "../jsonl/append_log.ts";
import { sessionIdOf } from "../message_hash.ts";
import { hashUuid } from "../message_hash.ts";
import { PendingCalls } from "../pending_calls.ts";
import type { MessageContext, SessionBuilder } from "../session_builder.ts";
import { addShellCommand } from "../shell_calls.ts";
import {
  CALL_TYPES,
  type CallOutcome,
  commandText,
  OUTPUT_TYPES,
  readCall,
  readOutput,
  type ToolCall,
} from "./calls.ts";
import type { ShellRun } from "./code_mode.ts";
import { readChanges } from "./edits.ts";
import { LineHeads } from "./lines.ts";
import { identityOf, idOf, type MessagePart, promptOf, skillsOf } from "./messages.ts";
import { CopiedHead, type Header, readHeader } from "./session_meta.ts";
import { type MeteredUse, TokenMeter, type TokenTotals } from "./tokens.ts";

/** A call whose outcome is not, or not wholly, known. */
interface OpenCall {
  id: string;
  at: number;
  /** Where its record stands: a command or a patch is read again where it matters. */
  place: RecordPlace;
  /** It made an event of its own, so its failure is one too. */
  told: boolean;
  /** It runs git; it pushes or opens a pull request; it may commit and print nothing of it but a log. */
  git: boolean;
  publishes: boolean;
  commitsQuietly: boolean;
  /** The process or cell by which its output goes on. */
  process: string | null;
  /** The process or cell of an earlier call whose output its own is. */
  continues: string | null;
  patch: boolean;
  /** A program of code mode whose commands and edits are recorded as items of their own. */
  program: boolean;
  /** `aborted`: the user aborted it, or the program died, and it may have run or run on. */
  state: "waiting" | "ended" | "aborted";
  /** Commits and files that were told of it: several records tell of the same. */
  commits: string[];
  edited: boolean;
  published: boolean;
}

/** What the next reading of a rollout must know. */
export interface RolloutState {
  header: Header | null;
  /** The time of the last record that was copied from a parent; null once the rollout's own have begun. */
  copied: number | null;
  cwd: string | null;
  branch: string | null;
  model: string | null;
  /** The hash of the last message. */
  message: number;
  totals: TokenTotals | null;
  calls: OpenCall[];
}

/** Makes facts and events of a rollout's records, of whatever version. */
export class Rollout implements LogInterpreter<RolloutState> {
  readonly #context: LogContext;
  /** The thread that the file's name tells, for a file that lost its first line. */
  readonly #fallback: string | null;
  #header: Header | null;
  #head: CopiedHead | null;
  #cwd: string | null;
  #branch: string | null;
  #model: string | null;
  #message: number;
  readonly #heads = new LineHeads();
  readonly #times = new TimeReader();
  readonly #meter: TokenMeter;
  readonly #calls: PendingCalls<OpenCall>;

  constructor(context: LogContext, fallback: string | null, state: RolloutState | null) {
    this.#context = context;
    this.#fallback = fallback;
    this.#header = state?.header ?? null;
    this.#head = this.#header && new CopiedHead(this.#header, state?.copied ?? null);
    this.#cwd = state?.cwd ?? null;
    this.#branch = state?.branch ?? null;
    this.#model = state?.model ?? null;
    this.#message = state?.message ?? 0;
    this.#meter = new TokenMeter(state?.totals ?? null);
    this.#meter.inherits = goesOn(this.#header);
    this.#calls = new PendingCalls(state?.calls);
  }

  passesOver(text: string, start: number, end: number, offset: number): boolean {
    const kind = this.#heads.read(text, start, end);
    if (kind === "other" || kind === "useless") return kind === "useless";
    // While it may be a parent's, a record's time and turn matter.
    if (this.#head === null || this.#head.last !== null) return false;
    const id = this.#heads.call;
    const call = this.#calls.get(id);
    switch (kind) {
      case "output":
        if (call?.state === "ended") return this.#calls.take(id) !== undefined;
        return call !== undefined && this.#endsSilently(call, text.slice(start, end));
      case "command":
        return call !== undefined && this.#endsSilently(call, text.slice(start, end));
      case "patch":
        return this.#takeCall("apply_patch", { offset, length: end - start });
      case "call":
        return !mayHaveEffects(this.#heads.args) && !this.#heads.args.includes(PATCH) &&
          this.#takeCall("exec_command", { offset, length: end - start });
      case "tokens":
        return this.#takeTokens(text.slice(start, end));
      default:
        return kind satisfies never;
    }
  }

  /** Takes up the end of a call that made no event, from a record that shows nothing that would make one. */
  #endsSilently(call: OpenCall, line: string): boolean {
    const silent = !call.told && !call.git && !call.patch && !call.program;
    if (!silent || call.continues !== null || call.state === "aborted") return false;
    if (line.includes(CHANGED) || line.slice(0, MAX_HEAD).includes(RUNNING)) return false;
    if (call.state === "ended") this.#calls.take(call.id);
    call.state = "ended";
    return true;
  }

  state(): RolloutState {
    return {
      header: this.#header,
      copied: this.#head?.last ?? null,
      cwd: this.#cwd,
      branch: this.#branch,
      model: this.#model,
      message: this.#message,
      totals: this.#meter.totals,
      calls: this.#calls.list(),
    };
  }

  record(record: JsonObject, place: RecordPlace): void {
    const { type } = record;
    if (!isObject(record.payload)) return this.#bareRecord(record, place);
    const payload = record.payload;
    const at = this.#timeOf(record.timestamp);
    if (at === null) {
      // What says nothing but how the thread went on needs no time.
      return KNOWN_TYPES.has(type) ? this.#context.skip("badTime") : undefined;
    }
    if (this.#head?.holds(payload, at)) {
      // A fork's counts go on from its parent's.
      if (payload.type === "token_count") this.#meter.skip(payload);
      return;
    }
    switch (type) {
      case "session_meta":
        return this.#begin(payload, at);
      case "turn_context":
        return this.#turn(payload);
      case "event_msg":
        return this.#event(payload, at);
      case "response_item":
        return this.#item(payload, at, place);
      default:
        if (typeof type !== "string") this.#context.skip("wrongShape");
    }
  }

  #timeOf(value: unknown): number | null {
    const usual = typeof value === "string" && value.length === TIME_LENGTH;
    return (usual ? this.#times.at(value, 0) : null) ?? parseTime(value);
  }

  /** A record of 2025, which stands bare: the first has no type, and none but it has a time. */
  #bareRecord(record: JsonObject, place: RecordPlace): void {
    if (typeof record.type === "string") {
      const at = this.#header?.at ?? null;
      if (this.#header?.bare !== true || at === null) return this.#context.skip("wrongShape");
      return this.#bareItem(record, at, place);
    }
    if (record.record_type !== undefined) return;
    const at = parseTime(record.timestamp);
    if (this.#header !== null || name(record.id) === null || at === null) {
      return this.#context.skip("wrongShape");
    }
    this.#begin({ ...record, bare: true }, at);
  }

  #bareItem(item: JsonObject, at: number, place: RecordPlace): void {
    if (item.type !== "message") return this.#item(item, at, place);
    const said = contentText(item.content);
    const id = name(item.id) ?? `record ${place.offset}`;
    if (item.role === "assistant") return this.#answer(at, said, id);
    if (item.role !== "user") return;
    if (said.includes("<environment_context>")) {
      const [, tagged, named] = FOLDER.exec(said) ?? [];
      this.#cwd = path(tagged ?? named) ?? this.#cwd;
    }
    this.#prompt(at, said, id);
  }

  /** The first is the rollout's own. Others repeat it when the thread is resumed, or come with a parent's records. */
  #begin(meta: JsonObject, at: number): void {
    const known = this.#header;
    if (known !== null) {
      const id = name(meta.id);
      if (id === known.thread) this.#branch = name(object(meta.git).branch) ?? this.#branch;
      else if (this.#message === 0) this.#head = new CopiedHead(known, at);
      return;
    }
    const header = readHeader(meta, at);
    if (header === null) return this.#context.skip("noSession");
    this.#header = header;
    this.#cwd = path(meta.cwd);
    this.#branch = name(object(meta.git).branch);
    this.#meter.inherits = goesOn(header);
    this.#head = new CopiedHead(header, header.copies ? at : null);
  }

  /** The rollout's session, with what its first record says of it. */
  #session(header: Header): SessionBuilder {
    const session = this.#context.session(header.session);
    if (session.size > 0) return session;
    const { facts } = session;
    facts.bornAt = header.at;
    facts.version = header.version;
    facts.forkedFrom = header.forkedFrom;
    facts.externalIds = header.thread === header.session ? [] : [header.thread];
    return session;
  }

  #turn(turn: JsonObject): void {
    this.#cwd = path(turn.cwd) ?? this.#cwd;
    this.#model = name(turn.model) ?? this.#model;
  }

  #event(event: JsonObject, at: number): void {
    const id = name(event.call_id);
    switch (event.type) {
      case "item_completed":
        return this.#completed(object(event.item), at, event);
      case "user_message":
        if (event.kind !== undefined && event.kind !== "plain") return;
        return this.#prompt(at, text(event.message) ?? "", null);
      case "agent_message":
        return this.#answer(at, text(event.message) ?? "", null);
      case "token_count":
        return this.#used(this.#meter.read(event), at);
      case "exec_command_end":
        if (id !== null) this.#commandEnded(id, event, at, at);
        return;
      case "patch_apply_end":
        if (id !== null) this.#filesChanged(id, event, at, event.success !== false);
        return;
      case "thread_name_updated":
        return this.#named(text(event.thread_name));
      case "turn_aborted":
        return this.#endTurn(at, "aborted");
      case "task_started":
      case "turn_started":
      case "task_complete":
      case "turn_complete":
        return this.#endTurn(at, event.type.endsWith("started") ? "aborted" : "ended");
    }
  }

  /** An item of a turn: what newer versions record of a call, a prompt, an answer. */
  #completed(item: JsonObject, at: number, event: JsonObject): void {
    const id = name(item.id);
    switch (item.type) {
      case "UserMessage":
        this.#skills(at, item.content, id);
        return this.#prompt(at, contentText(item.content), id);
      case "AgentMessage":
        return this.#answer(at, contentText(item.content), id);
      case "CommandExecution":
        if (id === null) return;
        return this.#commandEnded(id, item, at, startedAt(event.started_at_ms, at));
      case "FileChange":
        if (id !== null) this.#filesChanged(id, item, at, item.status === "completed");
    }
  }

  #item(item: JsonObject, at: number, place: RecordPlace): void {
    if (CALL_TYPES.has(item.type)) return this.#call(item, at, place);
    if (OUTPUT_TYPES.has(item.type)) return this.#output(item, at);
  }

  #prompt(at: number, said: string, id: string | null): void {
    const message = this.#add(at, id ?? idOf("user", at, said), "message");
    const prompt = promptOf(said);
    if (message === null || message.subagent !== null || prompt === null) return;
    message.session.facts.firstPrompt ??= excerpt(prompt);
    message.session.emit(message, { kind: "prompt", text: clip(prompt).toWellFormed() });
  }

  #skills(at: number, content: unknown, id: string | null): void {
    for (const skill of skillsOf(content)) {
      const message = id === null ? null : this.#add(at, id, "message");
      message?.session.emit(message, { kind: "skill", skill });
    }
  }

  #answer(at: number, said: string, id: string | null): void {
    const message = this.#add(at, id ?? idOf("agent", at, said), "message");
    if (message === null) return;
    if (this.#model !== null) message.session.countModel(this.#model);
    if (message.subagent !== null) return;
    message.session.facts.lastMessage = excerpt(said) ?? message.session.facts.lastMessage;
  }

  #call(item: JsonObject, at: number, place: RecordPlace): void {
    const call = readCall(item, this.#cwd);
    if (call === null) return this.#context.skip("wrongShape");
    const message = this.#add(at, call.id, "call");
    if (message === null) return;
    const program = this.#header?.items === true && call.tool === "exec";
    this.#wait(message, call.tool, {
      ...newCall(call.id, at),
      place,
      told: !program && this.#emitCommands(message, call.commands, call.id),
      ...effectsOf(call.commands),
      continues: call.continues,
      patch: call.patch !== null,
      program,
    });
  }

  /**
   * Takes up a call as its line stands: one whose command makes no event, or whose patch is read when nothing better is
   * recorded of it.
   */
  #takeCall(tool: "apply_patch" | "exec_command", place: RecordPlace): boolean {
    const { at, call: id } = this.#heads;
    const message = at === null || !PLAIN_ID.test(id) ? null : this.#add(at, id, "call");
    if (at === null || message === null) return false;
    this.#wait(message, tool, { ...newCall(id, at), place, patch: tool === "apply_patch" });
    return true;
  }

  #wait(message: Message, tool: string, call: OpenCall): void {
    message.session.countTool(tool);
    if (this.#model !== null) message.session.countModel(this.#model);
    this.#calls.add(call);
  }

  /** Adds events of the commands that matter, and says whether any does. */
  #emitCommands(message: Message, commands: readonly ShellRun[], call: string): boolean {
    let told = false;
    for (const { command, cwd } of commands) {
      const shell = addShellCommand(message.session, { ...message, cwd }, { id: call, command });
      told ||= shell.told;
    }
    return told;
  }

  #output(item: JsonObject, at: number): void {
    const id = name(item.call_id);
    if (id === null) return this.#context.skip("wrongShape");
    const call = this.#calls.get(id);
    if (call === undefined) return;
    if (call.state === "ended") return void this.#calls.take(id);
    const message = this.#add(at, id, "call");
    if (message === null) return;
    const outcome = readOutput(item.output);
    if (call.continues === null) return this.#settle(message, call, outcome);
    this.#calls.take(id);
    const begun = this.#calls.list().find(({ process }) => process === call.continues);
    if (begun?.state === "waiting" && outcome.kind !== "aborted" && outcome.kind !== "refused") {
      this.#settle(message, begun, outcome);
    }
  }

  #settle(message: Message, call: OpenCall, outcome: CallOutcome): void {
    const fail = (reason: "failed" | "denied", exitCode: number | null) => {
      if (call.told) message.session.emit(message, { kind: "failure", reason, exitCode }, call.id);
    };
    switch (outcome.kind) {
      case "aborted":
        return this.#cutShort(message, call);
      case "refused":
        call.state = "ended";
        return fail("denied", null);
      case "running":
        call.process = outcome.process;
        break;
      case "ended":
        call.state = "ended";
        if (outcome.exitCode === null || outcome.exitCode === 0) this.#patched(message, call);
        else fail("failed", outcome.exitCode);
        break;
      default:
        outcome satisfies never;
    }
    if (call.program) return;
    const commands = () => this.#callAt(call.place)?.commands ?? [];
    this.#printed(message, call, outcome.output, commands);
  }

  /** Tells that a call may have run or not, with the commands of a program that tells of none by itself. */
  #cutShort(message: Message, call: OpenCall): void {
    call.state = "aborted";
    if (call.program && !call.told) {
      const commands = this.#callAt(call.place)?.commands ?? [];
      call.told = this.#emitCommands({ ...message, at: call.at }, commands, call.id);
    }
    if (!call.told) return;
    message.session.emit(message, { kind: "failure", reason: "unknown", exitCode: null }, call.id);
  }

  /** A call whose record was passed before. */
  #callAt(place: RecordPlace): ToolCall | null {
    const record = this.#context.record(place);
    if (record === null) return null;
    return readCall(isObject(record.payload) ? record.payload : record, this.#cwd);
  }

  /** A patch that was applied, where nothing recorded what it changed. */
  #patched(message: Message, call: OpenCall): void {
    const read = call.patch && !call.edited ? this.#callAt(call.place) : null;
    if (read === null || read.patch === null) return;
    call.edited = true;
    const cwd = read.commands[0]?.cwd ?? this.#cwd;
    this.#emitEdits(message, readPatch(read.patch), { call: call.id, cwd });
  }

  #emitEdits(
    message: Message,
    edits: readonly FileEdit[],
    { call, cwd }: { call: string; cwd: string | null },
  ): void {
    for (const edit of edits) {
      message.session.emit({ ...message, cwd }, {
        kind: "edit",
        by: "tool",
        path: resolvePath(edit.path, cwd),
        movedFrom: edit.movedFrom === null ? null : resolvePath(edit.movedFrom, cwd),
        partial: false,
        ...edit.lines,
      }, call);
    }
  }

  /** Adds what an output shows of commits and of what was published, once for each call. */
  #printed(
    message: Message,
    call: OpenCall,
    output: string,
    commands: () => readonly ShellRun[],
  ): void {
    const { git: certain, publishes, commitsQuietly } = call;
    if (
      certain ? !publishes && !commitsQuietly && !mayShowCommit(output) : !output.includes(CHANGED)
    ) return;
    if (call.told && !certain) return;
    const ran = commands();
    const context = { ...message, cwd: ran[0]?.cwd ?? message.cwd };
    const command = ran.length === 0 ? undefined : ran.map(({ command }) => command).join("\n");
    for (const commit of readCommits(output.toWellFormed(), { certain, command })) {
      if (call.commits.includes(commit.hash)) continue;
      if (call.commits.push(commit.hash) > MAX_COMMITS) break;
      this.#branch = commit.branch ?? this.#branch;
      message.session.emit(context, { kind: "commit", ...commit, source: "output" }, call.id);
    }
    if (call.published || !publishes) return;
    const published = readPublished(output.toWellFormed());
    if (published === null) return;
    call.published = true;
    message.session.emit(context, { kind: "published", ...published }, call.id);
  }

  /** What is recorded of a command when it has ended: with the id of its call, or in code mode with its own. */
  #commandEnded(id: string, ended: JsonObject, at: number, started: number): void {
    const message = this.#add(at, id, "call");
    const command = commandText(ended.command);
    if (message === null || command === null) return;
    const cwd = folderOf(ended.cwd) ?? this.#cwd;
    const call = this.#calls.get(id) ?? newCall(id, started);
    if (call.place.length === 0) {
      call.told = this.#emitCommands({ ...message, at: call.at }, [{ command, cwd }], id);
    }
    const exitCode = Number.isInteger(ended.exit_code) ? ended.exit_code as number : null;
    const failed = exitCode !== null && exitCode !== 0 || ended.status === "failed";
    if (call.told && call.state !== "ended") {
      // One that the user aborted went on by itself: that its end is known replaces what was said before.
      const reason = ended.status === "declined"
        ? "denied" as const
        : failed
        ? "failed" as const
        : call.state === "aborted"
        ? "interrupted" as const
        : null;
      if (reason !== null) {
        message.session.emit({ ...message, cwd }, { kind: "failure", reason, exitCode }, id);
      }
    }
    if (call.state === "ended") this.#calls.take(id);
    call.state = "ended";
    const output = text(ended.aggregated_output) ??
      `${text(ended.stdout) ?? ""}\n${text(ended.stderr) ?? ""}`;
    Object.assign(call, effectsOf([{ command, cwd }]));
    this.#printed(message, call, output, () => [{ command, cwd }]);
  }

  #filesChanged(id: string, change: JsonObject, at: number, applied: boolean): void {
    const message = this.#add(at, id, "call");
    const call = this.#calls.get(id);
    if (call !== undefined) {
      if (call.edited) return;
      call.edited = true;
      if (call.state === "ended") this.#calls.take(id);
      call.state = "ended";
    }
    if (message === null || !applied) return;
    this.#emitEdits(message, readChanges(change.changes), { call: id, cwd: this.#cwd });
  }

  #takeTokens(line: string): boolean {
    const { at } = this.#heads;
    const use = at === null ? undefined : this.#meter.readLine(line);
    if (at === null || use === undefined) return false;
    this.#used(use, at);
    return true;
  }

  #used(use: MeteredUse | null, at: number): void {
    const header = this.#header;
    if (header === null || use === null) return;
    this.#session(header).addTokens({
      ...use.used,
      key: hashUuid(`${header.thread} ${at} ${use.key}`),
      message: this.#message,
      at,
      model: this.#model ?? "unknown",
    });
  }

  #named(title: string | null): void {
    const header = this.#header;
    if (header === null || title === null || header.subagent !== null) return;
    this.#session(header).facts.generatedTitle = clip(title, 300).toWellFormed();
  }

  /** When a turn is over, calls that ended are done with; those that wait still are told to have been cut short. */
  #endTurn(at: number, how: "ended" | "aborted"): void {
    for (const call of this.#calls.list()) {
      if (call.state === "ended") this.#calls.take(call.id);
      if (how === "ended") continue;
      if (call.state !== "waiting" || call.process !== null || call.continues !== null) continue;
      const message = this.#add(at, call.id, "call");
      if (message !== null) this.#cutShort(message, call);
    }
  }

  /** Counts a message of the rollout's session; null if it has none. */
  #add(at: number, id: string, part: MessagePart): Message | null {
    let header = this.#header;
    if (header === null) {
      header = this.#header = this.#fallback === null
        ? null
        : readHeader({ id: this.#fallback }, at);
      if (header === null) {
        this.#context.skip("noSession");
        return null;
      }
    }
    const session = this.#session(header);
    const message = identityOf(header.thread, id, part);
    const context = { message, at, cwd: this.#cwd, subagent: header.subagent, session };
    session.addMessage(context, this.#branch);
    this.#message = message;
    return context;
  }
}

/** A message with the session that it is one of. */
interface Message extends MessageContext {
  session: SessionBuilder;
}

const KNOWN_TYPES: ReadonlySet<unknown> = new Set([
  "session_meta",
  "turn_context",
  "event_msg",
  "response_item",
]);

/** The folder in what the program tells the model of its surroundings. */
const FOLDER = /<cwd>([^<]+)<\/cwd>|Current working directory: (.+)/;

/** An id that is spelled in JSON as it is. */
const PLAIN_ID = /^[\w.:-]{1,200}$/;

/** Stands in a command that applies a patch. */
const PATCH = "*** Begin Patch";

/** The most commits that one call is taken to have made. */
const MAX_COMMITS = 256;

/** Stands below a commit that a program printed which is not known to make commits. */
const CHANGED = " changed";

/** Stands in the output of a call that goes on. */
const RUNNING = " running with ";
/** How far into an output's line that may stand. */
const MAX_HEAD = 1_000;

/** What the commands of a call may do that its output tells of. */
function effectsOf(
  commands: readonly ShellRun[],
): Pick<OpenCall, "git" | "publishes" | "commitsQuietly"> {
  const effects = commands.map(({ command }) => readShellCommand(command));
  return {
    git: effects.some(({ git }) => git),
    publishes: effects.some(({ publishes }) => publishes),
    commitsQuietly: commands.some(({ command }) => /\bcommit\b|\bjj\b/.test(command)),
  };
}

/** Whether a rollout goes on from another's. */
function goesOn(header: Header | null): boolean {
  return header !== null && (header.forkedFrom !== null || header.subagent !== null);
}

/** A call of which nothing is known yet. */
function newCall(id: string, at: number): OpenCall {
  return {
    id,
    at,
    place: { offset: 0, length: 0 },
    told: false,
    git: false,
    publishes: false,
    commitsQuietly: false,
    process: null,
    continues: null,
    patch: false,
    program: false,
    state: "waiting",
    commits: [],
    edited: false,
    published: false,
  };
}

/** A folder, given as a path or as a `file:` URL. */
function folderOf(value: unknown): string | null {
  const spelled = path(value);
  if (spelled === null || !spelled.startsWith("file://")) return spelled;
  try {
    const folder = decodeURIComponent(spelled.slice("file://".length));
    if (/^\/[A-Za-z]:/.test(folder)) return folder.slice(1);
    return folder.startsWith("/") ? folder : `//${folder}`;
  } catch {
    return null;
  }
}

/** When a command began, if that is told and can be: at most a day before its end. */
function startedAt(value: unknown, end: number): number {
  const at = typeof value === "number" ? value : NaN;
  return Number.isSafeInteger(at) && at <= end && at > end - 86_400_000 ? at : end;
}

/** The session whose thread a rollout's name tells; null if it tells none. */
export function threadOf(fileName: string): SessionId | null {
  return sessionIdOf(
    /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl(?:\.zst)?$/.exec(fileName)?.[1],
  );
}
