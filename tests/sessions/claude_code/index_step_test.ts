import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { openDatabase } from "../../../lib/store/database.ts";
import type { IndexingProgress } from "../../../lib/sync/indexing_state.ts";
import { storeDelta } from "../../../lib/sync/steps/index_sources.ts";
import { generateTranscript } from "./generator.ts";
import { allRows, IndexFixture, PLACE } from "./index_fixture.ts";
import { SESSION, START, TranscriptLines } from "./lines.ts";
import { claudeCodeSource, readAll } from "./reading.ts";

describe("indexing", () => {
  let at: IndexFixture;
  beforeEach(() => {
    at = new IndexFixture();
  });
  afterEach(() => at[Symbol.dispose]());

  function changes(): number {
    return at.db.get<{ n: number }>("SELECT total_changes() AS n")!.n;
  }

  it("writes nothing when nothing changed, and opens no transcript", async () => {
    for (let seed = 0; seed < 5; seed++) at.write(`${seed}.jsonl`, generateTranscript(seed));
    const path = at.write("empty.jsonl", "");
    const first = await at.index();
    assertEquals([first.filesRead, first.filesTotal], [6, 6]);
    const before = changes();
    Deno.chmodSync(path, 0o000);
    const second = await at.index();
    assertEquals([second.filesRead, second.bytesRead, second.sessionsChanged], [0, 0, 0]);
    assertEquals(second.skippedLines, first.skippedLines);
    assertEquals(changes(), before);
  });

  it("reads on where a file grew, and changes that session alone", async () => {
    const lines = new TranscriptLines();
    lines.prompt("One");
    at.write(`${SESSION}.jsonl`, lines);
    at.write("other.jsonl", generateTranscript(2, { start: START - 86_400_000 }));
    await at.index();
    const others = at.db.all("SELECT * FROM sessions WHERE session_id <> ?", SESSION);
    const version = at.session()!.facts_version as number;
    lines.prompt("Two");
    at.write(`${SESSION}.jsonl`, lines);
    const { bytesRead, sessionsChanged } = await at.index();
    assertEquals([bytesRead, sessionsChanged], [lines.lines[1].length + 1, 1]);
    assertEquals([at.session()!.prompt_count, at.session()!.facts_version], [2, version + 1]);
    assertEquals(at.db.all("SELECT * FROM sessions WHERE session_id <> ?", SESSION), others);
  });

  it("rebuilds to the very rows that it replaces", async () => {
    for (let seed = 0; seed < 4; seed++) at.write(`${seed}.jsonl`, generateTranscript(seed));
    const gone = at.write("gone.jsonl", generateTranscript(9));
    await at.index();
    Deno.removeSync(gone);
    await at.index();
    const tables = ["sessions", "session_events", "session_parts", "activities"];
    const rows = () => tables.map((table) => at.db.all(`SELECT * FROM ${table} ORDER BY 1, 2`));
    const before = rows();
    const { filesRead, sessionsChanged } = await at.index({ rebuild: true });
    assertEquals([filesRead, sessionsChanged], [4, 0]);
    assertEquals(rows(), before);
  });

  it("keeps halves of surrogate pairs from changing rows time and again", async () => {
    const half = String.fromCharCode(0xd83c);
    const lines = new TranscriptLines({ cwd: `/home/${half}`, gitBranch: half });
    lines.prompt(`Half ${half}`);
    lines.shell("git commit -m x", `[main abc1234] ${half}`);
    lines.says(half);
    lines.raw({ type: "ai-title", aiTitle: half, sessionId: SESSION });
    at.write(`${SESSION}.jsonl`, lines);
    await at.index();
    const before = at.db.all("SELECT * FROM session_events ORDER BY id");
    const { sessionsChanged } = await at.index({ rebuild: true });
    assertEquals(sessionsChanged, 0);
    assertEquals(at.db.all("SELECT * FROM session_events ORDER BY id"), before);
  });

  it("gives a result that comes later to its own call, though another has the same id", async () => {
    const lines = new TranscriptLines();
    const input = { file_path: "/home/me/app/a.ts", old_string: "a", new_string: "b" };
    const id = lines.calls("Edit", input);
    at.write(`${SESSION}.jsonl`, lines);
    await at.index();
    const structuredPatch = [{ lines: ["-one", "+two"] }];
    lines.answers(id, "Done", { result: { filePath: "/home/me/app/a.ts", structuredPatch } });
    lines.blocks([{ type: "tool_use", id, name: "Edit", input }]);
    at.write(`${SESSION}.jsonl`, lines);
    await at.index();
    using whole = openDatabase(":memory:");
    await at.index({}, whole);
    assertEquals(allRows(at.db), allRows(whole));
  });

  it("makes good what a crash left between reading and folding", async () => {
    const lines = new TranscriptLines();
    lines.prompt("One");
    const path = at.write(`${SESSION}.jsonl`, lines);
    storeDelta(at.db, claudeCodeSource(path), readAll(path));
    assertEquals(at.session()!.title, null);
    const { filesRead, sessionsChanged } = await at.index();
    assertEquals([filesRead, sessionsChanged, at.session()!.title], [0, 1, "One"]);
  });

  it("stops when it is told to, and goes on from there the next time", async () => {
    for (let seed = 0; seed < 8; seed++) {
      at.write(`${seed}.jsonl`, generateTranscript(seed, { messages: 400 }));
    }
    const controller = new AbortController();
    const error = await assertRejects(
      () =>
        at.index({
          signal: controller.signal,
          onProgress: ({ phase }) => phase === "indexing" && controller.abort(),
        }),
      DOMException,
    );
    assertEquals(error.name, "AbortError");
    await at.index();
    using whole = openDatabase(":memory:");
    await at.index({}, whole);
    assertEquals(allRows(at.db), allRows(whole));
  });

  it("tells how far it is, and always arrives", async () => {
    for (let seed = 0; seed < 5; seed++) at.write(`${seed}.jsonl`, generateTranscript(seed));
    const told: IndexingProgress[] = [];
    await at.index({ onProgress: (progress) => told.push(progress) });
    assertEquals(told[0].phase, "discovering");
    const last = told.at(-1)!;
    assertEquals([last.phase, last.filesDone, last.filesTotal], ["ready", 5, 5]);
    assertEquals(last.bytesDone, last.bytesTotal);
    assert(last.skippedLines > 0);
    assertEquals(last.sessions, 5);
  });

  it("says why a file cannot be read, and reads the others", async () => {
    const path = at.write("closed.jsonl", generateTranscript(1));
    at.write("open.jsonl", generateTranscript(2));
    Deno.removeSync(path);
    Deno.mkdirSync(path);
    Deno.symlinkSync(at.path("nowhere"), at.path(`${PLACE}/dead.jsonl`));
    const { problems, filesRead } = await at.index();
    assertEquals(filesRead, 1);
    assertEquals(problems.map(({ message }) => message.split(": ")[1]), [
      "it is gone, or a link that leads nowhere",
    ]);
  });
});
