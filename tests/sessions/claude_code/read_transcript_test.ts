import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import type { SessionPart } from "../../../lib/domain/session_events.ts";
import { generateTranscript } from "./generator.ts";
import { SESSION, TranscriptLines } from "./lines.ts";
import {
  knownAfter,
  type KnownFile,
  openFile,
  plain,
  readAll,
  readText,
  takeReading,
  TestFolder,
} from "./reading.ts";

const MB = 1 << 20;

describe("reading a transcript on", () => {
  let folder: TestFolder;
  let path: string;
  beforeEach(() => {
    folder = new TestFolder();
    path = folder.write(`${SESSION}.jsonl`, "");
  });
  afterEach(() => folder[Symbol.dispose]());

  function messages(reading: { parts: SessionPart[] }): number {
    return reading.parts.reduce((sum, { messageHashes }) => sum + messageHashes.length, 0);
  }

  it("reads only what was added", () => {
    const lines = new TranscriptLines();
    lines.prompt("One");
    Deno.writeTextFileSync(path, lines.text);
    const before = readAll(path);
    lines.prompt("Two");
    Deno.writeTextFileSync(path, lines.text);
    const after = readAll(path, { known: knownAfter(before) });
    assertEquals(after.mode, "append");
    assertEquals(after.records, 1);
    assertEquals(after.events.map(({ event }) => event.kind === "prompt" && event.text), ["Two"]);
    assertEquals(messages(after), 1);
    assertEquals(messages(knownAfter(after, knownAfter(before))), 2);
  });

  it("comes to the same wherever it stops in between", () => {
    for (let seed = 0; seed < 25; seed++) {
      const bytes = new TextEncoder().encode(generateTranscript(seed).text);
      Deno.writeFileSync(path, bytes);
      const whole = readAll(path);
      let known: KnownFile | null = null;
      const events = [];
      let count = 0;
      for (let at = 0; at < bytes.length;) {
        at = Math.min(bytes.length, at + 1 + ((seed * 7_919 + at * 31) % 9_000));
        Deno.writeFileSync(path, bytes.subarray(0, at));
        const reading = readAll(path, { known });
        known = knownAfter(reading, known);
        count += reading.records;
        events.push(...reading.events);
        for (const { call, lines } of reading.sessions.flatMap(({ revisions }) => revisions)) {
          const event = events.findLast(({ event }) =>
            event.kind === "edit" && event.call === call
          );
          Object.assign(event!.event, lines, { partial: false });
        }
      }
      const found = plain({ ...known!, events });
      const { checkpoint, parts, events: expected } = plain(whole);
      assertEquals({ checkpoint: found.checkpoint, parts: found.parts, events: found.events }, {
        checkpoint,
        parts,
        events: expected,
      });
      assertEquals(count, whole.records);
    }
  });

  it("lets a half-written line wait", () => {
    const lines = new TranscriptLines();
    lines.prompt("One");
    lines.prompt("Two");
    Deno.writeTextFileSync(path, lines.text.slice(0, -10));
    const before = readAll(path);
    assertEquals(messages(before), 1);
    assertEquals(before.skipped, {});
    Deno.writeTextFileSync(path, lines.text);
    assertEquals(messages(readAll(path, { known: knownAfter(before) })), 1);
  });

  it("takes a last line that is whole, though nothing ends it", () => {
    const lines = new TranscriptLines();
    lines.prompt("One");
    Deno.writeTextFileSync(path, lines.text.trimEnd());
    const before = readAll(path);
    assertEquals(messages(before), 1);
    lines.prompt("Two");
    Deno.writeTextFileSync(path, lines.text);
    const after = readAll(path, { known: knownAfter(before) });
    assertEquals([after.mode, messages(after), after.skipped], ["append", 1, {}]);
  });

  it("starts anew where the file was cut, replaced or rewritten", () => {
    const lines = new TranscriptLines();
    for (let i = 0; i < 5; i++) lines.prompt(`Prompt ${i}`);
    Deno.writeTextFileSync(path, lines.text);
    const before = knownAfter(readAll(path));

    Deno.writeTextFileSync(path, lines.lines.slice(0, 3).join("\n") + "\n");
    const cut = readAll(path, { known: before });
    assertEquals([cut.mode, messages(cut)], ["replace", 3]);

    Deno.writeTextFileSync(path, lines.text.replaceAll("Prompt", "Prefix"));
    assertEquals(readAll(path, { known: before }).mode, "replace");

    Deno.writeTextFileSync(`${path}.new`, lines.text);
    Deno.renameSync(`${path}.new`, path);
    assertEquals(readAll(path, { known: before }).mode, "replace");
  });

  it("may be done some of it at a time", () => {
    const text = generateTranscript(3, { messages: 2_000 }).text;
    Deno.writeTextFileSync(path, text);
    const whole = readAll(path);
    using file = openFile(path);
    const events = [];
    let known: KnownFile | null = null;
    let takes = 0;
    let more = true;
    do {
      more = file.step(100_000);
      const reading = takeReading(file);
      known = knownAfter(reading, known);
      events.push(...reading.events);
      assertEquals(reading.mode, takes++ === 0 ? "replace" : "append");
    } while (more);
    assert(takes > 3);
    assertEquals(events.length, whole.events.length);
    assertEquals(plain(known).parts, plain(whole).parts);
  });

  it("goes on while the file grows under it", () => {
    const lines = new TranscriptLines();
    for (let i = 0; i < 4_000; i++) lines.says(`Line ${i} ${"x".repeat(400)}`);
    Deno.writeTextFileSync(path, lines.text);
    using file = openFile(path);
    file.step(MB);
    lines.prompt("Late");
    Deno.writeTextFileSync(path, `${lines.lines.at(-1)}\n`, { append: true });
    while (file.step(MB));
    const reading = takeReading(file);
    assertEquals(messages(reading), 4_001);
    assertEquals(readAll(path, { known: knownAfter(reading) }).records, 0);
  });

  it("survives a file that shrinks under it", () => {
    Deno.writeTextFileSync(path, generateTranscript(4, { messages: 2_000 }).text);
    using file = openFile(path);
    file.step(100_000);
    Deno.truncateSync(path, 1_000);
    while (file.step(100_000));
    assert(messages(takeReading(file)) > 0);
  });
});

describe("lines that are no messages", () => {
  function skipped(...lines: (string | Uint8Array)[]) {
    const good = new TranscriptLines();
    good.prompt("Good");
    const encoder = new TextEncoder();
    const bytes = [...lines, good.lines[0]].flatMap((line) => [
      ...(typeof line === "string" ? encoder.encode(line) : line),
      10,
    ]);
    const reading = readText(Uint8Array.from(bytes));
    assertEquals(reading.parts[0]?.messageHashes.length, 1);
    return reading.skipped;
  }

  it("are counted by what is wrong with them", () => {
    assertEquals(skipped("// a comment", "{", "\0\0\0\0"), { notJson: 3 });
    assertEquals(skipped("[1]", "null", '"x"', "7"), { notAnObject: 4 });
    assertEquals(skipped('{"type":"user"}', '{"type":7}', "{}", '{"type":"user","message":[]}'), {
      wrongShape: 4,
    });
    assertEquals(
      skipped(
        '{"type":"user","message":{},"timestamp":"never"}',
        '{"type":"user","message":{},"timestamp":7}',
        '{"type":"user","message":{},"timestamp":"9999-01-01T00:00:00.000Z"}',
        '{"type":"user","message":{},"timestamp":"0000-01-01T00:00:00.000Z"}',
      ),
      { badTime: 4 },
    );
    assertEquals(skipped("", "   ", '{"type":"never-heard-of"}'), {});
  });

  it("name no session where neither they nor their file do", () => {
    using folder = new TestFolder();
    const line = '{"type":"user","message":{},"timestamp":"2026-02-12T10:00:00.000Z"}\n';
    const path = folder.write("agent-a1.jsonl", line);
    assertEquals(readAll(path).skipped, { noSession: 1 });
  });

  it("are passed over when longer than 32 MB, and counted", () => {
    using folder = new TestFolder();
    const lines = new TranscriptLines();
    lines.prompt("Before");
    lines.prompt("After");
    const path = folder.write(`${SESSION}.jsonl`, `${lines.lines[0]}\n`);
    const long = new Uint8Array(33 * MB).fill(120);
    Deno.writeFileSync(path, long, { append: true });
    Deno.writeTextFileSync(path, `\n${lines.lines[1]}\n`, { append: true });
    const reading = readAll(path);
    assertEquals(reading.skipped, { tooLong: 1 });
    assertEquals(reading.records, 3);
    assertEquals(reading.parts[0].messageHashes.length, 2);
  });

  it("may be long and still be read", () => {
    const lines = new TranscriptLines();
    lines.prompt(`Look ${"x".repeat(3 * MB)}`);
    lines.prompt("Short");
    assertEquals(
      readText(lines.text).events.map(({ event }) => event.kind === "prompt" && event.text.length),
      [16_384, 5],
    );
  });
});

describe("bytes that are odd", () => {
  it("do not hide a message: byte order marks, CRLF, NULs and lone surrogates", () => {
    const lines = new TranscriptLines();
    lines.prompt("One \ud83c");
    lines.prompt("Two");
    lines.prompt("Three");
    const [one, two, three] = lines.lines;
    const reading = readText(`\ufeff${one}\r\n\0\0\0${two}\0\n${three}`);
    assertEquals(reading.parts[0].messageHashes.length, 3);
    assertEquals(reading.skipped, {});
  });

  it("of one line may be two records, or a cut one and another", () => {
    const lines = new TranscriptLines();
    lines.prompt("One");
    lines.prompt("Two");
    lines.prompt("Three");
    const [one, two, three] = lines.lines;
    const joined = readText(`${one}${two}\n${three}\n`);
    assertEquals([joined.parts[0].messageHashes.length, joined.skipped], [3, {}]);
    const cut = readText(`${one.slice(0, 100)}${two}\n${three}\n`);
    assertEquals([cut.parts[0].messageHashes.length, cut.skipped], [2, { notJson: 1 }]);
  });
});
