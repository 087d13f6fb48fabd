import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import type { SessionId } from "../../lib/domain/ids.ts";
import { findFiles } from "../../lib/sessions/find_files.ts";
import {
  type LogCheckpoint,
  openAppendLog,
  readRecords,
} from "../../lib/sessions/jsonl/append_log.ts";
import type { KnownSource, SourceDelta } from "../../lib/sessions/reader.ts";

type Delta = SourceDelta<LogCheckpoint<{ seen: number }>>;
type Known = KnownSource<LogCheckpoint<{ seen: number }>>;

/** A reader of `{"n": number}` records, each a message of one session. */
function read(path: string, known: Known | null, budget = 1 << 20): Delta[] {
  using reading = openAppendLog<{ seen: number }>(path, known, (context, state) => {
    let seen = state?.seen ?? 0;
    return {
      passesOver: (text, start) => text.startsWith('{"skip"', start),
      record({ n }) {
        if (typeof n !== "number") return context.skip("wrongShape");
        seen++;
        const at = 1_700_000_000_000 + n;
        const message = { message: n, at, cwd: "/w", subagent: null };
        const session = context.session("s" as SessionId);
        if (!session.addMessage(message)) return;
        session.emit(message, { kind: "prompt", text: `${n}` });
      },
      state: () => ({ seen }),
    };
  });
  const deltas: Delta[] = [];
  let more: boolean;
  do {
    more = reading.step(budget);
    deltas.push(reading.take());
  } while (more);
  return deltas;
}

function knownFrom(deltas: readonly Delta[]): Known {
  const hashes = deltas.flatMap(({ sessions }) => sessions.flatMap((s) => [...s.messageHashes]));
  const last = deltas.at(-1)!;
  return {
    checkpoint: JSON.parse(JSON.stringify(last.checkpoint)),
    sessions: last.sessions.map(({ facts }) => ({
      facts,
      messageHashes: Float64Array.from(hashes),
    })),
  };
}

function prompts(deltas: readonly Delta[]): string[] {
  return deltas.flatMap(({ sessions }) =>
    sessions.flatMap(({ events }) => events.map((event) => event.kind === "prompt" && event.text))
  ) as string[];
}

function inFolder(test: (folder: string) => void): void {
  const folder = mkdtempSync(join(Deno.env.get("TMPDIR") ?? "/tmp", "append-log-"));
  try {
    test(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

Deno.test("a log is read once, in slices and on after more was appended", () =>
  inFolder((folder) => {
    const path = join(folder, "a.jsonl");
    const lines = Array.from({ length: 20_000 }, (_, n) => `{"n":${n + 1}}\n`);
    writeFileSync(path, lines.slice(0, 15_000).join(""));
    const first = read(path, null, 5_000);
    assertEquals(first[0].mode, "replace");
    assertEquals(first[0].sessions[0].mode, "replace");
    assertEquals(first.length > 1, true);
    assertEquals(first[1].sessions[0].mode, "append");
    appendFileSync(path, lines.slice(15_000).join("") + '{"n":1');
    const known = knownFrom(first);
    const second = read(path, known);
    assertEquals(second[0].mode, "append");
    assertEquals(prompts([...first, ...second]), lines.map((_, n) => `${n + 1}`));
    assertEquals(second.at(-1)!.checkpoint.state.seen, 20_000);
    assertEquals(second.at(-1)!.sessions[0].facts.cwds, { "/w": 20_000 });
    assertEquals(prompts(read(path, knownFrom([...first, ...second]))), []);
  }));

Deno.test("a log that was moved or compressed goes on, and one that was rewritten starts over", () =>
  inFolder((folder) => {
    const path = join(folder, "a.jsonl");
    writeFileSync(path, '{"n":1}\n{"n":2}\n');
    const known = knownFrom(read(path, null));
    const moved = join(folder, "b.jsonl");
    renameSync(path, moved);
    appendFileSync(moved, '{"n":3}\n');
    assertEquals(prompts(read(moved, known)), ["3"]);
    const zst = join(folder, "c.jsonl.zst");
    writeFileSync(zst, zstdCompressSync('{"n":1}\n{"n":2}\n{"n":3}\n{"n":4}\n{"n":5'));
    assertEquals(prompts(read(zst, known)), ["3", "4"]);
    assertEquals(prompts(read(zst, null, 1)), ["1", "2", "3", "4"]);
    writeFileSync(moved, '{"n":1}\n{"n":7}\n{"n":3}\n');
    const again = read(moved, known);
    assertEquals(again[0].mode, "replace");
    assertEquals(prompts(again), ["1", "7", "3"]);
  }));

Deno.test("a compressed log is read to its end, however many frames it has", () =>
  inFolder((folder) => {
    const zst = join(folder, "a.jsonl.zst");
    const many = Array.from({ length: 50_000 }, (_, n) => `{"n":${n + 10}}\n`);
    const skippable = new Uint8Array([0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7]);
    const checked = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
    writeFileSync(
      zst,
      Buffer.concat([
        zstdCompressSync('{"n":1}\n{"n":'),
        zstdCompressSync("2}\n", checked),
        skippable,
        zstdCompressSync("\n".repeat(100_000)),
        zstdCompressSync(many.join("")),
      ]),
    );
    const seen = prompts(read(zst, null));
    assertEquals([seen.length, ...seen.slice(0, 3), seen.at(-1)], [
      50_002,
      "1",
      "2",
      "10",
      "50009",
    ]);
  }));

Deno.test("lines of no use are counted by their reason, and records that were joined are told apart", () =>
  inFolder((folder) => {
    const path = join(folder, "a.jsonl");
    const lines = [
      '{"n":1}{"n":2}',
      '\0\0\0{"n":3}',
      '{"skip":tru',
      "\0\0",
      "nonsense",
      "[1]",
      '{"n":"}{\\"n\\""}',
      "",
      '{"n":4}',
    ];
    writeFileSync(path, lines.join("\n"));
    const [delta] = read(path, null);
    assertEquals(prompts([delta]), ["1", "2", "3", "4"]);
    assertEquals(delta.skipped, { notJson: 2, notAnObject: 1, wrongShape: 1 });
    const zst = join(folder, "broken.jsonl.zst");
    for (const broken of ["no such thing", "", zstdCompressSync('{"n":1}').subarray(0, 9)]) {
      writeFileSync(zst, broken);
      assertEquals(read(zst, null)[0].skipped, { notJson: 1 });
    }
    const seen: unknown[] = [];
    readRecords(path, 0, ({ n }) => seen.push(n) < 3);
    assertEquals(seen, [1, 2, 3]);
  }));

Deno.test("files are found once, through links too, and a folder that is missing is no problem", () =>
  inFolder((folder) => {
    const deep = join(folder, "2026", "12");
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, "a.jsonl"), "");
    writeFileSync(join(deep, "a.txt"), "");
    Deno.symlinkSync(folder, join(deep, "loop"));
    Deno.symlinkSync(deep, join(folder, "alias"));
    Deno.symlinkSync("nowhere", join(folder, "gone.jsonl"));
    const found = findFiles([folder, join(folder, "missing")], {
      accepts: (name) => name.endsWith(".jsonl"),
    });
    assertEquals(found.sources.map(({ bytes }) => bytes), [0]);
    assertEquals(found.problems.map(({ path }) => path), [join(folder, "gone.jsonl")]);
    assertEquals(found.unreadable, [join(folder, "gone.jsonl")]);
  }));
