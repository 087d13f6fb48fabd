import type { SessionId } from "../ids.ts";

/** What ownership looks at: the messages that one file holds of one session. */
export interface HeldMessages {
  session: SessionId;
  /** The file's path, which decides between files of one session. */
  path: string;
  forkedFrom: SessionId | null;
  hashes: Float64Array;
  times: Float64Array;
}

/**
 * Decides who owns each message that several parts hold.
 *
 * Between sessions: the one that `forkedFrom` names, else the one whose own lines start earliest, else the smaller id.
 * A line is a session's own where not every session that holds the message holds it too; a session without any
 * was there to be copied. Between files of one session: the path that sorts last, so that a subagent's own
 * file comes before its parent's progress lines. The order of `parts` makes no difference.
 *
 * @returns For each part, by its place in `parts`, the hashes of messages it holds and does not own.
 */
export function findForeign(
  parts: readonly HeldMessages[],
  holders: SharedMessages = findShared(parts),
): Set<number>[] {
  const foreign = parts.map(() => new Set<number>());
  if (holders.size === 0) return foreign;
  const owners = new Owners(parts, holders);
  for (const [hash, held] of holders) {
    const owner = owners.of(held);
    const file = held.filter((part) => parts[part].session === owner)
      .reduce((best, part) => parts[part].path > parts[best].path ? part : best);
    for (const part of held) if (part !== file) foreign[part].add(hash);
  }
  return foreign;
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
  readonly #holders: SharedMessages;
  readonly #forkedFrom = new Map<SessionId, SessionId>();
  readonly #decided = new Map<string, SessionId>();

  constructor(parts: readonly HeldMessages[], holders: SharedMessages) {
    this.#parts = parts;
    this.#holders = holders;
    for (const { session, forkedFrom } of parts) {
      if (forkedFrom === null) continue;
      const other = this.#forkedFrom.get(session);
      if (other === undefined || forkedFrom < other) this.#forkedFrom.set(session, forkedFrom);
    }
  }

  of(held: readonly number[]): SessionId {
    const sessions = [...new Set(held.map((part) => this.#parts[part].session))].sort();
    if (sessions.length === 1) return sessions[0];
    const key = JSON.stringify(sessions);
    let owner = this.#decided.get(key);
    if (owner === undefined) this.#decided.set(key, owner = this.#decide(sessions));
    return owner;
  }

  #decide(sessions: SessionId[]): SessionId {
    const originals = sessions.filter((session) => !this.#descends(session, sessions));
    const candidates = originals.length > 0 ? originals : sessions;
    if (candidates.length === 1) return candidates[0];
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

  #ownStarts(sessions: readonly SessionId[]): Map<SessionId, number> {
    const starts = new Map<SessionId, number>(sessions.map((session) => [session, -Infinity]));
    for (const { session, hashes, times } of this.#parts) {
      if (!starts.has(session)) continue;
      for (let i = 0; i < hashes.length; i++) {
        if (this.#heldByAll(hashes[i], sessions)) continue;
        const start = starts.get(session)!;
        if (start === -Infinity || times[i] < start) starts.set(session, times[i]);
      }
    }
    return starts;
  }

  #heldByAll(hash: number, sessions: readonly SessionId[]): boolean {
    const held = this.#holders.get(hash);
    if (held === undefined) return false;
    const holding = new Set(held.map((part) => this.#parts[part].session));
    return sessions.every((session) => holding.has(session));
  }
}
