import { markForeign } from "../store/session_events.ts";
import { partsOfSession, sessionsBetween, type StoredPart } from "../store/session_parts.ts";
import { saveSession, unsettledSessions } from "../store/sessions.ts";
import type { Database } from "../store/database.ts";
import { foldSession } from "../transcripts/fold.ts";
import {
  findForeign,
  findShared,
  type HeldMessages,
  type SharedMessages,
} from "../transcripts/ownership.ts";

/** How many sessions are written in one transaction. */
const BATCH = 50;

/**
 * Folds every session whose parts changed, and those that share messages with it: who owns what is decided anew.
 *
 * @param breathe Awaited between batches.
 * @returns How many sessions' facts changed.
 */
export async function settleSessions(
  db: Database,
  breathe: () => Promise<void>,
): Promise<number> {
  const unsettled = new Set(unsettledSessions(db));
  if (unsettled.size === 0) return 0;
  const { parts, shared, sessions } = neighbourhood(db, unsettled);
  const foreign = findForeign(parts.map(held), shared);
  const bySession = Map.groupBy(
    parts.map((part, i) => ({ part, foreign: foreign[i] })),
    ({ part }) => part.session,
  );
  let changed = 0;
  const queue = [...sessions];
  for (let start = 0; start < queue.length; start += BATCH) {
    db.transaction(() => {
      for (const session of queue.slice(start, start + BATCH)) {
        const own = bySession.get(session) ?? [];
        let marked = unsettled.has(session);
        for (const { part: { file }, foreign } of own) {
          if (markForeign(db, { file, session }, foreign)) marked = true;
        }
        const folded = foldSession(
          own.map(({ part: { part, path }, foreign }) => ({ ...part, path, foreign })),
        );
        if (saveSession(db, { session, changed: marked }, folded)) changed++;
      }
    });
    await breathe();
  }
  return changed;
}

/** The sessions that are to be settled, and every part that may share a message with one of them. */
function neighbourhood(
  db: Database,
  unsettled: ReadonlySet<number>,
): { parts: StoredPart[]; shared: SharedMessages; sessions: Set<number> } {
  const sessions = new Set(unsettled);
  const loaded = new Map<number, StoredPart[]>();
  let frontier = [...unsettled];
  while (true) {
    const own = frontier.flatMap((session) => load(db, loaded, session));
    for (const [from, to] of stretches(own)) {
      for (const session of sessionsBetween(db, from, to)) load(db, loaded, session);
    }
    const parts = [...loaded.values()].flat();
    const shared = findShared(parts.map(held));
    frontier = [];
    for (const holders of shared.values()) {
      if (!holders.some((i) => sessions.has(parts[i].session))) continue;
      for (const i of holders) {
        const { session } = parts[i];
        if (!sessions.has(session)) frontier.push(session);
        sessions.add(session);
      }
    }
    if (frontier.length === 0) return { parts, shared, sessions };
  }
}

function load(
  db: Database,
  loaded: Map<number, StoredPart[]>,
  session: number,
): StoredPart[] {
  let parts = loaded.get(session);
  if (parts === undefined) loaded.set(session, parts = partsOfSession(db, session));
  return parts;
}

/** The stretches of time that parts cover, those that overlap joined. */
function stretches(parts: readonly StoredPart[]): [number, number][] {
  const ranges = parts.filter(({ part }) => part.firstAt !== null)
    .map(({ part }): [number, number] => [part.firstAt!, part.lastAt!])
    .sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

function held({ part, path }: StoredPart): HeldMessages {
  const { session, forkedFrom, messageHashes: hashes, messageTimes: times } = part;
  return { session, path, forkedFrom, hashes, times };
}
