import type { SessionId } from "../ids.ts";
import type { EditLines } from "./edit_lines.ts";
import type { EventDetail, SessionEvent, SessionPart, SkipReason } from "./facts.ts";
import { type JsonObject, text } from "./json.ts";
import { count, PartBuilder, type PartFacts } from "./part.ts";
import { type PendingCall, PendingCalls } from "./pending.ts";
import { parseTime } from "./times.ts";
import { hashUuid } from "./uuid_hash.ts";

/** What a message's line says around the message itself. */
export interface Envelope {
  part: PartBuilder;
  hash: number;
  at: number;
  cwd: string | null;
  agent: string | null;
}

/** An event with the session it belongs to. */
export interface CollectedEvent {
  session: SessionId;
  event: SessionEvent;
}

/** Better knowledge of an edit whose event was made before. */
export interface EditRevision {
  toolUse: string;
  lines: EditLines;
}

/** A summary of the conversation that ends with a message. */
export interface LeafSummary {
  leaf: number;
  text: string;
}

/** What a reading hands to the next one of the same file. */
export interface Carry {
  /** Tool calls without a result yet. */
  pending: PendingCall[];
  /** What was said of sessions that have no message in the file yet. */
  parts: PartFacts[];
  /** Summaries whose last message is not in the file yet. */
  summaries: LeafSummary[];
}

const MAX_SUMMARIES = 256;

/** What a file is known as before it is read. */
export interface FileIdentity {
  /** The session that lines belong to which do not name one. */
  session: SessionId | null;
  /** The subagent whose file it is, or null. */
  agent: string | null;
}

/** Gathers what the lines of one file say, session by session. */
export class Collector {
  readonly events: CollectedEvent[] = [];
  readonly revisions: EditRevision[] = [];
  readonly skipped: Partial<Record<SkipReason, number>> = {};
  readonly pending: PendingCalls;
  readonly parts = new Map<SessionId, PartBuilder>();
  readonly #identity: FileIdentity;
  readonly #summaries: LeafSummary[];
  readonly #edits = new Map<string, SessionEvent & { kind: "edit" }>();

  constructor(
    identity: FileIdentity,
    before: { parts: readonly SessionPart[]; carry: Carry },
  ) {
    this.#identity = identity;
    this.pending = new PendingCalls(before.carry.pending);
    this.#summaries = [...before.carry.summaries];
    const empty = { messageHashes: new Float64Array(), messageTimes: new Float64Array() };
    const told = before.carry.parts.map((facts): SessionPart => ({ ...facts, ...empty }));
    for (const part of [...told, ...before.parts]) {
      this.parts.set(part.session, new PartBuilder(part.session, part));
    }
  }

  skip(reason: SkipReason): void {
    this.skipped[reason] = (this.skipped[reason] ?? 0) + 1;
  }

  /** The part of the session that a line names, or of the file's own; null where neither is known. */
  part(sessionId: unknown): PartBuilder | null {
    const session = text(sessionId) as SessionId | null ?? this.#identity.session;
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
  open(line: JsonObject, outer: JsonObject = line, agentId?: unknown): Envelope | null {
    const part = this.part(outer.sessionId);
    if (part === null) return this.#refuse("noSession");
    const at = parseTime(line.timestamp);
    if (at === null) return this.#refuse("badTime");
    const uuid = text(line.uuid);
    const hash = uuid === null ? 0 : hashUuid(uuid);
    if (part.has(hash)) return null;
    const cwd = text(outer.cwd);
    const agent = text(agentId) ?? text(outer.agentId) ?? this.#identity.agent ??
      (outer.isSidechain === true ? "sidechain" : null);
    part.add({ hash, at, cwd });
    this.#note(part, outer);
    return { part, hash, at, cwd, agent };
  }

  emit(envelope: Envelope, detail: EventDetail, toolUse: string | null = null): void {
    const { part, hash, at, cwd, agent } = envelope;
    const event: SessionEvent = { at, message: hash, cwd, toolUse, agent, ...detail };
    this.events.push({ session: part.facts.session, event });
    if (event.kind === "edit" && toolUse !== null && event.tool !== "Shell") {
      this.#edits.set(toolUse, event);
    }
  }

  /** Keeps a summary for the session that holds its last message. */
  summarize(summary: LeafSummary): void {
    this.#summaries.push(summary);
    if (this.#summaries.length > MAX_SUMMARIES) this.#summaries.shift();
  }

  /** Settles what can be, and says what the next reading must know. */
  finish(): Carry {
    const parts = [...this.parts.values()];
    const unsettled = this.#summaries.filter(({ leaf, text }) => {
      const holder = parts.find((part) => part.has(leaf));
      if (holder !== undefined) holder.facts.summary = text;
      return holder === undefined;
    });
    return {
      pending: this.pending.list(),
      parts: parts.filter((part) => part.size === 0).map((part) => part.facts),
      summaries: unsettled,
    };
  }

  /** Replaces what an edit's event says of its lines, be the event of this reading or an earlier one. */
  revise(toolUse: string, lines: EditLines): void {
    const event = this.#edits.get(toolUse);
    if (event === undefined) this.revisions.push({ toolUse, lines });
    else Object.assign(event, lines);
  }

  #note(part: PartBuilder, line: JsonObject): void {
    const { facts } = part;
    const branch = text(line.gitBranch);
    if (branch !== null) count(facts.branches, branch);
    facts.version = text(line.version) ?? facts.version;
    const forkedFrom = line.forkedFrom;
    if (facts.forkedFrom === null && typeof forkedFrom === "object" && forkedFrom !== null) {
      const from = text((forkedFrom as JsonObject).sessionId) as SessionId | null;
      if (from !== facts.session) facts.forkedFrom = from;
    }
  }

  #refuse(reason: SkipReason): null {
    this.skip(reason);
    return null;
  }
}
