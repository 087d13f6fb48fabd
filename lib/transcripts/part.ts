import type { SessionId } from "../domain/ids.ts";
import type { SessionPart } from "./facts.ts";
import { HashSet } from "./hash_set.ts";
import { NumberList } from "./number_list.ts";

/** A session part without its messages: what the store keeps as JSON. */
export type PartFacts = Omit<SessionPart, "messageHashes" | "messageTimes">;

/** What an empty part of a session says. */
export function emptyFacts(session: SessionId): PartFacts {
  return {
    session,
    cwds: {},
    branches: {},
    models: {},
    tools: {},
    firstCwd: null,
    firstAt: null,
    lastAt: null,
    customTitle: null,
    aiTitle: null,
    summary: null,
    firstPrompt: null,
    lastMessage: null,
    forkedFrom: null,
    bridgeId: null,
    version: null,
  };
}

/** What the lines of one session have in common for a while. */
export interface Scope {
  part: PartBuilder;
  cwd: string | null;
  branch: string | null;
  version: string | null;
  forkedFrom: SessionId | null;
  /** The subagent whose lines they are, or null. */
  agent: string | null;
}

const EMPTY = { messageHashes: new Float64Array(), messageTimes: new Float64Array() };

/**
 * One part while its file is read: what the file said before, and what it goes on to say. Of messages that were taken
 * only the hashes stay, so that each counts once.
 */
export class PartBuilder {
  readonly facts: PartFacts;
  readonly #hashes = new NumberList();
  readonly #times = new NumberList();
  readonly #seen: HashSet;
  #size: number;
  readonly #cwds = new RunningCount();
  readonly #branches = new RunningCount();
  readonly #models = new RunningCount();

  /** Where the last line of the session's own words stands, if nobody has read it yet. */
  lastWords: { offset: number; length: number } | null = null;

  /** @param before The part as stored, where the file goes on from a cursor. */
  constructor(session: SessionId, before?: SessionPart) {
    const { messageHashes, messageTimes: _, ...facts } = before ?? EMPTY;
    this.facts = before === undefined ? emptyFacts(session) : structuredClone(facts as PartFacts);
    this.#seen = new HashSet(messageHashes);
    this.#size = messageHashes.length;
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

/** Adds one to what is counted under a name, whatever the name. */
export function count(counts: Record<string, number>, name: string, by = 1): void {
  const before = Object.hasOwn(counts, name) ? counts[name] : 0;
  if (name === "__proto__") return;
  counts[name] = before + by;
}

/** Counts names that mostly repeat, without a look into the table for each. */
class RunningCount {
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
