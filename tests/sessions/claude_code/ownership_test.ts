import { describe, it } from "@std/testing/bdd";
import { fc } from "../../support/harness.ts";
import { assertEquals } from "@std/assert";
import type { SessionId } from "../../../lib/domain/ids.ts";
import { findDuplicates, type HeldMessages } from "../../../lib/sessions/ownership.ts";

/** A part whose messages are numbered, and were sent at the time of their number. */
function part(
  session: string,
  messages: number[],
  { from = null, path = `/p/${session}.jsonl` }: { from?: string | null; path?: string } = {},
): HeldMessages {
  return {
    session: session as SessionId,
    key: path,
    bornAt: null,
    forkedFrom: from as SessionId | null,
    hashes: Float64Array.from(messages),
    times: Float64Array.from(messages),
  };
}

function owned(...parts: HeldMessages[]): Record<string, number[]> {
  const duplicates = findDuplicates(parts);
  return Object.fromEntries(
    parts.map(({ key, hashes }, i) => [
      key.slice(3, -6),
      [...hashes].filter((hash) => !duplicates[i].has(hash)),
    ]),
  );
}

describe("a message that several sessions hold", () => {
  it("belongs to the session that the copies name", () => {
    assertEquals(
      owned(
        part("a", [1, 2, 3], { from: "b" }),
        part("b", [1, 2, 9]),
        part("c", [1], { from: "a" }),
      ),
      { a: [3], b: [1, 2, 9], c: [] },
    );
  });

  it("belongs to the session whose own lines start earliest", () => {
    assertEquals(owned(part("b", [1, 2, 5, 6]), part("a", [1, 2, 7])), { b: [1, 2, 5, 6], a: [7] });
  });

  it("belongs to the session that ended with it, where the other went on", () => {
    assertEquals(owned(part("b", [1, 2]), part("a", [1, 2, 3])), { b: [1, 2], a: [3] });
  });

  it("belongs to the first of a chain of resumed sessions", () => {
    assertEquals(
      owned(part("c", [1, 2]), part("b", [1, 2, 3, 4]), part("a", [1, 2, 3, 4, 5])),
      { c: [1, 2], b: [3, 4], a: [5] },
    );
  });

  it("belongs to the smaller id where nothing else tells", () => {
    assertEquals(owned(part("b", [1, 2]), part("a", [1, 2])), { b: [], a: [1, 2] });
  });

  it("has an owner though sessions name each other", () => {
    assertEquals(owned(part("a", [1, 3], { from: "b" }), part("b", [1, 2], { from: "a" })), {
      a: [3],
      b: [1, 2],
    });
  });

  it("belongs to a subagent's own file rather than to its parent's progress", () => {
    const file = part("a", [2, 3], { path: "/p/a/subagents/agent-x.jsonl" });
    assertEquals(owned(part("a", [1, 2]), file), { a: [1], "a/subagents/agent-x": [2, 3] });
  });

  it("is never one without a uuid", () => {
    assertEquals(owned(part("a", [0, 1]), part("b", [0, 2])), { a: [0, 1], b: [0, 2] });
  });

  it("has one owner, whatever order files are read in", () => {
    const session = fc.record({
      session: fc.constantFrom("a", "b", "c", "d", "e"),
      messages: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 8 }),
      from: fc.option(fc.constantFrom("a", "b", "c", "zz")),
      file: fc.integer({ min: 0, max: 2 }),
    });
    const parts = fc.uniqueArray(session, {
      maxLength: 8,
      selector: ({ session, file }) => `${session}${file}`,
    });
    fc.assert(fc.property(parts, fc.integer(), (made, seed) => {
      const held = made.map(({ session, messages, from, file }) =>
        part(session, messages, { from, path: `/p/${session}${file}.jsonl` })
      );
      const mixed = held.map((part, i) => ({ part, place: Math.imul(seed, i * 2 + 1) & 0xff }))
        .sort((a, b) => a.place - b.place).map(({ part }) => part);
      const one = owned(...held);
      assertEquals(sorted(owned(...mixed)), sorted(one));
      const all = Object.values(one).flat();
      assertEquals(all.length, new Set(all).size);
      assertEquals(new Set(all), new Set(held.flatMap(({ hashes }) => [...hashes])));
    }));
  });
});

function sorted(record: Record<string, number[]>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
}
