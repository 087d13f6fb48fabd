import type { SessionId } from "../../domain/ids.ts";
import { hashUuid } from "../message_hash.ts";
import type { KnownSource, SkipCounts, SkipReason, SourceDelta, SourceReading } from "../reader.ts";
import { SessionBuilder } from "../session_builder.ts";
import { SessionEvents } from "./events.ts";
import type { Archive, Family, MessageRecord, MessageRef } from "./records.ts";

/** What the next reading of an archive goes on from. JSON. */
export interface ArchiveCheckpoint {
  /** Sessions that were read, with a hash of their stamps: they are read again when these change. */
  read: [session: string, stamp: number][];
  /** The session that is being read, and how many of its messages were. */
  partial: { session: string; stamp: number; messages: number } | null;
}

/** A session with its subagents', and what it looked like before it was read. */
export interface StampedFamily extends Family {
  stamp: string;
}

/** How many messages are loaded at once. */
const BATCH = 256;
/** A turn may have more messages: it is read in several then. */
const MAX_TURN = 2_000;

/** Reads the sessions of an archive that changed since they were read, each as a whole. */
export class ArchiveReading implements SourceReading<ArchiveCheckpoint> {
  readonly #archive: Archive;
  readonly #known: KnownSource<ArchiveCheckpoint> | null;
  readonly #read: Map<string, number>;
  readonly #turns: Generator<void, void>;
  readonly #isBroken: (error: unknown) => boolean;
  #mode: "append" | "replace";
  #partial: ArchiveCheckpoint["partial"];
  /** Sessions of which something may wait to be taken. */
  #sessions: SessionBuilder[] = [];
  #skipped: SkipCounts = {};
  #records = 0;
  #bytes = 0;

  /**
   * @param families Gives those that the archive holds, in the order in which they are read.
   * @param isBroken Whether an error tells of an archive that is damaged: what can be read of it is.
   */
  constructor(
    archive: Archive,
    families: () => readonly StampedFamily[],
    options: {
      known: KnownSource<ArchiveCheckpoint> | null;
      isBroken: (error: unknown) => boolean;
      /** Why the source cannot be read now, if it cannot: what is known of it stays. */
      fault?: SkipReason | null;
    },
  ) {
    const { known, isBroken, fault = null } = options;
    this.#archive = archive;
    this.#known = known;
    this.#isBroken = isBroken;
    this.#mode = known === null ? "replace" : "append";
    this.#partial = known?.checkpoint.partial ?? null;
    this.#read = new Map(known?.checkpoint.read);
    this.#turns = this.#readTurns(families);
    if (fault !== null) this.#skip(fault);
  }

  get waiting(): { bytes: number; events: number } {
    const events = this.#sessions.reduce((sum, { waiting }) => sum + waiting, 0);
    return { bytes: this.#bytes, events };
  }

  step(budget: number): boolean {
    const until = this.#bytes + budget;
    while (this.#bytes < until) if (this.#turns.next().done) return false;
    return true;
  }

  take(): SourceDelta<ArchiveCheckpoint> {
    const delta: SourceDelta<ArchiveCheckpoint> = {
      mode: this.#mode,
      sessions: this.#sessions.flatMap((session) => session.take() ?? []),
      skipped: this.#skipped,
      records: this.#records,
      bytes: this.#bytes,
      checkpoint: { read: [...this.#read], partial: this.#partial && { ...this.#partial } },
    };
    this.#mode = "append";
    this.#sessions = this.#partial === null ? [] : this.#sessions.slice(-1);
    this.#skipped = {};
    this.#records = this.#bytes = 0;
    return delta;
  }

  [Symbol.dispose](): void {
    this.#archive[Symbol.dispose]();
  }

  #skip(reason: SkipReason): void {
    this.#skipped[reason] = (this.#skipped[reason] ?? 0) + 1;
  }

  /** Reads turn by turn: only between them may a reading end. */
  *#readTurns(list: () => readonly StampedFamily[]): Generator<void, void> {
    const families = this.#try(list);
    if (families === null) return;
    const ids = new Set(families.map(keyOf));
    for (const session of this.#read.keys()) if (!ids.has(session)) this.#read.delete(session);
    for (const family of families) {
      const session = keyOf(family);
      const stamp = hashUuid(family.stamp);
      if (this.#read.get(session) === stamp) continue;
      if (family.root === null) this.#skip("noSession");
      else {
        const partial = this.#partial;
        const goesOn = partial !== null && partial.session === session && partial.stamp === stamp;
        this.#partial = { session, stamp, messages: goesOn ? partial.messages : 0 };
        yield* this.#readFamily(family, family.root, goesOn);
      }
      this.#read.set(session, stamp);
      this.#partial = null;
    }
  }

  *#readFamily(
    { members }: Family,
    root: SessionId,
    goesOn: boolean,
  ): Generator<void, void> {
    const known = goesOn
      ? this.#known?.sessions.find(({ facts }) => facts.session === root) ?? null
      : null;
    const session = new SessionBuilder(root, known);
    this.#sessions.push(session);
    const events = new SessionEvents(session, members[0], (reason) => this.#skip(reason));
    let passed = this.#partial!.messages;
    for (const member of members) {
      events.turnTo(member);
      const refs = this.#try(() => this.#archive.messagesOf(member.id)) ?? [];
      const from = Math.min(refs.length, passed);
      passed -= from;
      let inTurn = 0;
      for (const record of this.#load(refs.slice(from))) {
        if (record.data?.role === "user" && inTurn > 0 || inTurn === MAX_TURN) {
          events.endTurn();
          inTurn = 0;
          yield;
        }
        for (const reason of record.skipped) this.#skip(reason);
        events.read(record);
        inTurn++;
        this.#records++;
        this.#bytes += record.bytes;
        this.#partial!.messages++;
      }
      events.endTurn();
    }
  }

  /** Loads messages some at a time. */
  *#load(refs: readonly MessageRef[]): Generator<MessageRecord, void> {
    for (let from = 0; from < refs.length; from += BATCH) {
      yield* this.#loadBatch(refs.slice(from, from + BATCH));
    }
  }

  /** Where a batch cannot be loaded, its messages are one by one. */
  #loadBatch(batch: readonly MessageRef[]): MessageRecord[] {
    try {
      return this.#archive.load(batch, "events");
    } catch (error) {
      if (!this.#isBroken(error)) throw error;
      if (batch.length > 1) return batch.flatMap((ref) => this.#loadBatch([ref]));
      return [{ ref: batch[0], data: null, parts: [], bytes: 0, skipped: ["wrongShape"] }];
    }
  }

  #try<Result>(read: () => Result): Result | null {
    try {
      return read();
    } catch (error) {
      if (!this.#isBroken(error)) throw error;
      this.#skip("wrongShape");
      return null;
    }
  }
}

/** What a family is called in checkpoints. */
function keyOf({ root, members }: Family): string {
  return root ?? members[0].id;
}
