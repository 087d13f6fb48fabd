import type { SessionId } from "../ids.ts";
import type { SessionPart } from "./facts.ts";

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

/** One part while its file is read: what the file said before, and what it goes on to say. */
export class PartBuilder {
  readonly facts: PartFacts;
  readonly #hashes: number[] = [];
  readonly #times: number[] = [];
  readonly #seen: Set<number>;
  readonly #before: Float64Array[];

  /** @param before The part as stored, where the file goes on from a cursor. */
  constructor(session: SessionId, before?: SessionPart) {
    if (before === undefined) {
      this.facts = emptyFacts(session);
      this.#before = [];
      this.#seen = new Set();
    } else {
      const { messageHashes, messageTimes, ...facts } = before;
      this.facts = structuredClone(facts);
      this.#before = [messageHashes, messageTimes];
      this.#seen = new Set(messageHashes);
    }
  }

  /** How many messages the part holds. */
  get size(): number {
    return (this.#before[0]?.length ?? 0) + this.#hashes.length;
  }

  /** Whether the part already holds the message; one without a uuid never counts as held. */
  has(hash: number): boolean {
    return hash !== 0 && this.#seen.has(hash);
  }

  /** Adds a message that the part does not hold yet. */
  add(message: { hash: number; at: number; cwd: string | null }): void {
    const { hash, at, cwd } = message;
    this.#hashes.push(hash);
    this.#times.push(at);
    if (hash !== 0) this.#seen.add(hash);
    const { facts } = this;
    if (facts.lastAt === null || at > facts.lastAt) facts.lastAt = at;
    if (facts.firstAt === null || at < facts.firstAt || facts.firstCwd === null) {
      if (facts.firstAt === null || at < facts.firstAt) facts.firstAt = at;
      if (cwd !== null) facts.firstCwd = cwd;
    }
    if (cwd !== null) count(facts.cwds, cwd);
  }

  /** The part as it stands. */
  build(): SessionPart {
    return {
      ...this.facts,
      messageHashes: joined(this.#before[0], this.#hashes),
      messageTimes: joined(this.#before[1], this.#times),
    };
  }
}

/** Adds one to what is counted under a name, whatever the name. */
export function count(counts: Record<string, number>, name: string, by = 1): void {
  const before = Object.hasOwn(counts, name) ? counts[name] : 0;
  if (name === "__proto__") return;
  counts[name] = before + by;
}

function joined(before: Float64Array | undefined, after: number[]): Float64Array {
  const start = before?.length ?? 0;
  const whole = new Float64Array(start + after.length);
  if (before !== undefined) whole.set(before);
  whole.set(after, start);
  return whole;
}
