import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import type { SessionId } from "../../lib/domain/ids.ts";
import { emptyFacts, type SessionPart } from "../../lib/domain/session_events.ts";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import {
  BLOCK,
  movePart,
  partsOfSessions,
  partsOfSource,
  savePart,
} from "../../lib/store/write/session_parts.ts";
import { sessionNumber } from "../../lib/store/write/sessions.ts";
import { keepReplaced, saveSourceFailure } from "../../lib/store/write/sources.ts";

const SESSION = "0b0ba5e5-0000-4000-8000-000000000001" as SessionId;
const FILE = 1;

function open(): { db: Database; at: { source: number; session: number } } {
  const db = openDatabase(":memory:");
  saveSourceFailure(db, {
    agent: "claude-code",
    key: "/a.jsonl",
    path: "/a.jsonl",
    failure: "none",
  });
  return { db, at: { source: FILE, session: sessionNumber(db, "claude-code", SESSION) } };
}

/** A part with the messages numbered from one to another, the end left out. */
function part(from: number, to: number): SessionPart {
  const numbers = Float64Array.from({ length: to - from }, (_, i) => from + i);
  return {
    ...emptyFacts(SESSION),
    messageHashes: numbers.map((n) => n + 1),
    messageTimes: numbers.map((n) => 1_000_000_000_000 + n),
  };
}

const blocks = (db: Database) =>
  db.all("SELECT session_id, source_id, messages FROM message_blocks");

describe("the messages of a part", () => {
  const sizes = fc.array(fc.oneof(fc.nat(20), fc.nat(3 * BLOCK)), { minLength: 1, maxLength: 6 });

  it("are the same in whatever pieces they come, and stand in the same blocks", () => {
    fc.assert(
      fc.property(sizes, (pieces) => {
        const one = open();
        const many = open();
        using _one = one.db;
        using _many = many.db;
        let end = 0;
        for (const size of pieces) {
          savePart(many.db, many.at, part(end, end + size), { mode: "append" });
          end += size;
        }
        savePart(one.db, one.at, part(0, end), { mode: "replace" });
        assertEquals(partsOfSource(many.db, FILE)[0].part, part(0, end));
        assertEquals(partsOfSessions(many.db, [many.at.session])[0].part, part(0, end));
        assertEquals(blocks(many.db), blocks(one.db));
      }),
      { numRuns: 20 },
    );
  });

  it("are replaced as a whole, and left alone where they are what they were", () => {
    const { db, at } = open();
    using _ = db;
    const save = (to: number, mode: "replace" | "append") =>
      savePart(db, at, part(0, to), { mode });
    assertEquals(save(2 * BLOCK + 5, "replace"), true);
    assertEquals(save(2 * BLOCK + 5, "replace"), false);
    assertEquals(save(0, "append"), false);
    assertEquals(save(2 * BLOCK + 4, "replace"), true);
    assertEquals(partsOfSource(db, FILE)[0].part, part(0, 2 * BLOCK + 4));
    assertEquals(save(7, "replace"), true);
    assertEquals(partsOfSource(db, FILE)[0].part, part(0, 7));
    assertEquals(blocks(db), []);
  });

  it("go with their part to another file, and with their session", () => {
    const { db, at } = open();
    using _ = db;
    savePart(db, at, part(0, 2 * BLOCK), { mode: "replace" });
    const gone = keepReplaced(db, {
      id: FILE,
      agent: "claude-code",
      key: "/a.jsonl",
      path: "/a.jsonl",
    }, 0);
    movePart(db, at, gone);
    assertEquals(partsOfSource(db, FILE), []);
    assertEquals(partsOfSource(db, gone)[0].part, part(0, 2 * BLOCK));
    db.run("DELETE FROM sessions WHERE id = ?", at.session);
    assertEquals(blocks(db), []);
  });
});
