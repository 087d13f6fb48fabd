import type { SessionEvent } from "../transcripts/facts.ts";
import type { EditLines } from "../transcripts/edit_lines.ts";
import type { Database } from "./database.ts";

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

/** How many events of each kind a session owns. */
export function countEvents(db: Database, session: number): Record<string, number> {
  const rows = db.all<{ kind: string; count: number }>(
    "SELECT kind, count(*) AS count FROM session_events WHERE session_id = ? AND owned = 1 GROUP BY kind",
    session,
  );
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}

/** Adds events that a file holds of a session. */
export function appendEvents(
  db: Database,
  at: { file: number; session: number },
  events: readonly SessionEvent[],
): void {
  for (const event of events) insert(db, at, encodeEvent(event));
}

/**
 * Makes the events that a file holds of a session those given. Rows that say the same stay, so that what points at
 * them goes on doing so.
 *
 * @returns Whether anything changed.
 */
export function replaceEvents(
  db: Database,
  at: { file: number; session: number },
  events: readonly SessionEvent[],
): boolean {
  const rows = db.all<EventRow>(
    `SELECT ${COLUMNS} FROM session_events WHERE file_id = ? AND session_id = ? ORDER BY id`,
    at.file,
    at.session,
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
    insert(db, at, row);
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
  at: { file: number; toolUse: string },
  lines: EditLines,
): number | null {
  const row = db.get<{ id: number; session_id: number }>(
    `SELECT id, session_id FROM session_events
     WHERE file_id = ? AND kind = 'edit' AND json_extract(data, '$.toolUse') = ? ORDER BY id DESC`,
    at.file,
    at.toolUse,
  );
  if (row === undefined) return null;
  db.run("UPDATE session_events SET lines = ? WHERE id = ?", encodeLines(lines), row.id);
  return row.session_id;
}

/**
 * Marks which of a session's events in a file belong to messages that it does not own.
 *
 * @returns Whether any mark changed.
 */
export function markForeign(
  db: Database,
  at: { file: number; session: number },
  foreign: ReadonlySet<number>,
): boolean {
  const rows = db.all<{ id: number; message: number; owned: number }>(
    "SELECT id, message, owned FROM session_events WHERE file_id = ? AND session_id = ?",
    at.file,
    at.session,
  );
  let changed = false;
  for (const { id, message, owned } of rows) {
    const owns = foreign.has(message) ? 0 : 1;
    if (owns === owned) continue;
    db.run("UPDATE session_events SET owned = ? WHERE id = ?", owns, id);
    changed = true;
  }
  return changed;
}

type EncodedEvent = Omit<EventRow, "id">;

function insert(
  db: Database,
  at: { file: number; session: number },
  row: EncodedEvent,
): void {
  db.run(
    `INSERT INTO session_events (session_id, file_id, at, kind, message, cwd, data, lines)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    at.session,
    at.file,
    row.at,
    row.kind,
    row.message,
    row.cwd,
    row.data,
    row.lines,
  );
}

function encodeEvent(event: SessionEvent): EncodedEvent {
  const { at, kind, message, cwd, ...rest } = event;
  if (!("added" in rest)) {
    return { at, kind, message, cwd, data: JSON.stringify(rest), lines: null };
  }
  const { added, removed, ...data } = rest;
  return {
    at,
    kind,
    message,
    cwd,
    data: JSON.stringify(data),
    lines: encodeLines({ added, removed }),
  };
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
  const words = new Uint32Array(blob?.slice().buffer ?? new ArrayBuffer(4));
  const end = 1 + words[0];
  return { added: words.subarray(1, end), removed: words.subarray(end) };
}

function keyOf({ at, kind, message, cwd, data, lines }: EncodedEvent): string {
  return JSON.stringify([at, kind, message, cwd, data, lines === null ? null : [...lines].join()]);
}
