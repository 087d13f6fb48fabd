import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import type { SessionId } from "../../lib/domain/ids.ts";
import type { SessionEvent } from "../../lib/domain/session_events.ts";
import type { AgentReader, SessionSource, SourceDelta } from "../../lib/sessions/reader.ts";
import { FULL, report, SEED } from "../support/harness.ts";
import { Random } from "../support/random.ts";
import { damage } from "./damage.ts";
import { readConversation, readSource, StoredSource, TemporaryFolder } from "./reading.ts";

/** What the contract is held against. */
export interface ReaderUnderTest {
  // deno-lint-ignore no-explicit-any -- a checkpoint is the reader's own affair
  reader: AgentReader<any>;
  /** Folders as `roots.resolve` gives them, each with sessions of the agent. */
  sampleRoots: readonly string[];
  /**
   * The files that a source's content stands in: they are damaged, and grow byte by byte. None of a source that is no
   * text, such as a database, for which `damageSource` is given. @default {the source's path}
   */
  files?: (source: SessionSource) => readonly string[];
  /** Damages a copy of a source that is no text. */
  damageSource?: (source: SessionSource, random: Random) => void;
}

/** How many damaged sources are read. */
const MUTANTS = FULL ? 10_000 : 200;
/** Longer than this is a hang, even on a busy machine. */
const HANG_MS = 5_000;
/** How many bytes at the end of a sample come one by one. */
const BYTE_BY_BYTE = FULL ? 2_000 : 300;
/** Samples up to this size are damaged, or the smallest. */
const SMALL = 12 << 10;

const EARLIEST = 1_000_000_000_000;
const LATEST = 4_102_444_800_000;
const REASONS = ["notJson", "notAnObject", "wrongShape", "badTime", "tooLong", "noSession"];

/** Holds a reader against what every reader keeps, over samples of its agent. */
export function describeReader(given: ReaderUnderTest): void {
  const reader: AgentReader = given.reader;
  const { sampleRoots } = given;
  const files = given.files ?? (({ path }: SessionSource) => [path]);
  const sources = () => sampleRoots.flatMap((root) => reader.discover([root]).sources);
  const whole = (source: SessionSource) => readSource(reader, source, { check: checkDelta });

  describe(`the reader of ${reader.title}`, () => {
    it("finds its samples, each under one key, the same ones every time", () => {
      for (const root of sampleRoots) {
        const first = reader.discover([root]);
        assert(first.sources.length > 0, `no source under ${root}`);
        assertEquals(first.problems, []);
        assertEquals(first.unreadable, []);
        const keys = first.sources.map(({ key }) => key);
        assertEquals(keys, [...new Set(keys)].sort());
        assertEquals(reader.discover([root, root]), first);
      }
    });

    it("looks once for a root that is not there, and finds nothing", () => {
      using folder = new TemporaryFolder();
      const { found, calls } = countingCalls(() =>
        reader.discover([join(folder.path, "missing", reader.id)])
      );
      assertEquals(found, { sources: [], problems: [], unreadable: [] });
      assertEquals(calls.length, 1, calls.join(", "));
      reader.watch([join(folder.path, "missing")]);
    });

    it("finds nothing in a root that is no folder, or an empty one", () => {
      using folder = new TemporaryFolder();
      const file = folder.write("file", "no folder");
      assertEquals(reader.discover([file]).sources, []);
      Deno.mkdirSync(join(folder.path, "empty"));
      assertEquals(reader.discover([join(folder.path, "empty")]).sources, []);
    });

    it("asks for the variables that it names, and for no other", () => {
      const { flag, variables } = reader.roots;
      assert(/^[a-z]+(?:-[a-z]+)*$/.test(flag), flag);
      for (const os of ["linux", "darwin", "windows"] as const) {
        for (const value of [undefined, "", "/somewhere/else"]) {
          const env = (name: string) => {
            assert(variables.includes(name), `${name} is not named`);
            return value;
          };
          const roots = reader.roots.resolve(env, "/home/me", os);
          assert(roots.length > 0 && roots.every((root) => root !== ""), `${os}, ${value}`);
          if (!value) assert(roots.every((root) => root.startsWith("/home/me")), roots.join());
        }
      }
    });

    it("watches where its sources are written", () => {
      for (const root of sampleRoots) {
        const watched = reader.watch([root]).map(({ path }) => path);
        for (const { path } of reader.discover([root]).sources) {
          assert(
            watched.some((place) => path.startsWith(place) || place.startsWith(path)),
            `${path} is not under ${watched}`,
          );
        }
      }
    });

    it("reads its samples whole, and no event twice", () => {
      const seen = new Map<string, string>();
      for (const source of sources()) {
        const stored = whole(source);
        assertEquals(stored.skipped, {}, source.path);
        for (const { facts, events, messageHashes } of stored.sessions.values()) {
          const hashes = messageHashes.filter((hash) => hash !== 0);
          assertEquals(new Set(hashes).size, hashes.length, "each message once");
          for (const event of events) {
            const key = `${source.key} ${facts.session} ${plain(event)}`;
            assertEquals(seen.get(key), undefined, "an event that was told before");
            seen.set(key, source.path);
          }
        }
      }
      assert(seen.size > 0);
    });

    it("tells what it says that it tells", () => {
      const all = sources().map(whole);
      const events = all.flatMap((stored) => stored.events);
      const tokens = all.flatMap(({ sessions }) => [...sessions.values()])
        .flatMap((session) => session.tokens);
      const has = (is: (event: SessionEvent) => boolean) => events.some(is);
      const { tells } = reader;
      assertEquals(has(({ kind }) => kind === "prompt"), tells.prompts, "prompts");
      const edited = has((event) => event.kind === "edit" && event.added.length > 0);
      assertEquals(edited, tells.edits, "edits");
      assertEquals(tokens.length > 0, tells.tokens, "tokens");
      const printed = has((event) => event.kind === "commit" && event.source === "output");
      if (printed) assert(tells.output, "output");
      const code = has((event) => event.kind === "failure" && event.exitCode !== null);
      if (code) assert(tells.exitCodes, "exit codes");
      if (has(({ subagent }) => subagent !== null)) assert(tells.subagents, "subagents");
    });

    it("reads the same in one go, in slices and after any restart", () => {
      for (const source of sources()) {
        const expected = whole(source);
        const ways = [
          { budget: 1 },
          { budget: 1, takeOften: true },
          { budget: 700, takeOften: true },
          { budget: 1, takeOften: true, restartAfter: 1 },
          { budget: 1, takeOften: true, restartAfter: 3 },
          { budget: 3_000, takeOften: true, restartAfter: 2 },
        ];
        for (const way of ways) {
          const stored = readSource(reader, source, { ...way, check: checkDelta });
          assertSame(stored, expected, `${source.path} ${JSON.stringify(way)}`);
        }
      }
    });

    it("reads nothing of a source that is as it was", () => {
      for (const source of sources()) {
        const stored = whole(source);
        const before = structuredClone(sessionsOf(stored));
        const again = sources().find(({ key }) => key === source.key);
        assertEquals(again, source, "its stamp is the same");
        const deltas: SourceDelta[] = [];
        readSource(reader, source, { stored, check: (delta) => void deltas.push(delta) });
        for (const { mode, sessions, skipped, records, bytes } of deltas) {
          assertEquals({ mode, skipped, records, bytes }, {
            mode: "append",
            skipped: {},
            records: 0,
            bytes: 0,
          });
          for (const part of sessions) {
            assertEquals(part.mode, "append");
            assertEquals(part.events, []);
            assertEquals([part.messageHashes.length, part.tokens.length], [0, 0]);
            assertEquals(part.revisions, []);
          }
        }
        assertEquals(sessionsOf(stored), before);
      }
    });

    it("begins anew where another source stands in the place of the one it knew", () => {
      using folder = new TemporaryFolder();
      for (const { root, ours } of copies(folder)) {
        const texts = ours.flatMap((source) => files(source));
        if (ours.length < 2 || texts.length !== ours.length) continue;
        const [first, second] = ours;
        const stored = whole(first);
        Deno.renameSync(files(second)[0], files(first)[0]);
        const now = reader.discover([root]).sources.find(({ key }) => key === first.key);
        assert(now !== undefined && now.stamp !== first.stamp);
        readSource(reader, now, { stored, check: checkDelta });
        assertSame(stored, whole(now), first.path);
      }
    });

    it("reads on, byte by byte, while a source is written", () => {
      using folder = new TemporaryFolder();
      for (const { root, ours } of copies(folder)) {
        const source = smallest(ours);
        for (const file of files(source)) {
          const expected = whole(source);
          const bytes = Deno.readFileSync(file);
          const from = Math.max(0, bytes.length - BYTE_BY_BYTE);
          Deno.truncateSync(file, from);
          const stored = new StoredSource();
          const stamps = new Set<string>();
          for (let end = from; end <= bytes.length; end++) {
            if (end > from) {
              Deno.writeFileSync(file, bytes.subarray(end - 1, end), { append: true });
            }
            const now = reader.discover([root]).sources.find(({ key }) => key === source.key);
            if (now === undefined) continue;
            stamps.add(now.stamp);
            readSource(reader, now, { stored, check: checkDelta });
          }
          assertEquals(stamps.size > Math.min(BYTE_BY_BYTE, bytes.length) / 2, true, "stamps");
          assertSame(stored, expected, file);
        }
      }
    });

    it("counts a source that is cut in the middle of a record, with the reason", () => {
      using folder = new TemporaryFolder();
      for (const { ours } of copies(folder)) {
        const source = smallest(ours);
        for (const file of files(source)) {
          const text = Deno.readTextFileSync(file);
          const half = text.lastIndexOf("{", text.length / 2) + 2;
          Deno.writeTextFileSync(file, `${text.slice(0, half)}\n`);
          const skipped = Object.values(whole(source).skipped).reduce((sum, n) => sum + n, 0);
          assert(skipped > 0, file);
        }
      }
    });

    it("takes damaged sources for what they are", () => {
      const seed = SEED;
      const count = MUTANTS;
      const faults = readMutants(seed, count);
      assertEquals(faults, [], `seed ${seed}: set ASCRIBE_SEED to try another`);
    });

    it("shows a conversation page by page, each message once", () => {
      for (const source of sources()) {
        for (const [session, { events }] of whole(source).sessions) {
          const all = readConversation(reader, source, session);
          const places = all.map(({ place }) => place);
          assertEquals(new Set(places).size, places.length, "each place once");
          for (const limit of [1, 2, 7]) {
            assertEquals(readConversation(reader, source, session, limit), all, `by ${limit}`);
          }
          for (const [i, place] of places.entries()) {
            if (i % 5 !== 0) continue;
            const [message] = reader.messages(source, session, place, 1).messages;
            assertEquals(message, all[i], "a place is where its message begins");
          }
          const shown = new Map(all.map((message) => [message.message, message]));
          const calls = new Set(
            all.flatMap(({ blocks }) => blocks).map((block) =>
              block.kind === "call" ? block.call : null
            ),
          );
          for (const event of events) {
            if (event.kind === "prompt") {
              const message = shown.get(event.message);
              assertEquals(message?.role, "user", `prompt ${event.text}`);
              const text = message?.blocks.map((block) => block.kind === "text" ? block.text : "");
              assert(text?.join("\n").includes(event.text.slice(0, 50)), event.text);
            }
            if (event.call !== null && event.subagent === null) {
              assert(calls.has(event.call), `${event.kind} of call ${event.call}`);
            }
          }
        }
      }
    });

    it("shows nothing of a session that a source does not hold, whatever place is asked for", () => {
      for (const source of sources()) {
        const page = reader.messages(source, "nobody" as SessionId, null, 10);
        assertEquals(page, { messages: [], next: null });
        const [session] = whole(source).sessions.keys();
        for (const place of ["", "-1", "1e99", "x", "0:0:0", "../..", "9".repeat(400)]) {
          reader.messages(source, session, place, 3);
        }
      }
    });
  });

  /** The samples in a folder of their own, where they may be changed. */
  function copies(folder: TemporaryFolder): { root: string; ours: SessionSource[] }[] {
    return sampleRoots.map((from, i) => {
      const root = folder.copy(from, `root${i}`);
      return { root, ours: reader.discover([root]).sources };
    });
  }

  /** Reads damaged sources, and says what went wrong. */
  function readMutants(seed: number, count: number): string[] {
    using folder = new TemporaryFolder();
    const samples = copies(folder).flatMap(({ ours }) => {
      const small = ours.filter(({ bytes }) => bytes <= SMALL);
      return small.length > 0 ? small : [smallest(ours)];
    }).map((source) => ({
      source,
      known: whole(source),
      originals: [...files(source), ...(given.damageSource ? [source.path] : [])]
        .map((path) => ({ path, bytes: Deno.readFileSync(path) })),
    }));
    const faults: string[] = [];
    const skipped: Record<string, number> = {};
    let slowest = 0;
    for (let i = 0; i < count && faults.length < 5; i++) {
      const random = new Random(seed + i);
      const { source, known, originals } = random.pick(samples);
      const { path, bytes } = random.pick(originals);
      if (given.damageSource) given.damageSource(source, random);
      else Deno.writeFileSync(path, damage(bytes, random));
      const begun = performance.now();
      try {
        const now = { ...source, bytes: Deno.statSync(path).size, stamp: `damaged ${i}` };
        const stored = readSource(reader, now, { check: checkDelta });
        for (const [reason, records] of Object.entries(stored.skipped)) {
          skipped[reason] = (skipped[reason] ?? 0) + records;
        }
        for (const session of stored.sessions.keys()) {
          readConversation(reader, now, session, 20);
        }
        if (i % 4 === 0) {
          readSource(reader, now, { stored: cloneOf(known), check: checkDelta });
        }
        if (i % 10 === 0) {
          const slices = readSource(reader, now, {
            budget: 500,
            takeOften: true,
            restartAfter: 3,
            check: checkDelta,
          });
          assertSame(slices, stored, "in slices");
        }
      } catch (error) {
        faults.push(`seed ${seed + i}: ${error instanceof Error ? error.stack : error}`);
      }
      const took = performance.now() - begun;
      if (took > HANG_MS) faults.push(`seed ${seed + i}: it took ${Math.round(took)} ms`);
      slowest = Math.max(slowest, took);
      for (const original of originals) Deno.writeFileSync(original.path, original.bytes);
    }
    if (Object.keys(skipped).length === 0) faults.push("nothing was counted as skipped");
    report(
      `${reader.title}: ${count} damaged sources from seed ${seed}, the slowest in ` +
        `${Math.round(slowest)} ms; skipped: ${JSON.stringify(skipped)}`,
    );
    return faults;
  }
}

/** What must hold of any delta, whatever the source. */
function checkDelta(delta: SourceDelta): void {
  for (const [reason, count] of Object.entries(delta.skipped)) {
    assert(REASONS.includes(reason) && Number.isSafeInteger(count) && count > 0, reason);
  }
  for (const { facts, messageHashes, messageTimes, events, tokens } of delta.sessions) {
    // deno-lint-ignore no-control-regex
    assert(!/[\u0000-\u0020\u007f/\\?#%]|^\.{0,2}$/.test(facts.session), "an id fits an address");
    assertEquals(messageHashes.length, messageTimes.length);
    assert(messageHashes.every((hash) => Number.isSafeInteger(hash) && hash >= 0));
    assert(messageTimes.every(isTime), "times of messages");
    assert(facts.firstAt === null || isTime(facts.firstAt) && facts.firstAt <= facts.lastAt!);
    assertWellFormed(facts);
    for (const event of events) {
      assert(isTime(event.at), `time ${event.at}`);
      assert(Number.isSafeInteger(event.message) && event.message >= 0);
      assertWellFormed(event);
      if (event.kind === "prompt") assert(event.text !== "" && event.text.length <= 16_384);
      if (event.kind === "command") assert(event.command.length <= 16_384);
      if (event.kind === "edit") {
        assert(event.path !== "" && event.path.length <= 8_192);
        assert(event.added instanceof Uint32Array && event.removed instanceof Uint32Array);
      }
    }
    for (const { key, message, at, input, cacheRead, cacheWrite, output } of tokens) {
      assert(Number.isSafeInteger(key) && Number.isSafeInteger(message) && isTime(at));
      const counts = [input, cacheRead, cacheWrite, output];
      assert(counts.every((count) => Number.isSafeInteger(count) && count >= 0), `${counts}`);
    }
  }
}

/** Half a surrogate pair cannot be stored. */
function assertWellFormed(value: unknown): void {
  if (typeof value === "string") return assert(value.isWellFormed(), "text is well-formed");
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    assert(key.isWellFormed(), "names are well-formed");
    assertWellFormed(inner);
  }
}

function isTime(at: number): boolean {
  return Number.isInteger(at) && at >= EARLIEST && at < LATEST;
}

function assertSame(stored: StoredSource, expected: StoredSource, what: string): void {
  assertEquals(sessionsOf(stored), sessionsOf(expected), what);
  assertEquals(stored.skipped, expected.skipped, what);
}

function sessionsOf({ sessions }: StoredSource): unknown {
  return [...sessions].sort(([a], [b]) => a < b ? -1 : 1);
}

function cloneOf(known: StoredSource): StoredSource {
  const clone = new StoredSource();
  const { checkpoint, sessions } = known.known()!;
  clone.apply({
    mode: "replace",
    sessions: sessions.map(({ facts, messageHashes }) => ({
      mode: "replace",
      facts,
      messageHashes,
      messageTimes: Float64Array.from(known.sessions.get(facts.session)!.messageTimes),
      events: known.sessions.get(facts.session)!.events,
      revisions: [],
      tokens: [],
    })),
    skipped: {},
    records: 0,
    bytes: 0,
    checkpoint,
  });
  return clone;
}

function smallest(sources: readonly SessionSource[]): SessionSource {
  return sources.toSorted((a, b) => a.bytes - b.bytes)[0];
}

/** The event as text, typed arrays as lists. */
function plain(event: SessionEvent): string {
  return JSON.stringify(event, (_, value) => ArrayBuffer.isView(value) ? `${value}` : value);
}

/** Runs what looks at files, and says which of Deno's functions it called. */
function countingCalls<Result>(run: () => Result): { found: Result; calls: string[] } {
  const names = [
    "statSync",
    "lstatSync",
    "readDirSync",
    "openSync",
    "readFileSync",
    "readTextFileSync",
    "realPathSync",
  ] as const;
  const calls: string[] = [];
  const originals = names.map((name) => [name, Deno[name]] as const);
  const deno = Deno as unknown as Record<string, unknown>;
  try {
    for (const [name, original] of originals) {
      deno[name] = (...args: unknown[]) => {
        calls.push(`${name}(${args[0]})`);
        return (original as (...args: unknown[]) => unknown)(...args);
      };
    }
    return { found: run(), calls };
  } finally {
    for (const [name, original] of originals) deno[name] = original;
  }
}
