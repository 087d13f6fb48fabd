import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { claudeCode } from "../../support/agents.ts";
import { fc } from "../../support/harness.ts";
import { assertEquals } from "@std/assert";
import { openDatabase } from "../../../lib/store/database.ts";
import { loadEvents } from "../../../lib/store/write/session_events.ts";
import { indexSources } from "../../../lib/sync/steps/index_sources.ts";
import { generateTranscript } from "./generator.ts";
import { allRows, IndexFixture, NOW, PLACE } from "./index_fixture.ts";
import { SESSION, START, TranscriptLines } from "./lines.ts";
import { Random } from "../../support/random.ts";
import { TestFolder } from "./reading.ts";

describe("files of sessions", () => {
  let at: IndexFixture;
  beforeEach(() => {
    at = new IndexFixture();
  });
  afterEach(() => at[Symbol.dispose]());

  it("comes to the same rows whatever order files come in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1 << 20 }), async (seed) => {
        const family = forkedSessions(seed);
        const rows = [];
        for (const order of [family, family.toReversed(), shuffled(family, seed)]) {
          using place = new TestFolder();
          using store = openDatabase(":memory:");
          const run = () =>
            indexSources({ db: store, agents: claudeCode(place.path), now: () => NOW }, {
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
    at.write("00000000-fork.jsonl", fork + more.text);
    await at.index();
    assertEquals(at.session("00000000-fork")!.prompt_count, 2);
    at.write("aaaaaaaa-first.jsonl", first);
    const { sessionsChanged } = await at.index();
    assertEquals(sessionsChanged, 2);
    assertEquals(at.session("00000000-fork")!.prompt_count, 1);
    assertEquals(at.session("00000000-fork")!.started_at, START + 60_000);
    assertEquals(at.session("aaaaaaaa-first")!.commit_count, 1);
    const id = at.session("00000000-fork")!.id as number;
    assertEquals(loadEvents(at.db, id).map(({ kind }) => kind), ["prompt"]);
    assertEquals(loadEvents(at.db, id, { copies: true }).length, 4);
  });

  it("counts once what a subagent's file and its parent's progress both hold", async () => {
    const main = new TranscriptLines();
    main.prompt("Begin");
    const sub = new TranscriptLines({ agentId: "a1", isSidechain: true }, 7);
    sub.at = START + 5_000;
    sub.calls("Bash", { command: "git add ." });
    const { message, uuid, timestamp } = JSON.parse(sub.lines[0]);
    main.agentProgress({ type: "assistant", message, uuid, timestamp }, "a1");
    at.write(`${SESSION}.jsonl`, main);
    at.write(`${SESSION}/subagents/agent-a1.jsonl`, sub);
    await at.index();
    const events = loadEvents(at.db, at.session()!.id as number);
    assertEquals(events.map(({ kind, subagent }) => [kind, subagent]), [["prompt", null], [
      "command",
      "a1",
    ]]);
    assertEquals(at.session()!.message_count, 2);
  });

  it("keeps a session whose transcript is gone, and knows the file when it is back", async () => {
    const lines = new TranscriptLines();
    lines.prompt("One");
    const path = at.write(`${SESSION}.jsonl`, lines);
    const { mtime } = Deno.statSync(path);
    await at.index();
    const before = at.session();
    const aside = at.path("aside");
    Deno.renameSync(path, aside);
    await at.index();
    assertEquals(at.goneAt(path), NOW);
    assertEquals(at.session(), before);
    Deno.renameSync(aside, path);
    Deno.utimeSync(path, mtime!, mtime!);
    const { filesRead } = await at.index();
    assertEquals([filesRead, at.goneAt(path), at.session()], [0, null, before]);
  });

  it("knows a file that was moved", async () => {
    const path = at.write(`${SESSION}.jsonl`, generateTranscript(5, { sessionId: SESSION }));
    await at.index();
    const before = at.session();
    const moved = at.path("projects/-home-me-new");
    Deno.mkdirSync(moved);
    Deno.renameSync(path, `${moved}/${SESSION}.jsonl`);
    const { filesRead } = await at.index();
    assertEquals([filesRead, at.session()], [0, before]);
    assertEquals(at.goneAt(path), undefined);
    assertEquals(at.goneAt(`${moved}/${SESSION}.jsonl`), null);
  });

  it("calls no file gone below a folder that it cannot read", async () => {
    const path = at.write(`${SESSION}.jsonl`, generateTranscript(5, { sessionId: SESSION }));
    await at.index();
    Deno.renameSync(at.path("projects"), at.path("elsewhere"));
    Deno.symlinkSync(at.path("projects"), at.path("projects"));
    const { problems } = await at.index();
    assertEquals(problems.length, 1);
    assertEquals(at.goneAt(path), null);
  });

  it("replaces what a file said when the file is another one, and loses no session by it", async () => {
    const first = new TranscriptLines();
    first.prompt("One");
    first.prompt("Two");
    const path = at.write("shared.jsonl", first);
    await at.index();
    const second = new TranscriptLines({ sessionId: "another" }, 5);
    second.prompt("Three");
    at.write("shared.jsonl", second);
    await at.index();
    assertEquals([at.session()!.prompt_count, at.session("another")!.prompt_count], [2, 1]);
    const again = new TranscriptLines({ sessionId: "another" }, 6);
    again.prompt("Four");
    again.prompt("Five");
    again.prompt("Six");
    at.write("shared.jsonl", again);
    await at.index();
    assertEquals([at.session()!.prompt_count, at.session("another")!.prompt_count], [2, 3]);
    assertEquals(at.goneAt(path), null);
  });
});

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
