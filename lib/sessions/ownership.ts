import type { SessionId } from "../domain/ids.ts";

/** What ownership looks at: the messages that one source holds of one session. */
export interface HeldMessages {
  session: SessionId;
  /** The source's key, which decides between sources of one session. */
  key: string;
  forkedFrom: SessionId | null;
  /** The earliest time of a record that a fork does not copy, or null. */
  bornAt: number | null;
  hashes: Float64Array;
  times: Float64Array;
}

/**
 * Decides who owns each message that several parts hold.
 *
 * Between sessions: the one that `forkedFrom` names, else the one that was born first by records that no fork copies, else
 * the one whose own messages start earliest, else the smaller id.
 * A line is a session's own where not every session that holds the message holds it too; a session without any
 * was there to be copied. Between sources of one session: the key that sorts last, so that a subagent's own
 * file comes before its parent's progress lines. The order of `parts` makes no difference.
 *
 * @returns For each part, by its place in `parts`, the hashes of messages it holds and does not own.
 */
export function findDuplicates(
  parts: readonly HeldMessages[],
  holders: SharedMessages = findShared(parts),
): Set<number>[] {
  const duplicates = parts.map(() => new Set<number>());
  if (holders.size === 0) return duplicates;
  const owners = new Owners(parts, holders);
  for (const [hash, held] of holders) {
    const owner = owners.of(hash);
    const file = held.filter((part) => parts[part].session === owner)
      .reduce((best, part) => parts[part].key > parts[best].key ? part : best);
    for (const part of held) if (part !== file) duplicates[part].add(hash);
  }
  return duplicates;
}

/** By the hash of a message that more than one part holds: the places of these parts, ascending. */
export type SharedMessages = Map<number, number[]>;

/** Finds the messages that more than one part holds. */
export function findShared(parts: readonly HeldMessages[]): SharedMessages {
  const holders: SharedMessages = new Map();
  if (parts.length < 2) return holders;
  const all = new Float64Array(parts.reduce((sum, { hashes }) => sum + hashes.length, 0));
  let end = 0;
  for (const { hashes } of parts) {
    all.set(hashes, end);
    end += hashes.length;
  }
  all.sort();
  for (let i = 1; i < all.length; i++) {
    if (all[i] === all[i - 1] && all[i] !== 0) holders.set(all[i], []);
  }
  if (holders.size === 0) return holders;
  parts.forEach(({ hashes }, part) => {
    for (const hash of hashes) holders.get(hash)?.push(part);
  });
  return holders;
}

/** Decides between sessions, once for each set of them. */
class Owners {
  readonly #parts: readonly HeldMessages[];
  readonly #forkedFrom = new Map<SessionId, SessionId>();
  /** The sessions that hold each shared message, as one key for each set of sessions. */
  readonly #sets = new Map<number, string>();
  readonly #members = new Map<string, ReadonlySet<SessionId>>();
  readonly #decided = new Map<string, SessionId>();

  constructor(parts: readonly HeldMessages[], holders: SharedMessages) {
    this.#parts = parts;
    for (const { session, forkedFrom } of parts) {
      if (forkedFrom === null) continue;
      const other = this.#forkedFrom.get(session);
      if (other === undefined || forkedFrom < other) this.#forkedFrom.set(session, forkedFrom);
    }
    for (const [hash, held] of holders) {
      const sessions = [...new Set(held.map((part) => parts[part].session))].sort();
      const key = JSON.stringify(sessions);
      this.#sets.set(hash, key);
      if (!this.#members.has(key)) this.#members.set(key, new Set(sessions));
    }
  }

  /** The session that owns a shared message. */
  of(hash: number): SessionId {
    const key = this.#sets.get(hash)!;
    let owner = this.#decided.get(key);
    if (owner === undefined) {
      this.#decided.set(key, owner = this.#decide([...this.#members.get(key)!]));
    }
    return owner;
  }

  #decide(sessions: SessionId[]): SessionId {
    if (sessions.length === 1) return sessions[0];
    const originals = sessions.filter((session) => !this.#descends(session, sessions));
    const candidates = originals.length > 0 ? originals : sessions;
    if (candidates.length === 1) return candidates[0];
    const born = this.#births(candidates);
    if (born !== null) return born;
    const starts = this.#ownStarts(sessions);
    return candidates.reduce((best, session) =>
      starts.get(session)! < starts.get(best)! ? session : best
    );
  }

  #descends(session: SessionId, sessions: readonly SessionId[]): boolean {
    const passed = new Set([session]);
    let from = this.#forkedFrom.get(session);
    while (from !== undefined && !passed.has(from)) {
      if (sessions.includes(from)) return true;
      passed.add(from);
      from = this.#forkedFrom.get(from);
    }
    return false;
  }

  /** The candidate that was born first, where that is known of all of them and of no two the same. */
  #births(candidates: readonly SessionId[]): SessionId | null {
    const births = new Map<SessionId, number>();
    for (const { session, bornAt } of this.#parts) {
      if (bornAt === null || !candidates.includes(session)) continue;
      births.set(session, Math.min(bornAt, births.get(session) ?? Infinity));
    }
    if (births.size < candidates.length) return null;
    const [first, second] = [...births].sort(([, a], [, b]) => a - b);
    return first[1] < second[1] ? first[0] : null;
  }

  #ownStarts(sessions: readonly SessionId[]): Map<SessionId, number> {
    const starts = new Map<SessionId, number>(sessions.map((session) => [session, -Infinity]));
    const heldByAll = new Map<string, boolean>();
    for (const [key, members] of this.#members) {
      heldByAll.set(key, sessions.every((session) => members.has(session)));
    }
    for (const { session, hashes, times } of this.#parts) {
      let start = starts.get(session);
      if (start === undefined) continue;
      for (let i = 0; i < hashes.length; i++) {
        const key = this.#sets.get(hashes[i]);
        if (key !== undefined && heldByAll.get(key)) continue;
        if (start === -Infinity || times[i] < start) start = times[i];
      }
      starts.set(session, start);
    }
    return starts;
  }
}
