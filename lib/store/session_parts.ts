import type { SessionPart } from "../transcripts/facts.ts";
import type { PartFacts } from "../transcripts/part.ts";
import type { Database } from "./database.ts";

/** A part with where it is from. */
export interface StoredPart {
  file: number;
  /** The file's path. */
  path: string;
  session: number;
  part: SessionPart;
}

interface PartRow {
  file_id: number;
  session_id: number;
  path: string;
  facts: string;
  messages: Uint8Array;
}

const SELECT = `SELECT p.file_id, p.session_id, f.path, p.facts, p.messages
  FROM session_parts p JOIN transcript_files f ON f.id = p.file_id`;

/** The parts that one file holds. */
export function partsOfFile(db: Database, file: number): StoredPart[] {
  return db.all<PartRow>(`${SELECT} WHERE p.file_id = ? ORDER BY p.session_id`, file).map(decode);
}

/** The parts of sessions, of whatever files. */
export function partsOfSessions(db: Database, sessions: readonly number[]): StoredPart[] {
  return db.all<PartRow>(
    `${SELECT} WHERE p.session_id IN (SELECT value FROM json_each(?)) ORDER BY p.session_id, f.path`,
    JSON.stringify(sessions),
  ).map(decode);
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
 * Keeps what a file holds of a session.
 *
 * @returns Whether that is something else than before.
 */
export function savePart(
  db: Database,
  at: { file: number; session: number },
  part: SessionPart,
): boolean {
  const { messageHashes, messageTimes, ...rest } = part;
  const facts = JSON.stringify(rest);
  const messages = encodeMessages(messageHashes, messageTimes);
  const before = db.get<{ facts: string; size: number }>(
    "SELECT facts, length(messages) AS size FROM session_parts WHERE file_id = ? AND session_id = ?",
    at.file,
    at.session,
  );
  const same = before?.facts === facts && before.size === messages.length;
  if (same && sameBytes(messagesOf(db, at), messages)) return false;
  db.run(
    `INSERT INTO session_parts (file_id, session_id, first_at, last_at, facts, messages) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (file_id, session_id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at,
       facts = excluded.facts, messages = excluded.messages`,
    at.file,
    at.session,
    part.firstAt ?? 0,
    part.lastAt ?? 0,
    facts,
    messages,
  );
  // A long session's are megabytes, which need not wait for the next collection.
  (messages.buffer as ArrayBuffer).transfer(0);
  return true;
}

/** Moves what one file holds of a session, events included, to another file. */
export function movePart(
  db: Database,
  at: { file: number; session: number },
  to: number,
): void {
  for (const table of ["session_parts", "session_events"]) {
    db.run(
      `UPDATE ${table} SET file_id = ? WHERE file_id = ? AND session_id = ?`,
      to,
      at.file,
      at.session,
    );
  }
}

function decode(row: PartRow): StoredPart {
  const { buffer, byteOffset, byteLength } = row.messages;
  const numbers = byteOffset % 8 === 0
    ? new Float64Array(buffer, byteOffset, byteLength / 8)
    : new Float64Array(row.messages.slice().buffer);
  const count = numbers.length / 2;
  return {
    file: row.file_id,
    path: row.path,
    session: row.session_id,
    part: {
      ...JSON.parse(row.facts) as PartFacts,
      messageHashes: numbers.subarray(0, count),
      messageTimes: numbers.subarray(count),
    },
  };
}

function encodeMessages(hashes: Float64Array, times: Float64Array): Uint8Array {
  const numbers = new Float64Array(hashes.length * 2);
  numbers.set(hashes);
  numbers.set(times, hashes.length);
  return new Uint8Array(numbers.buffer);
}

function messagesOf(db: Database, at: { file: number; session: number }): Uint8Array {
  return db.get<{ messages: Uint8Array }>(
    "SELECT messages FROM session_parts WHERE file_id = ? AND session_id = ?",
    at.file,
    at.session,
  )!.messages;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
