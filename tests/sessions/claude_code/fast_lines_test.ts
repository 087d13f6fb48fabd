import { describe, it } from "@std/testing/bdd";
import { fc } from "../../support/harness.ts";
import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import type { ByteBuffer } from "../../../lib/sessions/jsonl/line_reader.ts";
import { RecordIndex } from "../../../lib/sessions/claude_code/fast_path/record_index.ts";
import { FastLines } from "../../../lib/sessions/claude_code/fast_path/fast_lines.ts";
import { generateTranscript } from "./generator.ts";
import { type Layout, SESSION, TranscriptLines } from "./lines.ts";
import { plain, readAll, readText, TestFolder } from "./reading.ts";

function sameEitherWay(text: string): void {
  using folder = new TestFolder();
  const path = folder.write(`${SESSION}.jsonl`, text);
  assertEquals(plain(readAll(path)), plain(readAll(path, { parseAll: true })));
}

describe("lines that are not parsed", () => {
  it("tell what parsing them tells, whatever their layout", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => sameEitherWay(generateTranscript(seed).text)),
      { numRuns: 150 },
    );
  });

  it("are most of what Claude Code writes", () => {
    for (const layout of ["old", "new"] as Layout[]) {
      const lines = plainSession(layout);
      const taken = countTaken(() => readText(lines.text));
      assertEquals({ layout, taken }, { layout, taken: lines.lines.length });
    }
  });

  it("lose no record that was written into one of them", () => {
    const lines = plainSession("old");
    const { messageHashes } = readText(lines.text).parts[0];
    for (let i = 0; i + 1 < lines.lines.length; i++) {
      const joined = lines.lines.toSpliced(i, 2, lines.lines[i] + lines.lines[i + 1]);
      const text = joined.map((line) => `${line}\n`).join("");
      const reading = readText(text);
      assertEquals(reading.parts[0].messageHashes, messageHashes);
      assertEquals(reading.skipped, {});
      const cut = lines.lines.toSpliced(i, 1, lines.lines[i].slice(0, 200) + lines.lines[i + 1]);
      assert(readText(cut.join("\n")).parts[0].messageHashes.length >= messageHashes.length - 1);
    }
  });

  it("are one record each: what is left of a cut one and the record behind it are not", () => {
    const index = new RecordIndex();
    const isRecord = (text: string) => {
      const bytes = Buffer.from(text) as ByteBuffer;
      return index.read(
        { text: bytes.latin1Slice(0, bytes.length), bytes, base: 0 },
        0,
        bytes.length,
      );
    };
    const lines = [
      ...plainSession("old").lines.slice(0, 9),
      ...plainSession("new").lines.slice(0, 9),
    ];
    lines.push('{"type":"mode","mode":"normal","sessionId":"s"}');
    for (const [i, line] of lines.entries()) {
      assert(isRecord(line), line);
      const other = lines[(i * 7 + 3) % lines.length];
      for (let at = 1; at < line.length; at++) {
        const cut = line.slice(0, at);
        assert(!isRecord(cut), cut);
        assert(!isRecord(cut + other), cut);
      }
      assert(!isRecord(line + other), line);
    }
  });

  it("are parsed where bytes were lost", () => {
    for (const layout of ["old", "new"] as Layout[]) {
      const [first, second, third] = plainSession(layout).lines;
      for (let at = 1; at < second.length; at += 7) {
        const holed = `${second.slice(0, at)}\0\0\0${second.slice(at + 3)}`;
        sameEitherWay(`${first}\n${holed}\n${third}\n`);
      }
    }
  });

  it("are no JSON where JSON.parse says so", () => {
    const index = new RecordIndex();
    for (
      const text of [
        '{"a":1}',
        '{"a":-0.5e+3,"b":[true,false,null,[],{},""]}',
        '{"a":"\\\\"}',
        '{"a":"\\\\\\""}',
        '{"a":01}',
        '{"a":1.}',
        '{"a":.5}',
        '{"a":-}',
        '{"a":1e}',
        '{"a":tru}',
        '{"a":nul}',
        '{"a":fals}',
        '{"a":1,}',
        '{"a":[1,]}',
        '{"a":[,1]}',
        '{,"a":1}',
        '{"a"}',
        '{"a":}',
        '{"a":1]',
        '{"a":[1}',
        '{"a":1}}',
        '{"a":1}x',
        '{"a":"x}',
        '{"a":"x" "b"}',
        '{"a":1"b":2}',
        "[1]",
        "{}",
        "7",
      ]
    ) {
      const bytes = Buffer.from(text) as ByteBuffer;
      const isRecord = index.read({ text, bytes, base: 0 }, 0, text.length);
      let parsed: unknown = null;
      try {
        parsed = JSON.parse(text);
      } catch {
        assert(!isRecord, text);
        continue;
      }
      const isObject = typeof parsed === "object" && !Array.isArray(parsed) && text !== "{}";
      assertEquals(isRecord, isObject, text);
    }
  });

  it("keep the session's last words", () => {
    const lines = plainSession("new");
    assertEquals(readText(lines.text).parts[0].lastMessage, "It is → done");
  });
});

/** A session of which no line has to be parsed. */
function plainSession(layout: Layout): TranscriptLines {
  const lines = new TranscriptLines({ layout, gitBranch: "main", slug: "zany-ember" });
  for (let i = 0; i < 4; i++) {
    lines.thinks();
    lines.says(`Let me see "${i}" {`);
    const id = lines.calls("Read", { file_path: "/home/me/app/a.ts" });
    lines.answers(id, 'const a = {"b": 1}; }{', {
      result: { type: "text", file: { filePath: "/a", content: 'x = {"y"}' } },
    });
    const edit = lines.calls("Edit", { file_path: "/a.ts", old_string: "a", new_string: "b {" });
    lines.answers(edit, "Updated", {
      result: {
        filePath: "/a.ts",
        originalFile: "a\n",
        structuredPatch: [{ oldStart: 1, lines: ["-a", "+b {"] }],
        userModified: false,
      },
    });
    lines.shell("npm test", "ok");
    lines.raw({ type: "file-history-snapshot", messageId: "m", snapshot: { a: { b: 1 } } });
    lines.add({ type: "system", subtype: "turn_duration", durationMs: 5 });
  }
  lines.says("It is → done");
  return lines;
}

/** How many lines are taken up without parsing while `work` is done. */
function countTaken(work: () => void): number {
  const { take } = FastLines.prototype;
  let taken = 0;
  FastLines.prototype.take = function (start, end) {
    const took = take.call(this, start, end);
    if (took) taken++;
    return took;
  };
  try {
    work();
  } finally {
    FastLines.prototype.take = take;
  }
  return taken;
}
