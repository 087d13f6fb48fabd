import { countEvents, markForeign, sessionsWithCopies } from "../store/session_events.ts";
import { partsOfSessions, sessionsBetween, type StoredPart } from "../store/session_parts.ts";
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
const BATCH = 100;

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
    parts.map((part, i) => ({ ...part, foreign: foreign[i] })),
    ({ session }) => session,
  );
  let changed = 0;
  const queue = [...sessions];
  for (let start = 0; start < queue.length; start += BATCH) {
    const batch = queue.slice(start, start + BATCH);
    db.transaction(() => {
      const marked = markBatch(db, batch, bySession);
      const counts = countEvents(db, batch);
      for (const session of batch) {
        const own = (bySession.get(session) ?? []).map(({ part, path, foreign }) => ({
          ...part,
          path,
          foreign,
        }));
        const at = {
          session,
          changed: unsettled.has(session) || marked.has(session),
          counts: counts.get(session) ?? {},
        };
        if (saveSession(db, at, foldSession(own))) changed++;
      }
    });
    await breathe();
  }
  return changed;
}

type ForeignPart = StoredPart & { foreign: ReadonlySet<number> };

/** Marks the events of messages that sessions do not own, and gives the sessions where a mark changed. */
function markBatch(
  db: Database,
  batch: readonly number[],
  bySession: ReadonlyMap<number, readonly ForeignPart[]>,
): Set<number> {
  const copying = sessionsWithCopies(db, batch);
  const marked = new Set<number>();
  for (const session of batch) {
    for (const { file, foreign } of bySession.get(session) ?? []) {
      if (foreign.size === 0 && !copying.has(session)) continue;
      if (markForeign(db, { file, session }, foreign)) marked.add(session);
    }
  }
  return marked;
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
    load(db, loaded, frontier);
    const own = frontier.flatMap((session) => loaded.get(session) ?? []);
    for (const [from, to] of stretches(own)) load(db, loaded, sessionsBetween(db, from, to));
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

/** Loads the parts of those sessions whose parts are not loaded yet. */
function load(
  db: Database,
  loaded: Map<number, StoredPart[]>,
  sessions: readonly number[],
): void {
  const missing = sessions.filter((session) => !loaded.has(session));
  if (missing.length === 0) return;
  for (const session of missing) loaded.set(session, []);
  for (const part of partsOfSessions(db, missing)) loaded.get(part.session)!.push(part);
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
