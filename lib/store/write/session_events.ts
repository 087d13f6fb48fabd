import { type EditLines, NO_LINES, type SessionEvent } from "../../domain/session_events.ts";
import type { Database } from "../database.ts";

/** An event with the store's number for it. */
export type StoredEvent = SessionEvent & { id: number };

interface EventRow {
  id: number;
  at: number;
  kind: string;
  message: number;
  cwd: string | null;
  data: string;
  lines: Uint8Array | null;
}

const COLUMNS = "id, at, kind, message, cwd, data, lines";

/**
 * A session's events in the order of time.
 *
 * @param options.copies Also those of messages that another session held first. @default {false}
 */
export function loadEvents(
  db: Database,
  session: number,
  options: { copies?: boolean } = {},
): StoredEvent[] {
  const owned = options.copies ? "" : " AND owned = 1";
  return db.all<EventRow>(
    `SELECT ${COLUMNS} FROM session_events WHERE session_id = ?${owned} ORDER BY at, id`,
    session,
  ).map(decodeEvent);
}

/** How many events of each kind sessions own, by the session's number. */
export function countEvents(
  db: Database,
  sessions: readonly number[],
): Map<number, Record<string, number>> {
  const rows = db.all<{ session: number; kind: string; count: number }>(
    `SELECT session_id AS session, kind, count(*) AS count FROM session_events
     WHERE session_id IN (SELECT value FROM json_each(?)) AND owned = 1 GROUP BY session_id, kind`,
    JSON.stringify(sessions),
  );
  const counts = new Map<number, Record<string, number>>();
  for (const { session, kind, count } of rows) {
    const kinds = counts.get(session);
    if (kinds === undefined) counts.set(session, { [kind]: count });
    else kinds[kind] = count;
  }
  return counts;
}

/** Which of the sessions have events of messages that they do not own. */
export function sessionsWithCopies(db: Database, sessions: readonly number[]): Set<number> {
  const rows = db.all<{ session: number }>(
    `SELECT DISTINCT session_id AS session FROM session_events
     WHERE owned = 0 AND session_id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(sessions),
  );
  return new Set(rows.map(({ session }) => session));
}

/** Adds events that a source holds of a session. */
export function appendEvents(
  db: Database,
  at: { source: number; session: number },
  events: readonly SessionEvent[],
): void {
  let next = 0;
  for (; next + AT_ONCE <= events.length; next += AT_ONCE) {
    insert(db, at, events.slice(next, next + AT_ONCE));
  }
  for (const event of events.slice(next)) insert(db, at, [event]);
}

/**
 * Makes the events that a source holds of a session those given. Rows that say the same stay, so that what points at
 * them goes on doing so.
 *
 * @returns Whether anything changed.
 */
export function replaceEvents(
  db: Database,
  at: { source: number; session: number },
  events: readonly SessionEvent[],
): boolean {
  const rows = db.all<EventRow>(
    `SELECT ${COLUMNS} FROM session_events WHERE session_id = ? AND source_id = ? ORDER BY id`,
    at.session,
    at.source,
  );
  if (rows.length === 0) {
    appendEvents(db, at, events);
    return events.length > 0;
  }
  const known = new Map<string, number[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const ids = known.get(key);
    if (ids === undefined) known.set(key, [row.id]);
    else ids.push(row.id);
  }
  let changed = false;
  for (const event of events) {
    const row = encodeEvent(event);
    if (known.get(keyOf(row))?.shift() !== undefined) continue;
    insert(db, at, [event]);
    changed = true;
  }
  for (const id of [...known.values()].flat()) {
    db.run("DELETE FROM session_events WHERE id = ?", id);
    changed = true;
  }
  return changed;
}

/**
 * Replaces what the edit of a tool call says of its lines.
 *
 * @returns The number of the session whose event changed, or null.
 */
export function reviseEdit(
  db: Database,
  at: { source: number; call: string },
  lines: EditLines,
): number | null {
  const row = db.get<{ id: number; session_id: number }>(
    `SELECT id, session_id FROM session_events
     WHERE session_id IN (SELECT session_id FROM session_parts WHERE source_id = ?1) AND source_id = ?1
       AND kind = 'edit' AND json_extract(data, '$.call') = ?2 ORDER BY id DESC`,
    at.source,
    at.call,
  );
  if (row === undefined) return null;
  // Revised lines are whole ones.
  db.run(
    "UPDATE session_events SET lines = ?, data = json_set(data, '$.partial', json('false')) WHERE id = ?",
    encodeLines(lines),
    row.id,
  );
  return row.session_id;
}

/**
 * Marks which of a session's events in a source belong to messages that it does not own.
 *
 * @returns Whether any mark changed.
 */
export function markDuplicates(
  db: Database,
  at: { source: number; session: number },
  duplicates: ReadonlySet<number>,
): boolean {
  const rows = db.all<{ id: number; message: number; owned: number }>(
    "SELECT id, message, owned FROM session_events WHERE session_id = ? AND source_id = ?",
    at.session,
    at.source,
  );
  let changed = false;
  for (const { id, message, owned } of rows) {
    const owns = duplicates.has(message) ? 0 : 1;
    if (owns === owned) continue;
    db.run("UPDATE session_events SET owned = ? WHERE id = ?", owns, id);
    changed = true;
  }
  return changed;
}

type EncodedEvent = Omit<EventRow, "id">;

/** How many rows one statement inserts, where there are as many: half the time of one each. */
const AT_ONCE = 16;

function insert(
  db: Database,
  at: { source: number; session: number },
  events: readonly SessionEvent[],
): void {
  const values = events.flatMap((event) => {
    const row = encodeEvent(event);
    return [at.session, at.source, row.at, row.kind, row.message, row.cwd, row.data, row.lines];
  });
  db.run(events.length === AT_ONCE ? INSERT_MANY : INSERT_ONE, ...values);
}

const ROW = "(?, ?, ?, ?, ?, ?, ?, ?)";
const INSERT_ONE =
  `INSERT INTO session_events (session_id, source_id, at, kind, message, cwd, data, lines) VALUES ${ROW}`;
const INSERT_MANY = `${INSERT_ONE}${`, ${ROW}`.repeat(AT_ONCE - 1)}`;

function encodeEvent(event: SessionEvent): EncodedEvent {
  const { at, kind, message, cwd } = event;
  return {
    at,
    kind,
    message,
    cwd,
    data: JSON.stringify(dataOf(event)),
    lines: event.kind === "edit" ? encodeLines(event) : null,
  };
}

/** The parts of an event that no column holds. */
function dataOf(event: SessionEvent): unknown {
  const { call, subagent } = event;
  switch (event.kind) {
    case "prompt":
      return { call, subagent, text: event.text };
    case "command":
      return { call, subagent, command: event.command, background: event.background };
    case "commit": {
      const { hash, branch, subject, amend, source } = event;
      return { call, subagent, hash, branch, subject, amend, source };
    }
    case "failure":
      return { call, subagent, reason: event.reason, exitCode: event.exitCode };
    case "skill":
      return { call, subagent, skill: event.skill };
    case "edit":
      return {
        call,
        subagent,
        by: event.by,
        path: event.path,
        movedFrom: event.movedFrom,
        partial: event.partial,
      };
    case "published":
      return { call, subagent, branch: event.branch, url: event.url };
    default:
      event satisfies never;
  }
}

function decodeEvent(row: EventRow): StoredEvent {
  const { id, at, kind, message, cwd, data, lines } = row;
  const event = { id, at, kind, message, cwd, ...JSON.parse(data) };
  return kind === "edit" ? { ...event, ...decodeLines(lines) } : event;
}

/** An edit's lines as one blob of little-endian 32-bit words: how many were added, those, then the removed ones. */
function encodeLines({ added, removed }: EditLines): Uint8Array {
  const words = new Uint32Array(1 + added.length + removed.length);
  words[0] = added.length;
  words.set(added, 1);
  words.set(removed, 1 + added.length);
  return new Uint8Array(words.buffer);
}

/** The lines that a `lines` blob holds. */
export function decodeLines(blob: Uint8Array | null): EditLines {
  if (blob === null) return NO_LINES;
  const aligned = blob.byteOffset % 4 === 0 ? blob : blob.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
  const end = 1 + words[0];
  return { added: words.subarray(1, end), removed: words.subarray(end) };
}

function keyOf({ at, kind, message, cwd, data, lines }: EncodedEvent): string {
  return JSON.stringify([at, kind, message, cwd, data, lines === null ? null : [...lines].join()]);
}
