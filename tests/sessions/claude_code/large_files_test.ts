import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { fc } from "../../support/harness.ts";
import * as fs from "node:fs";
import { type Chunk, decode, LineReader } from "../../../lib/sessions/jsonl/line_reader.ts";
import { openDatabase } from "../../../lib/store/database.ts";
import { partsOfSource } from "../../../lib/store/write/session_parts.ts";
import { storeDelta } from "../../../lib/sync/steps/index_sources.ts";
import { allRows, IndexFixture } from "./index_fixture.ts";
import { SESSION, TranscriptLines } from "./lines.ts";
import { claudeCodeSource, readAll, TestFolder } from "./reading.ts";

const OTHER = "0b0ba5e5-0000-4000-8000-000000000002";
/** So many prompts are stored in more than one slice, and their messages in more than one block. */
const PROMPTS = 14_500;

describe("a transcript that is stored in slices", () => {
  let at: IndexFixture;
  let path: string;
  beforeEach(() => {
    at = new IndexFixture();
    const lines = new TranscriptLines();
    for (let i = 0; i < PROMPTS; i++) lines.prompt(`Prompt ${i}`);
    const others = new TranscriptLines({ sessionId: OTHER }, 2);
    for (let i = 0; i < 50; i++) others.prompt(`Of the other session, ${i}`);
    path = at.write(`${SESSION}.jsonl`, lines.text + others.text);
  });
  afterEach(() => at[Symbol.dispose]());

  const parts = (db = at.db) => partsOfSource(db, 1).map(({ part }) => part);

  it("is what it is when it is stored at once, and stays so when read anew", async () => {
    using whole = openDatabase(":memory:");
    storeDelta(whole, claudeCodeSource(path), readAll(path));
    await at.index();
    assert(at.db.get<{ n: number }>("SELECT count(*) AS n FROM message_blocks")!.n > 0);
    assertEquals(parts(), parts(whole));
    await at.index({}, whole);
    assertEquals(allRows(at.db), allRows(whole));
    await at.index({ rebuild: true });
    assertEquals(parts(), parts(whole));
    assertEquals(allRows(at.db), allRows(whole));
  });
});

describe("the lines of a file", () => {
  /** Reads the lines with stops in between, a long one for each that was passed over. */
  function read(path: string, options: { step: number; takeLast: boolean }) {
    const fd = fs.openSync(path, "r");
    const found: string[] = [];
    let chunk: Chunk;
    const sink = {
      turnTo: (next: Chunk) => chunk = next,
      line: (start: number, end: number) => found.push(decode(chunk, start, end)),
      tooLong: () => found.push("too long"),
      last(start: number, end: number) {
        if (options.takeLast) this.line(start, end);
        return options.takeLast;
      },
    };
    const reader = new LineReader();
    let offset = 0;
    let count = 0;
    try {
      for (let until = 0; offset >= until;) {
        until = offset + options.step;
        const read = reader.read(fd, sink as never, { from: offset, until });
        offset = read.offset;
        count += read.lines;
      }
    } finally {
      fs.closeSync(fd);
    }
    assertEquals(count, found.length);
    return { found, offset };
  }

  const KB = 1 << 10;
  const lengths = fc.oneof(
    fc.integer({ min: 0, max: 300 }),
    fc.constantFrom(1, 2, 3).chain((chunks) =>
      fc.integer({ min: -3, max: 3 }).map((more) => chunks * 120 * KB + more)
    ),
    fc.integer({ min: 0, max: 500 * KB }),
  );

  it("are all handed over but for empty ones, whatever their lengths and wherever reading stops", () => {
    using folder = new TestFolder();
    const file = fc.record({
      lines: fc.array(lengths, { minLength: 1, maxLength: 12 }),
      ended: fc.boolean(),
      takeLast: fc.boolean(),
      step: fc.constantFrom(1, 100, 120 * KB, 1_000 * KB),
    });
    fc.assert(
      fc.property(file, ({ lines, ended, takeLast, step }) => {
        const texts = lines.map((length, i) => String(i % 10).repeat(length));
        const path = folder.write("lines", texts.join("\n") + (ended ? "\n" : ""));
        const half = !ended && (!takeLast || texts.at(-1) === "") ? texts.pop()!.length : 0;
        const { found, offset } = read(path, { step, takeLast });
        const shown = (line: string) => `${line[0]} ${line.length}`;
        assertEquals(found.map(shown), texts.filter((line) => line !== "").map(shown));
        assertEquals(offset, Deno.statSync(path).size - half);
      }),
      { numRuns: 60 },
    );
  });

  it("may be too long, with others before and behind, and at the end of the file", () => {
    using folder = new TestFolder();
    const long = "x".repeat((32 << 20) + 1);
    const path = folder.write("lines", `before\n${long}\nbehind\n${long}`);
    const { found, offset } = read(path, { step: 1_000, takeLast: true });
    assertEquals(found, ["before", "too long", "behind"]);
    assertEquals(offset, Deno.statSync(path).size - long.length);
  });
});
