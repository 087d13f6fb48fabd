import type { SessionPart } from "../transcripts/facts.ts";
import type { PartFacts } from "../transcripts/part.ts";
import type { Database } from "./database.ts";
import {
  blockSizes,
  decodeMessages,
  encodeMessages,
  join,
  type Messages,
  messagesOf,
  type PartPlace,
  placeKey,
  removeBlocks,
  sameMessages,
  saveBlocks,
} from "./message_blocks.ts";

/** A part with where it is from. */
export interface StoredPart extends PartPlace {
  /** The file's path. */
  path: string;
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
  return decode(db, db.all(`${SELECT} WHERE p.file_id = ? ORDER BY p.session_id`, file));
}

/** The parts of sessions, of whatever files. */
export function partsOfSessions(db: Database, sessions: readonly number[]): StoredPart[] {
  const rows = db.all<PartRow>(
    `${SELECT} WHERE p.session_id IN (SELECT value FROM json_each(?)) ORDER BY p.session_id, f.path`,
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
 * Keeps what a file holds of a session.
 *
 * @param options.mode `appended` adds the messages to those that stand, `anew` replaces them.
 * @returns Whether that is something else than before.
 */
export function savePart(
  db: Database,
  at: PartPlace,
  part: SessionPart,
  { mode }: { mode: "anew" | "appended" },
): boolean {
  const { messageHashes: hashes, messageTimes: times, ...rest } = part;
  const facts = JSON.stringify(rest);
  const before = db.get<{ facts: string; messages: Uint8Array }>(
    "SELECT facts, messages FROM session_parts WHERE file_id = ? AND session_id = ?",
    at.file,
    at.session,
  );
  let messages: Messages = { hashes, times };
  if (before !== undefined && mode === "appended") {
    if (hashes.length === 0 && before.facts === facts) return false;
    messages = join([decodeMessages(before.messages), messages]);
  } else if (before !== undefined) {
    const size = blockSizes(db, [at.session]).get(placeKey(at)) ?? 0;
    const stood = messagesOf(db, at, { last: before.messages, size });
    if (before.facts === facts && sameMessages(stood, messages)) return false;
    if (size > 0) removeBlocks(db, at);
  }
  const last = saveBlocks(db, at, messages);
  db.run(
    `INSERT INTO session_parts (file_id, session_id, first_at, last_at, facts, messages) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (file_id, session_id) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at,
       facts = excluded.facts, messages = excluded.messages`,
    at.file,
    at.session,
    part.firstAt ?? 0,
    part.lastAt ?? 0,
    facts,
    encodeMessages(last),
  );
  return true;
}

/** Moves what one file holds of a session, events included, to another file. */
export function movePart(
  db: Database,
  at: PartPlace,
  to: number,
): void {
  for (const table of ["session_parts", "message_blocks", "session_events"]) {
    db.run(
      `UPDATE ${table} SET file_id = ? WHERE file_id = ? AND session_id = ?`,
      to,
      at.file,
      at.session,
    );
  }
}

function decode(db: Database, rows: readonly PartRow[]): StoredPart[] {
  const sizes = blockSizes(db, rows.map(({ session_id }) => session_id));
  return rows.map((row) => {
    const at = { file: row.file_id, session: row.session_id };
    const size = sizes.get(placeKey(at)) ?? 0;
    const { hashes, times } = messagesOf(db, at, { last: row.messages, size });
    return {
      ...at,
      path: row.path,
      part: {
        ...JSON.parse(row.facts) as PartFacts,
        messageHashes: hashes,
        messageTimes: times,
      },
    };
  });
}
