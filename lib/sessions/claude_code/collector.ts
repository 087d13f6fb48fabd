import type { SessionId } from "../../domain/ids.ts";
import { type JsonObject, name, object, path, text } from "../../text/json.ts";
import { parseTime } from "../../time/iso_time.ts";
import { HashSet, NumberList } from "../compact_numbers.ts";
import { hashUuid, sessionIdOf } from "../message_hash.ts";
import { RunningCount } from "../session_builder.ts";
import {
  type EditDetail,
  type EditLines,
  emptyFacts,
  type EventDetail,
  NO_LINES,
  type SessionEvent,
  type SessionFacts,
  type SessionPart,
} from "../../domain/session_events.ts";
import type { KnownSession, KnownSource, SkipReason } from "../reader.ts";

/** What the lines of one session have in common for a while. */
export interface Scope {
  part: PartBuilder;
  cwd: string | null;
  branch: string | null;
  version: string | null;
  forkedFrom: SessionId | null;
  /** The subagent whose lines they are, or null. */
  subagent: string | null;
}

/**
 * One part while its file is read: what the file said before, and what it goes on to say. Of messages that were taken
 * only the hashes stay, so that each counts once.
 */
export class PartBuilder {
  readonly facts: SessionFacts;
  readonly #hashes = new NumberList();
  readonly #times = new NumberList();
  readonly #seen: HashSet;
  #size: number;
  readonly #cwds = new RunningCount();
  readonly #branches = new RunningCount();
  readonly #models = new RunningCount();

  /** Where the last line of the session's own words stands, if nobody has read it yet. */
  lastAssistantText: { offset: number; length: number } | null = null;

  /** @param known The part as stored, where the file goes on from a checkpoint. */
  constructor(session: SessionId, known: KnownSession | null = null) {
    this.facts = known === null ? emptyFacts(session) : structuredClone(known.facts);
    this.#seen = new HashSet(known?.messageHashes);
    this.#size = known?.messageHashes.length ?? 0;
  }

  /** How many messages the part holds. */
  get size(): number {
    return this.#size;
  }

  /** Whether the part already holds the message; one without a uuid never counts as held. */
  has(hash: number): boolean {
    return hash !== 0 && this.#seen.has(hash);
  }

  /** Adds a message that the part does not hold yet. */
  add(hash: number, at: number, scope: Scope): void {
    this.#hashes.push(hash);
    this.#times.push(at);
    this.#seen.add(hash);
    this.#size++;
    const { facts } = this;
    const { cwd, branch, version } = scope;
    if (facts.lastAt === null || at > facts.lastAt) facts.lastAt = at;
    if (facts.firstAt === null || at < facts.firstAt) {
      facts.firstAt = at;
      if (cwd !== null) facts.firstCwd = cwd;
    }
    if (cwd !== null) {
      facts.firstCwd ??= cwd;
      this.#cwds.add(facts.cwds, cwd);
    }
    if (branch !== null) this.#branches.add(facts.branches, branch);
    if (version !== null) facts.version = version;
    if (facts.forkedFrom === null && scope.forkedFrom !== facts.session) {
      facts.forkedFrom = scope.forkedFrom;
    }
  }

  /** Counts a model that answered. */
  addModel(model: string): void {
    if (model !== "<synthetic>") this.#models.add(this.facts.models, model);
  }

  /** The part as it stands, with the messages that came since the last call. */
  take(): SessionPart {
    this.#cwds.flush(this.facts.cwds);
    this.#branches.flush(this.facts.branches);
    this.#models.flush(this.facts.models);
    return {
      ...this.facts,
      messageHashes: this.#hashes.take(),
      messageTimes: this.#times.take(),
    };
  }
}

/** A tool call whose result has not been read yet. */
export interface PendingCall {
  id: string;
  kind: "shell" | "edit" | "other";
  /** The call made an event, so its failure is one too. */
  told: boolean;
  /** The shell command, cut; empty for other tools. */
  command: string;
  /** It speaks to git. */
  git: boolean;
  /** It pushes or opens a pull request. */
  publishes: boolean;
}

/** The most calls that wait for a result at once; older ones are given up. */
const MAX_WAITING = 256;

/** Tool calls by their id, in the order they were made. */
export class PendingCalls {
  readonly #calls: Map<string, PendingCall>;

  constructor(calls: readonly PendingCall[] = []) {
    this.#calls = new Map(calls.map((call) => [call.id, call]));
  }

  add(call: PendingCall): void {
    this.#calls.delete(call.id);
    this.#calls.set(call.id, call);
    if (this.#calls.size <= MAX_WAITING) return;
    for (const oldest of this.#calls.keys()) {
      this.#calls.delete(oldest);
      break;
    }
  }

  /** The call, if it waits. */
  get(id: string): PendingCall | undefined {
    return this.#calls.get(id);
  }

  /** The call, which waits no longer. */
  take(id: string): PendingCall | undefined {
    const call = this.#calls.get(id);
    if (call !== undefined) this.#calls.delete(id);
    return call;
  }

  list(): PendingCall[] {
    return [...this.#calls.values()];
  }
}

/** What a message's line says around the message itself. */
export interface Envelope {
  part: PartBuilder;
  hash: number;
  at: number;
  cwd: string | null;
  subagent: string | null;
}

/** An event with the session it belongs to. */
export interface CollectedEvent {
  session: SessionId;
  event: SessionEvent;
}

/** Better knowledge of an edit whose event was made before. */
export interface EditRevision {
  session: SessionId;
  call: string;
  lines: EditLines;
}

/** A summary of the conversation that ends with a message. */
export interface LeafSummary {
  leaf: number;
  text: string;
}

/** What a reading hands to the next one of the same file. */
export interface ResumeState {
  /** Tool calls without a result yet. */
  pending: PendingCall[];
  /** What was said of sessions that have no message in the file yet. */
  parts: SessionFacts[];
  /** Summaries whose last message is not in the file yet. */
  summaries: LeafSummary[];
}

const MAX_SUMMARIES = 256;

/** What the lines of a file said since the last time it was asked. */
export interface Findings {
  events: CollectedEvent[];
  revisions: EditRevision[];
  skipped: Partial<Record<SkipReason, number>>;
}

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
  #found: Findings = { events: [], revisions: [], skipped: {} };
  readonly pending: PendingCalls;
  readonly parts = new Map<SessionId, PartBuilder>();
  readonly #identity: FileIdentity;
  readonly #summaries: LeafSummary[];
  readonly #edits = new Map<string, EditEvent>();
  /** Edits whose lines are still to be told from what the tool was called with. */
  readonly #drafts = new Map<EditEvent, () => EditLines>();

  constructor(identity: FileIdentity, before: KnownSource<ResumeState> | null) {
    this.#identity = identity;
    this.pending = new PendingCalls(before?.checkpoint.pending);
    this.#summaries = [...before?.checkpoint.summaries ?? []];
    const messageHashes = new Float64Array();
    const waiting = before?.checkpoint.parts.map((facts) => ({ facts, messageHashes })) ?? [];
    for (const known of [...waiting, ...before?.sessions ?? []]) {
      const { session } = known.facts;
      this.parts.set(session, new PartBuilder(session, known));
    }
  }

  /** How many events were found since they were last taken. */
  get waiting(): number {
    return this.#found.events.length;
  }

  skip(reason: SkipReason): void {
    const { skipped } = this.#found;
    skipped[reason] = (skipped[reason] ?? 0) + 1;
  }

  /** The part of the session that a line names, or of the file's own; null where neither is known. */
  part(sessionId: unknown): PartBuilder | null {
    const session = sessionIdOf(sessionId) ?? this.#identity.session;
    if (session === null) return null;
    let part = this.parts.get(session);
    if (part === undefined) this.parts.set(session, part = new PartBuilder(session));
    return part;
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
    const uuid = text(line.uuid);
    return this.admit(scope, uuid === null ? 0 : hashUuid(uuid), at);
  }

  /** What a line says of its surroundings; null where it names no session and the file does not either. */
  scope(line: JsonObject, agentId: string | null = null): Scope | null {
    const part = this.part(line.sessionId);
    if (part === null) return null;
    return {
      part,
      cwd: path(line.cwd),
      branch: name(line.gitBranch),
      version: name(line.version),
      forkedFrom: sessionIdOf(object(line.forkedFrom).sessionId),
      subagent: agentId ?? name(line.agentId) ?? this.#identity.subagent ??
        (line.isSidechain === true ? "sidechain" : null),
    };
  }

  /** Counts a message, unless it is known already. */
  admit(scope: Scope, hash: number, at: number): Envelope | null {
    const { part, cwd, subagent } = scope;
    if (part.has(hash)) return null;
    part.add(hash, at, scope);
    return { part, hash, at, cwd, subagent };
  }

  /** Adds an event of a message. */
  emit(envelope: Envelope, detail: EventDetail, call: string | null = null): SessionEvent {
    const { part, hash, at, cwd, subagent } = envelope;
    const event: SessionEvent = { at, message: hash, cwd, call, subagent, ...detail };
    this.#found.events.push({ session: part.facts.session, event });
    return event;
  }

  /** Adds the event of an edit whose result may tell its lines better than its call. */
  emitEdit(
    envelope: Envelope,
    edit: Pick<EditDetail, "by" | "path" | "partial">,
    from: { call: string | null; lines: () => EditLines },
  ): void {
    const { call, lines } = from;
    const detail: EditDetail = { kind: "edit", movedFrom: null, ...edit, ...NO_LINES };
    const event = this.emit(envelope, detail, call) as EditEvent;
    this.#drafts.set(event, lines);
    if (call !== null) this.#edits.set(call, event);
  }

  /** Keeps a summary for the session that holds its last message. */
  summarize(summary: LeafSummary): void {
    this.#summaries.push(summary);
    if (this.#summaries.length > MAX_SUMMARIES) this.#summaries.shift();
  }

  /** Replaces what an edit's event says of its lines, be the event of this reading or an earlier one. */
  revise({ part }: Envelope, call: string, lines: EditLines): void {
    const event = this.#edits.get(call);
    if (event === undefined) {
      this.#found.revisions.push({ session: part.facts.session, call, lines });
    } else {
      Object.assign(event, lines, { partial: false });
      this.#drafts.delete(event);
    }
  }

  /** What was found since the last call; the collector goes on with what comes next. */
  take(): Findings {
    for (const [event, lines] of this.#drafts) Object.assign(event, lines());
    this.#drafts.clear();
    this.#edits.clear();
    const found = this.#found;
    this.#found = { events: [], revisions: [], skipped: {} };
    return found;
  }

  /** Settles what can be, and says what the next reading must know. */
  resumeState(): ResumeState {
    const parts = [...this.parts.values()];
    const unsettled = this.#summaries.filter(({ leaf, text }) => {
      const holders = parts.filter((part) => part.has(leaf));
      for (const { facts } of holders) facts.summary = text;
      return holders.length === 0;
    });
    return {
      pending: this.pending.list(),
      parts: parts.filter((part) => part.size === 0 && saysAnything(part.facts))
        .map((part) => part.facts),
      summaries: unsettled,
    };
  }

  #refuse(reason: SkipReason): null {
    this.skip(reason);
    return null;
  }
}

/** Whether facts are worth keeping without a message. */
function saysAnything({ customTitle, generatedTitle, externalIds }: SessionFacts): boolean {
  return customTitle !== null || generatedTitle !== null || externalIds.length > 0;
}
