import type { SessionId } from "../domain/ids.ts";
import {
  type EditLines,
  emptyFacts,
  type EventDetail,
  type SessionEvent,
  type SessionFacts,
  type TokenUse,
} from "../domain/session_events.ts";
import { HashSet, NumberList } from "./compact_numbers.ts";
import type { KnownSession, SessionDelta } from "./reader.ts";

/** What a message's record says around the message itself. */
export interface MessageContext {
  /** The hash of the message's identity; 0 if it has none. */
  message: number;
  /** Unix milliseconds. */
  at: number;
  cwd: string | null;
  /** The subagent that speaks, or null. */
  subagent: string | null;
}

/**
 * What one source says of one session, while the source is read: its facts as they stand, and what was found since the
 * last {@linkcode SessionBuilder.take}. Of messages that were taken only the hashes stay, so that each counts once.
 */
export class SessionBuilder {
  /** Facts that need no counting may be set directly; counts are whole once they are taken. */
  readonly facts: SessionFacts;
  readonly #seen: HashSet;
  readonly #hashes = new NumberList();
  readonly #times = new NumberList();
  #size: number;
  readonly #cwds = new RunningCount();
  readonly #branches = new RunningCount();
  readonly #models = new RunningCount();
  #events: SessionEvent[] = [];
  #revisions: { call: string; lines: EditLines }[] = [];
  #tokens: TokenUse[] = [];
  /** The source was not known to hold the session. */
  #begun: boolean;

  /** @param known The session as stored, where the source goes on from a checkpoint. */
  constructor(session: SessionId, known: KnownSession | null = null) {
    this.facts = known === null ? emptyFacts(session) : structuredClone(known.facts);
    this.#seen = new HashSet(known?.messageHashes);
    this.#size = known?.messageHashes.length ?? 0;
    this.#begun = known === null;
  }

  /** How many messages the source holds of the session. */
  get size(): number {
    return this.#size;
  }

  /** How many events wait to be taken. */
  get waiting(): number {
    return this.#events.length;
  }

  /** Whether the source is known to hold the message; one without an identity never is. */
  has(message: number): boolean {
    return message !== 0 && this.#seen.has(message);
  }

  /**
   * Counts a message.
   *
   * @returns Whether it is new; one that the source already holds changes nothing.
   */
  addMessage({ message, at, cwd }: MessageContext, branch: string | null = null): boolean {
    if (this.has(message)) return false;
    this.#hashes.push(message);
    this.#times.push(at);
    this.#seen.add(message);
    this.#size++;
    const { facts } = this;
    if (facts.lastAt === null || at > facts.lastAt) facts.lastAt = at;
    if (facts.firstAt === null || at < facts.firstAt) {
      facts.firstAt = at;
      facts.firstCwd = cwd ?? facts.firstCwd;
    }
    facts.firstCwd ??= cwd;
    if (cwd !== null) this.#cwds.add(facts.cwds, cwd);
    if (branch !== null) this.#branches.add(facts.branches, branch);
    return true;
  }

  /** Counts an answer of a model. */
  countModel(model: string): void {
    this.#models.add(this.facts.models, model);
  }

  /** Counts a call of a tool. */
  countTool(tool: string): void {
    count(this.facts.tools, tool);
  }

  /** Adds an event of a message. */
  emit(context: MessageContext, detail: EventDetail, call: string | null = null): void {
    this.draft(context, detail, call);
  }

  /** Adds an event of a message and gives it: as long as it is not taken, what it says may change. */
  draft(context: MessageContext, detail: EventDetail, call: string | null): SessionEvent {
    const { message, at, cwd, subagent } = context;
    const event = { at, message, cwd, call, subagent, ...detail };
    this.#events.push(event);
    return event;
  }

  /** Replaces the lines of a call's edit, whether its event was taken or not. */
  revise(call: string, lines: EditLines): void {
    this.#revisions.push({ call, lines });
  }

  /** Adds what an answer of a model used. */
  addTokens(use: TokenUse): void {
    this.#tokens.push(use);
  }

  /** What was found since the last call; null if that is nothing worth storing. */
  take(): SessionDelta | null {
    if (this.#size === 0 && this.#events.length === 0 && this.#tokens.length === 0) return null;
    this.#cwds.flush(this.facts.cwds);
    this.#branches.flush(this.facts.branches);
    this.#models.flush(this.facts.models);
    const delta: SessionDelta = {
      mode: this.#begun ? "replace" : "append",
      facts: copyOf(this.facts),
      messageHashes: this.#hashes.take(),
      messageTimes: this.#times.take(),
      events: this.#events,
      revisions: this.#revisions,
      tokens: this.#tokens,
    };
    this.#begun = false;
    this.#events = [];
    this.#revisions = [];
    this.#tokens = [];
    return delta;
  }
}

/** The facts as they stand, of which nothing changes any more. */
function copyOf(facts: SessionFacts): SessionFacts {
  const { cwds, branches, models, tools, externalIds, worktrees } = facts;
  return {
    ...facts,
    cwds: { ...cwds },
    branches: { ...branches },
    models: { ...models },
    tools: { ...tools },
    externalIds: [...externalIds],
    worktrees: [...worktrees],
  };
}

/** Adds one to what is counted under a name, whatever the name. */
export function count(counts: Record<string, number>, name: string, by = 1): void {
  const before = Object.hasOwn(counts, name) ? counts[name] : 0;
  if (name === "__proto__") return;
  counts[name] = before + by;
}

/** Counts names that mostly repeat, without a look into the table for each. */
export class RunningCount {
  #name: string | null = null;
  #run = 0;

  add(counts: Record<string, number>, name: string): void {
    if (name !== this.#name) {
      this.flush(counts);
      this.#name = name;
    }
    this.#run++;
  }

  flush(counts: Record<string, number>): void {
    if (this.#name !== null) count(counts, this.#name, this.#run);
    this.#name = null;
    this.#run = 0;
  }
}
