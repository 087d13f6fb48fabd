import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import { loadEvents } from "../../lib/store/session_events.ts";
import { type IndexOptions, indexTranscripts } from "../../lib/sync/index_step.ts";
import type { IndexingProgress } from "../../lib/sync/indexing_state.ts";
import { storeReading } from "../../lib/sync/store_reading.ts";
import { generateTranscript } from "./generator.ts";
import { SESSION, START, TranscriptLines } from "./lines.ts";
import { Random } from "./random.ts";
import { readAll, TestFolder } from "./reading.ts";

const NOW = Date.parse("2026-03-01T00:00:00.000Z");
const PLACE = "projects/-home-me-app";

describe("indexing", () => {
  let folder: TestFolder;
  let db: Database;
  beforeEach(() => {
    folder = new TestFolder();
    db = openDatabase(":memory:");
  });
  afterEach(() => {
    db[Symbol.dispose]();
    folder[Symbol.dispose]();
  });

  function index(options: Partial<IndexOptions> = {}, store = db) {
    return indexTranscripts(
      { db: store, claudeDirs: [folder.path], now: () => NOW },
      { onProgress: () => {}, ...options },
    );
  }

  function write(name: string, lines: TranscriptLines | string): string {
    return folder.write(`${PLACE}/${name}`, typeof lines === "string" ? lines : lines.text);
  }

  function session(id = SESSION) {
    return db.get<Record<string, unknown>>("SELECT * FROM sessions WHERE session_id = ?", id);
  }

  function goneAt(path: string): number | null | undefined {
    return db.get<{ gone_at: number | null }>(
      "SELECT gone_at FROM transcript_files WHERE path = ?",
      path,
    )?.gone_at;
  }

  function changes(): number {
    return db.get<{ n: number }>("SELECT total_changes() AS n")!.n;
  }

  it("writes nothing when nothing changed, and opens no transcript", async () => {
    for (let seed = 0; seed < 5; seed++) write(`${seed}.jsonl`, generateTranscript(seed));
    const path = write("empty.jsonl", "");
    const first = await index();
    assertEquals([first.filesRead, first.filesTotal], [6, 6]);
    const before = changes();
    Deno.chmodSync(path, 0o000);
    const second = await index();
    assertEquals([second.filesRead, second.bytesRead, second.sessionsChanged], [0, 0, 0]);
    assertEquals(second.skippedLines, first.skippedLines);
    assertEquals(changes(), before);
  });

  it("reads on where a file grew, and changes that session alone", async () => {
    const lines = new TranscriptLines();
    lines.prompt("One");
    write(`${SESSION}.jsonl`, lines);
    write("other.jsonl", generateTranscript(2, { start: START - 86_400_000 }));
    await index();
    const others = db.all("SELECT * FROM sessions WHERE session_id <> ?", SESSION);
    const version = session()!.facts_version as number;
    lines.prompt("Two");
    write(`${SESSION}.jsonl`, lines);
    const { bytesRead, sessionsChanged } = await index();
    assertEquals([bytesRead, sessionsChanged], [lines.lines[1].length + 1, 1]);
    assertEquals([session()!.prompt_count, session()!.facts_version], [2, version + 1]);
    assertEquals(db.all("SELECT * FROM sessions WHERE session_id <> ?", SESSION), others);
  });

  it("comes to the same rows whatever order files come in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1 << 20 }), async (seed) => {
        const family = forkedSessions(seed);
        const rows = [];
        for (const order of [family, family.toReversed(), shuffled(family, seed)]) {
          using place = new TestFolder();
          using store = openDatabase(":memory:");
          const run = () =>
            indexTranscripts({ db: store, claudeDirs: [place.path], now: () => NOW }, {
              onProgress: () => {},
            });
          for (const { name, text } of order) {
            place.write(`${PLACE}/${name}`, text);
            await run();
          }
          rows.push(allRows(store));
          place.write(`${PLACE}/late.jsonl`, "");
          await run();
          assertEquals(allRows(store), rows[0]);
        }
        assertEquals(rows[1], rows[0]);
        assertEquals(rows[2], rows[0]);
      }),
      { numRuns: 6 },
    );
  });

  it("gives a copied message's events to the session that held it first", async () => {
    const first = new TranscriptLines({ sessionId: "aaaaaaaa-first" });
    first.prompt("Begin");
    first.shell("git commit -m x", "[main abc1234] x");
    const fork = first.text.replaceAll("aaaaaaaa-first", "00000000-fork");
    const more = new TranscriptLines({ sessionId: "00000000-fork" }, 9);
    more.at = START + 60_000;
    more.prompt("Go on");
    write("00000000-fork.jsonl", fork + more.text);
    await index();
    assertEquals(session("00000000-fork")!.prompt_count, 2);
    write("aaaaaaaa-first.jsonl", first);
    const { sessionsChanged } = await index();
    assertEquals(sessionsChanged, 2);
    assertEquals(session("00000000-fork")!.prompt_count, 1);
    assertEquals(session("00000000-fork")!.started_at, START + 60_000);
    assertEquals(session("aaaaaaaa-first")!.commit_count, 1);
    const id = session("00000000-fork")!.id as number;
    assertEquals(loadEvents(db, id).map(({ kind }) => kind), ["prompt"]);
    assertEquals(loadEvents(db, id, { copies: true }).length, 4);
  });

  it("counts once what a subagent's file and its parent's progress both hold", async () => {
    const main = new TranscriptLines();
    main.prompt("Begin");
    const sub = new TranscriptLines({ agentId: "a1", isSidechain: true }, 7);
    sub.at = START + 5_000;
    sub.calls("Bash", { command: "git add ." });
    const { message, uuid, timestamp } = JSON.parse(sub.lines[0]);
    main.agentProgress({ type: "assistant", message, uuid, timestamp }, "a1");
    write(`${SESSION}.jsonl`, main);
    write(`${SESSION}/subagents/agent-a1.jsonl`, sub);
    await index();
    const events = loadEvents(db, session()!.id as number);
    assertEquals(events.map(({ kind, agent }) => [kind, agent]), [["prompt", null], [
      "command",
      "a1",
    ]]);
    assertEquals(session()!.message_count, 2);
  });

  it("keeps a session whose transcript is gone, and knows the file when it is back", async () => {
    const lines = new TranscriptLines();
    lines.prompt("One");
    const path = write(`${SESSION}.jsonl`, lines);
    const { mtime } = Deno.statSync(path);
    await index();
    const before = session();
    const aside = join(folder.path, "aside");
    Deno.renameSync(path, aside);
    await index();
    assertEquals(goneAt(path), NOW);
    assertEquals(session(), before);
    Deno.renameSync(aside, path);
    Deno.utimeSync(path, mtime!, mtime!);
    const { filesRead } = await index();
    assertEquals([filesRead, goneAt(path), session()], [0, null, before]);
  });

  it("knows a file that was moved", async () => {
    const path = write(`${SESSION}.jsonl`, generateTranscript(5, { sessionId: SESSION }));
    await index();
    const before = session();
    const moved = join(folder.path, "projects/-home-me-new");
    Deno.mkdirSync(moved);
    Deno.renameSync(path, join(moved, `${SESSION}.jsonl`));
    const { filesRead } = await index();
    assertEquals([filesRead, session()], [0, before]);
    assertEquals(goneAt(path), undefined);
    assertEquals(goneAt(join(moved, `${SESSION}.jsonl`)), null);
  });

  it("calls no file gone below a folder that it cannot read", async () => {
    const path = write(`${SESSION}.jsonl`, generateTranscript(5, { sessionId: SESSION }));
    await index();
    Deno.renameSync(join(folder.path, "projects"), join(folder.path, "elsewhere"));
    Deno.symlinkSync(join(folder.path, "projects"), join(folder.path, "projects"));
    const { problems } = await index();
    assertEquals(problems.length, 1);
    assertEquals(goneAt(path), null);
  });

  it("replaces what a file said when the file is another one, and loses no session by it", async () => {
    const first = new TranscriptLines();
    first.prompt("One");
    first.prompt("Two");
    const path = write("shared.jsonl", first);
    await index();
    const second = new TranscriptLines({ sessionId: "another" }, 5);
    second.prompt("Three");
    write("shared.jsonl", second);
    await index();
    assertEquals([session()!.prompt_count, session("another")!.prompt_count], [2, 1]);
    const again = new TranscriptLines({ sessionId: "another" }, 6);
    again.prompt("Four");
    again.prompt("Five");
    again.prompt("Six");
    write("shared.jsonl", again);
    await index();
    assertEquals([session()!.prompt_count, session("another")!.prompt_count], [2, 3]);
    assertEquals(goneAt(path), null);
  });

  it("rebuilds to the very rows that it replaces", async () => {
    for (let seed = 0; seed < 4; seed++) write(`${seed}.jsonl`, generateTranscript(seed));
    const gone = write("gone.jsonl", generateTranscript(9));
    await index();
    Deno.removeSync(gone);
    await index();
    const tables = ["sessions", "session_events", "session_parts", "activities"];
    const rows = () => tables.map((table) => db.all(`SELECT * FROM ${table} ORDER BY 1, 2`));
    const before = rows();
    const { filesRead, sessionsChanged } = await index({ rebuild: true });
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
    write(`${SESSION}.jsonl`, lines);
    await index();
    const before = db.all("SELECT * FROM session_events ORDER BY id");
    const { sessionsChanged } = await index({ rebuild: true });
    assertEquals(sessionsChanged, 0);
    assertEquals(db.all("SELECT * FROM session_events ORDER BY id"), before);
  });

  it("makes good what a crash left between reading and folding", async () => {
    const lines = new TranscriptLines();
    lines.prompt("One");
    const path = write(`${SESSION}.jsonl`, lines);
    storeReading(db, path, readAll(path));
    assertEquals(session()!.title, null);
    const { filesRead, sessionsChanged } = await index();
    assertEquals([filesRead, sessionsChanged, session()!.title], [0, 1, "One"]);
  });

  it("stops when it is told to, and goes on from there the next time", async () => {
    for (let seed = 0; seed < 8; seed++) {
      write(`${seed}.jsonl`, generateTranscript(seed, { messages: 400 }));
    }
    const controller = new AbortController();
    const error = await assertRejects(
      () =>
        index({
          signal: controller.signal,
          onProgress: ({ phase }) => phase === "indexing" && controller.abort(),
        }),
      DOMException,
    );
    assertEquals(error.name, "AbortError");
    await index();
    using whole = openDatabase(":memory:");
    await index({}, whole);
    assertEquals(allRows(db), allRows(whole));
  });

  it("tells how far it is, and always arrives", async () => {
    for (let seed = 0; seed < 5; seed++) write(`${seed}.jsonl`, generateTranscript(seed));
    const told: IndexingProgress[] = [];
    await index({ onProgress: (progress) => told.push(progress) });
    assertEquals(told[0].phase, "discovering");
    const last = told.at(-1)!;
    assertEquals([last.phase, last.filesDone, last.filesTotal], ["ready", 5, 5]);
    assertEquals(last.bytesDone, last.bytesTotal);
    assert(last.skippedLines > 0);
    assertEquals(last.sessions, 5);
  });

  it("says why a file cannot be read, and reads the others", async () => {
    const path = write("closed.jsonl", generateTranscript(1));
    write("open.jsonl", generateTranscript(2));
    Deno.removeSync(path);
    Deno.mkdirSync(path);
    Deno.symlinkSync(join(folder.path, "nowhere"), join(folder.path, PLACE, "dead.jsonl"));
    const { problems, filesRead } = await index();
    assertEquals(filesRead, 1);
    assertEquals(problems.map(({ message }) => message.split(": ")[1]), [
      "it is gone, or a link that leads nowhere",
    ]);
  });
});

/** Every row of every session, by what users see rather than by number. */
function allRows(db: Database): unknown {
  return {
    sessions: db.all(
      `SELECT session_id, title, first_message, last_message, started_at, ended_at, branch, models, cwds, tools,
         forked_from, bridge_id, message_count, prompt_count, edit_count, commit_count, settled
       FROM sessions ORDER BY session_id`,
    ),
    activities: db.all(
      `SELECT s.session_id, a.started_at, a.ended_at FROM activities a JOIN sessions s ON s.id = a.session_id
       ORDER BY 1, 2`,
    ),
    events: db.all(
      `SELECT s.session_id, e.at, e.kind, e.message, e.owned, e.cwd, e.data, hex(e.lines) AS lines
       FROM session_events e JOIN sessions s ON s.id = e.session_id
       ORDER BY 1, 2, 3, 4, 5, 7, 8`,
    ),
  };
}

interface FamilyMember {
  name: string;
  text: string;
}

/** A session with forks and resumed copies of it, some of which say what they were forked from. */
function forkedSessions(seed: number): FamilyMember[] {
  const random = new Random(seed);
  const family = [generateTranscript(seed, { layout: "old", messages: 25, sessionId: "s0" })];
  for (let i = 1; i < 4; i++) {
    const parent = random.pick(family);
    const from = parent.envelope.sessionId!;
    const id = `s${random.int(1_000)}`;
    const cut = 1 + random.int(parent.lines.length);
    const fork = generateTranscript(seed + i, { layout: "new", messages: 8, sessionId: id });
    fork.lines.unshift(
      ...parent.lines.slice(0, cut).map((line) => {
        const copied = line.replaceAll(`"${from}"`, `"${id}"`);
        return random.chance(0.3)
          ? copied.replace(/\}$/, `,"forkedFrom":{"sessionId":"${from}","messageUuid":"m"}}`)
          : copied;
      }),
    );
    family.push(fork);
  }
  return family.map((lines, i) => ({ name: `${i}.jsonl`, text: lines.text }));
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = new Random(seed);
  return items.map((item) => ({ item, place: random.next() }))
    .sort((a, b) => a.place - b.place).map(({ item }) => item);
}
