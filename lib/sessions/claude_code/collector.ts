import type { SessionId } from "../../domain/ids.ts";
import {
  type EditDetail,
  type EditLines,
  type EventDetail,
  NO_LINES,
  type SessionEvent,
  type SessionFacts,
  type TokenUse,
} from "../../domain/session_events.ts";
import { isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { excerpt } from "../../text/clip.ts";
import { parseTime } from "../../time/iso_time.ts";
import { hashUuid, sessionIdOf } from "../message_hash.ts";
import { PendingCalls } from "../pending_calls.ts";
import type { KnownSource, SessionDelta, SkipCounts, SkipReason } from "../reader.ts";
import { type MessageContext, SessionBuilder } from "../session_builder.ts";
import type { ShellCall } from "../shell_calls.ts";
import { KnownTexts, type LinePlace, type TextStep } from "./known_texts.ts";

/** What the lines of one session have in common for a while. */
export interface Scope {
  session: SessionBuilder;
  cwd: string | null;
  branch: string | null;
  version: string | null;
  forkedFrom: SessionId | null;
  /** The subagent whose lines they are, or null. */
  subagent: string | null;
}

/** What a message's line says around the message itself. */
export interface Envelope extends MessageContext {
  session: SessionBuilder;
}

/** A tool call whose result has not been read yet. JSON. */
export type Call =
  | { kind: "shell"; at: number } & ShellCall
  /** A tool that edits, or a skill. */
  | { kind: "edit" | "skill"; id: string }
  /** A subagent reads a file. */
  | { kind: "read"; id: string; path: string };

/** A summary of the conversation that ends with a message. */
interface LeafSummary {
  leaf: number;
  text: string;
}

/** What a reading hands to the next one of the same file. JSON. */
export interface ResumeState {
  /** Tool calls without a result yet. */
  pending: Call[];
  /** What was said of sessions that have no message in the file yet. */
  sessions: SessionFacts[];
  /** Summaries whose last message is not in the file yet. */
  summaries: LeafSummary[];
  /** What subagents saw of files, by path. */
  texts: [string, TextStep[]][];
}

const MAX_SUMMARIES = 256;

type EditEvent = SessionEvent & { kind: "edit" };

/** What a file is known as before it is read. */
export interface FileIdentity {
  /** The session that lines belong to which do not name one. */
  session: SessionId | null;
  /** The subagent whose file it is, or null. */
  subagent: string | null;
}

/** Gathers what the lines of one file say, session by session. */
export class Collector {
  readonly pending: PendingCalls<Call>;
  readonly #identity: FileIdentity;
  readonly #sessions = new Map<SessionId, SessionBuilder>();
  readonly #summaries: LeafSummary[];
  readonly #edits = new Map<string, EditEvent>();
  /** Edits whose lines are still to be told from what the tool was called with. */
  readonly #drafts = new Map<EditEvent, () => EditLines>();
  readonly #texts: KnownTexts;
  /** Where the line stands that is being read. */
  readonly #place: LinePlace = { offset: 0, length: 0 };
  /** By session, the line with its last words, if nobody has parsed it yet. */
  readonly #lastTexts = new Map<SessionBuilder, LinePlace>();
  /** By session and key, what answers used that wait to be taken. */
  readonly #tokens = new Map<SessionBuilder, Map<number, TokenUse>>();
  #skipped: SkipCounts = {};

  constructor(identity: FileIdentity, before: KnownSource<ResumeState> | null) {
    this.#identity = identity;
    this.pending = new PendingCalls(before?.checkpoint.pending);
    this.#summaries = [...before?.checkpoint.summaries ?? []];
    this.#texts = new KnownTexts(before?.checkpoint.texts);
    for (const facts of before?.checkpoint.sessions ?? []) {
      const session = new SessionBuilder(facts.session);
      Object.assign(session.facts, structuredClone(facts));
      this.#sessions.set(facts.session, session);
    }
    for (const known of before?.sessions ?? []) {
      const { session } = known.facts;
      this.#sessions.set(session, new SessionBuilder(session, known));
    }
  }

  /** How many events were found since they were last taken. */
  get waiting(): number {
    let events = 0;
    for (const session of this.#sessions.values()) events += session.waiting;
    return events;
  }

  /** Turns to the next line. */
  turnTo(offset: number, length: number): void {
    this.#place.offset = offset;
    this.#place.length = length;
  }

  skip(reason: SkipReason): void {
    this.#skipped[reason] = (this.#skipped[reason] ?? 0) + 1;
  }

  /** The session that a line names, or the file's own; null where neither is known. */
  session(named: unknown): SessionBuilder | null {
    const id = sessionIdOf(named) ?? this.#identity.session;
    if (id === null) return null;
    let session = this.#sessions.get(id);
    if (session === undefined) this.#sessions.set(id, session = new SessionBuilder(id));
    return session;
  }

  /** What a line says of its surroundings; null where it names no session and the file does not either. */
  scope(line: JsonObject, agentId: string | null = null): Scope | null {
    const session = this.session(line.sessionId);
    if (session === null) return null;
    return {
      session,
      cwd: path(line.cwd),
      branch: name(line.gitBranch),
      version: name(line.version),
      forkedFrom: sessionIdOf(object(line.forkedFrom).sessionId),
      subagent: agentId ?? name(line.agentId) ?? this.#identity.subagent ??
        (line.isSidechain === true ? "sidechain" : null),
    };
  }

  /**
   * Takes up a message's line, and counts it as one of its session's.
   *
   * @returns Null where the line was skipped or holds a message that is already known.
   */
  open(line: JsonObject, scope: Scope | null): Envelope | null {
    if (scope === null) return this.#refuse("noSession");
    const at = parseTime(line.timestamp);
    if (at === null) return this.#refuse("badTime");
    return this.admit(scope, messageHash(line), at);
  }

  /** Counts a message, unless it is known already. */
  admit(scope: Scope, message: number, at: number): Envelope | null {
    const { session, cwd, branch, version, forkedFrom, subagent } = scope;
    const envelope = { session, message, at, cwd, subagent };
    if (!session.addMessage(envelope, branch)) return null;
    const { facts } = session;
    if (version !== null) facts.version = version;
    if (facts.forkedFrom === null && forkedFrom !== facts.session) facts.forkedFrom = forkedFrom;
    return envelope;
  }

  /** Takes note of a time at which the session was written to and that no fork copies. */
  noteBirth({ facts }: SessionBuilder, at: number): void {
    if (facts.bornAt === null || at < facts.bornAt) facts.bornAt = at;
  }

  /** Adds an event of a message. */
  emit(envelope: Envelope, detail: EventDetail, call: string | null = null): void {
    envelope.session.emit(envelope, detail, call);
  }

  /** Adds the event of an edit whose result may tell its lines better than its call. */
  emitEdit(
    envelope: Envelope,
    edit: Pick<EditDetail, "by" | "path" | "partial">,
    from: { call: string | null; lines: () => EditLines },
  ): void {
    const { call, lines } = from;
    const detail: EditDetail = { kind: "edit", movedFrom: null, ...edit, ...NO_LINES };
    const event = envelope.session.draft(envelope, detail, call) as EditEvent;
    this.#drafts.set(event, lines);
    if (call !== null) this.#edits.set(call, event);
  }

  /** Replaces what an edit's event says of its lines, be the event of this reading or an earlier one. */
  revise({ session }: Envelope, call: string, lines: EditLines): void {
    const event = this.#edits.get(call);
    if (event === undefined) return session.revise(call, lines);
    Object.assign(event, lines, { partial: false });
    this.#drafts.delete(event);
  }

  /** Keeps what an answer used: of the lines that it came in, the largest counts. */
  addTokens({ session }: Envelope, use: TokenUse): void {
    let uses = this.#tokens.get(session);
    if (uses === undefined) this.#tokens.set(session, uses = new Map());
    const known = uses.get(use.key);
    if (known === undefined) uses.set(use.key, use);
    else if (totalOf(use) > totalOf(known)) uses.set(use.key, { ...use, message: known.message });
  }

  /** Takes note of a file's text that a subagent's call read or changed. */
  noteText(path: string, kind: TextStep["kind"], call: string): void {
    this.#texts.add(path, { kind, call, ...this.#place });
  }

  /** Keeps the place of the session's last words, to be read when no later ones come. */
  noteLastText(session: SessionBuilder): void {
    this.#lastTexts.set(session, { ...this.#place });
  }

  /** Keeps the session's last words. */
  setLastText(session: SessionBuilder, words: string): void {
    session.facts.lastMessage = words;
    this.#lastTexts.delete(session);
  }

  /** Keeps a summary for the session that holds its last message. */
  summarize(summary: LeafSummary): void {
    this.#summaries.push(summary);
    if (this.#summaries.length > MAX_SUMMARIES) this.#summaries.shift();
  }

  /**
   * What was found since the last call, and what the next reading must know; the collector goes on with what comes next.
   *
   * @param read Reads a line again; null if it is none any more.
   */
  take(
    read: (place: LinePlace) => JsonObject | null,
  ): { sessions: SessionDelta[]; skipped: SkipCounts; resume: ResumeState } {
    this.#settleEdits(read);
    for (const [session, place] of this.#lastTexts) {
      session.facts.lastMessage = lastText(read(place)) ?? session.facts.lastMessage;
    }
    this.#lastTexts.clear();
    for (const [session, uses] of this.#tokens) {
      for (const use of uses.values()) session.addTokens(use);
    }
    this.#tokens.clear();
    const resume = this.#resumeState();
    const sessions = [...this.#sessions.values()].filter(({ size }) => size > 0)
      .flatMap((session) => session.take() ?? []);
    const skipped = this.#skipped;
    this.#skipped = {};
    return { sessions, skipped, resume };
  }

  /** Tells the lines of the edits that no result told. */
  #settleEdits(read: (place: LinePlace) => JsonObject | null): void {
    const partial = new Map<string, Set<string>>();
    for (const { path, call, subagent, partial: isPartial } of this.#drafts.keys()) {
      if (!isPartial || call === null || subagent === null) continue;
      const calls = partial.get(path);
      if (calls === undefined) partial.set(path, new Set([call]));
      else calls.add(call);
    }
    const whole = this.#texts.linesOf(partial, read);
    for (const [event, lines] of this.#drafts) {
      const known = event.call === null ? undefined : whole.get(event.call);
      if (known === undefined) Object.assign(event, lines());
      else Object.assign(event, known, { partial: false });
    }
    this.#drafts.clear();
    this.#edits.clear();
  }

  /** Settles the summaries whose last message is known. */
  #resumeState(): ResumeState {
    const sessions = [...this.#sessions.values()];
    const open = this.#summaries.filter(({ leaf, text }) => {
      const holders = sessions.filter((session) => session.has(leaf));
      for (const { facts } of holders) facts.summary = text;
      return holders.length === 0;
    });
    this.#summaries.splice(0, this.#summaries.length, ...open);
    return {
      pending: this.pending.list(),
      sessions: sessions.filter(({ size, facts }) => size === 0 && saysAnything(facts))
        .map(({ facts }) => structuredClone(facts)),
      summaries: open,
      texts: this.#texts.state(),
    };
  }

  #refuse(reason: SkipReason): null {
    this.skip(reason);
    return null;
  }
}

/** The hash of a message's identity: a copy that the Agent SDK made bears a uuid of its own, and names the original's. */
export function messageHash({ uuid, forkedFrom }: JsonObject): number {
  const original = isObject(forkedFrom) ? text(forkedFrom.messageUuid) : null;
  const identity = original ?? text(uuid);
  return identity === null ? 0 : hashUuid(identity);
}

/** The last words of an assistant's message. */
function lastText(line: JsonObject | null): string | null {
  const { content } = object(object(line).message);
  if (!Array.isArray(content)) return null;
  const texts = content.map((block) => isObject(block) ? excerpt(block.text) : null);
  return texts.findLast((text) => text !== null) ?? null;
}

function totalOf({ input, cacheRead, cacheWrite, output }: TokenUse): number {
  return input + cacheRead + cacheWrite + output;
}

/** Whether facts are worth keeping without a message. */
function saysAnything(facts: SessionFacts): boolean {
  const { customTitle, generatedTitle, externalIds, worktrees, bornAt } = facts;
  return customTitle !== null || generatedTitle !== null || bornAt !== null ||
    externalIds.length + worktrees.length > 0;
}
