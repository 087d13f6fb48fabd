import type { SessionFacts, SessionPart } from "../../domain/session_events.ts";
import type { Database } from "../database.ts";

/** Messages of one part: the hashes of their uuids and their times, side by side. */
export interface Messages {
  hashes: Float64Array;
  times: Float64Array;
}

/** Which part of which session: the numbers of its source and its session. */
export interface PartKey {
  source: number;
  session: number;
}

/** How many messages a block holds: what is added to a part rewrites no more than these. */
export const BLOCK = 8_192;

/**
 * Keeps the messages of a part that fill blocks.
 *
 * @returns Those that are left, a block's worth at most: the part's row holds them.
 */
function saveBlocks(
  db: Database,
  { source, session }: PartKey,
  { hashes, times }: Messages,
): Messages {
  let start = 0;
  for (; hashes.length - start > BLOCK; start += BLOCK) {
    const end = start + BLOCK;
    db.run(
      "INSERT INTO message_blocks (session_id, source_id, messages) VALUES (?, ?, ?)",
      session,
      source,
      encodeMessages({ hashes: hashes.subarray(start, end), times: times.subarray(start, end) }),
    );
  }
  return { hashes: hashes.subarray(start), times: times.subarray(start) };
}

/** Removes the blocks of a part. */
function removeBlocks(db: Database, { source, session }: PartKey): void {
  db.run("DELETE FROM message_blocks WHERE session_id = ? AND source_id = ?", session, source);
}

/** How many bytes the blocks of sessions' parts hold, by {@linkcode partKey}; parts without any are left out. */
function blockSizes(db: Database, sessions: readonly number[]): Map<string, number> {
  const rows = db.all<PartKey & { size: number }>(
    `SELECT session_id AS session, source_id AS source, sum(length(messages)) AS size FROM message_blocks
     WHERE session_id IN (SELECT value FROM json_each(?)) GROUP BY session_id, source_id`,
    JSON.stringify(sessions),
  );
  return new Map(rows.map((row) => [partKey(row), row.size]));
}

/** A part's key as one text. */
function partKey({ source, session }: PartKey): string {
  return `${session}/${source}`;
}

/**
 * All messages of a part, in the order of its source.
 *
 * @param stored.last What the part's row holds.
 * @param stored.size How many bytes its blocks hold.
 */
function messagesOf(
  db: Database,
  { source, session }: PartKey,
  stored: { last: Uint8Array; size: number },
): Messages {
  const last = decodeMessages(stored.last);
  if (stored.size === 0) return last;
  const count = stored.size / 16 + last.hashes.length;
  const all = { hashes: new Float64Array(count), times: new Float64Array(count) };
  const rows = db.all<{ messages: Uint8Array }>(
    "SELECT messages FROM message_blocks WHERE session_id = ? AND source_id = ? ORDER BY id",
    session,
    source,
  );
  let end = 0;
  for (const { messages } of rows) end = put(all, decodeMessages(messages), end);
  put(all, last, end);
  return all;
}

/** Messages after one another. */
function join(pieces: readonly Messages[]): Messages {
  const count = pieces.reduce((sum, { hashes }) => sum + hashes.length, 0);
  const all = { hashes: new Float64Array(count), times: new Float64Array(count) };
  pieces.reduce((end, piece) => put(all, piece, end), 0);
  return all;
}

/** Whether two parts hold the same messages. */
function sameMessages(a: Messages, b: Messages): boolean {
  return a.hashes.length === b.hashes.length &&
    a.hashes.every((hash, i) => hash === b.hashes[i] && a.times[i] === b.times[i]);
}

/** Messages as a blob: all hashes, then all times, each a float64, little-endian. */
function encodeMessages({ hashes, times }: Messages): Uint8Array {
  const numbers = new Float64Array(hashes.length * 2);
  numbers.set(hashes);
  numbers.set(times, hashes.length);
  return new Uint8Array(numbers.buffer);
}

/** The messages that a blob holds. */
function decodeMessages(blob: Uint8Array): Messages {
  const { buffer, byteOffset, byteLength } = blob;
  const numbers = byteOffset % 8 === 0
    ? new Float64Array(buffer, byteOffset, byteLength / 8)
    : new Float64Array(blob.slice().buffer);
  const count = numbers.length / 2;
  return { hashes: numbers.subarray(0, count), times: numbers.subarray(count) };
}

function put(all: Messages, piece: Messages, at: number): number {
  all.hashes.set(piece.hashes, at);
  all.times.set(piece.times, at);
  return at + piece.hashes.length;
}

/** A part with where it is from. */
export interface StoredPart extends PartKey {
  /** The source's key. */
  key: string;
  part: SessionPart;
}

interface PartRow {
  source_id: number;
  session_id: number;
  key: string;
  facts: string;
  messages: Uint8Array;
}

const SELECT = `SELECT p.source_id, p.session_id, f.key, p.facts, p.messages
  FROM session_parts p JOIN sources f ON f.id = p.source_id`;

/** The parts that one source holds. */
export function partsOfSource(db: Database, source: number): StoredPart[] {
  return decode(db, db.all(`${SELECT} WHERE p.source_id = ? ORDER BY p.session_id`, source));
}

/** The parts of sessions, of whatever sources. */
export function partsOfSessions(db: Database, sessions: readonly number[]): StoredPart[] {
  const rows = db.all<PartRow>(
    `${SELECT} WHERE p.session_id IN (SELECT value FROM json_each(?)) ORDER BY p.session_id, f.key`,
    JSON.stringify(sessions),
  );
  return decode(db, rows);
}

/** The sessions with a message between two times, both inclusive. */
export function sessionsBetween(db: Database, from: number, to: number): number[] {
  return db.all<{ session_id: number }>(
    "SELECT DISTINCT session_id FROM session_parts WHERE first_at <= ? AND last_at >= ?",
    to,
    from,
  ).map(({ session_id }) => session_id);
}

/**
 * Keeps what a source holds of a session.
 *
 * @param options.mode `append` adds the messages to those that stand, `replace` replaces them.
 * @returns Whether that is something else than before.
 */
export function savePart(
  db: Database,
  at: PartKey,
  part: SessionPart,
  { mode }: { mode: "append" | "replace" },
): boolean {
  const { messageHashes: hashes, messageTimes: times, ...rest } = part;
  const facts = JSON.stringify(rest);
  const before = db.get<{ facts: string; messages: Uint8Array }>(
    "SELECT facts, messages FROM session_parts WHERE source_id = ? AND session_id = ?",
    at.source,
    at.session,
  );
  let messages: Messages = { hashes, times };
  if (before !== undefined && mode === "append") {
    if (hashes.length === 0 && before.facts === facts) return false;
    messages = join([decodeMessages(before.messages), messages]);
  } else if (before !== undefined) {
    const size = blockSizes(db, [at.session]).get(partKey(at)) ?? 0;
    const stood = messagesOf(db, at, { last: before.messages, size });
    if (before.facts === facts && sameMessages(stood, messages)) return false;
    if (size > 0) removeBlocks(db, at);
  }
  const last = saveBlocks(db, at, messages);
  db.run(
    `INSERT INTO session_parts (source_id, session_id, first_at, last_at, facts, messages) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (source_id, session_id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at,
       facts = excluded.facts, messages = excluded.messages`,
    at.source,
    at.session,
    part.firstAt ?? 0,
    part.lastAt ?? 0,
    facts,
    encodeMessages(last),
  );
  return true;
}

/** Moves what one source holds of a session, events included, to another source. */
export function movePart(
  db: Database,
  at: PartKey,
  to: number,
): void {
  for (const table of ["session_parts", "message_blocks", "session_events"]) {
    db.run(
      `UPDATE ${table} SET source_id = ? WHERE source_id = ? AND session_id = ?`,
      to,
      at.source,
      at.session,
    );
  }
}

function decode(db: Database, rows: readonly PartRow[]): StoredPart[] {
  const sizes = blockSizes(db, rows.map(({ session_id }) => session_id));
  return rows.map((row) => {
    const at = { source: row.source_id, session: row.session_id };
    const size = sizes.get(partKey(at)) ?? 0;
    const { hashes, times } = messagesOf(db, at, { last: row.messages, size });
    return {
      ...at,
      key: row.key,
      part: {
        ...JSON.parse(row.facts) as SessionFacts,
        messageHashes: hashes,
        messageTimes: times,
      },
    };
  });
}
