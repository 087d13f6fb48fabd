import { assert, assertEquals } from "@std/assert";
import { afterAll, describe, it } from "@std/testing/bdd";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SessionId } from "../../lib/domain/ids.ts";
import { hashLines } from "../../lib/domain/line_hashes.ts";
import type { SessionEvent } from "../../lib/domain/session_events.ts";
import { openCodeReader } from "../../lib/sessions/opencode/reader.ts";
import type { SessionSource, SourceDelta } from "../../lib/sessions/reader.ts";
import { Random } from "../support/random.ts";
import { damage } from "./damage.ts";
import { assertExpected, editsOf, ownEvents, readSessions } from "./expected.ts";
import { describeReader } from "./reader_contract.ts";
import { readConversation, readSource, StoredSource, TemporaryFolder } from "./reading.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/agents", import.meta.url));
/** Reading a database leaves files beside it, so a copy is read. */
const samples = new TemporaryFolder();
const DATABASE = samples.copy(join(FIXTURES, "opencode"), "opencode");
const STORAGE = join(FIXTURES, "opencode-storage");
const SMALL = join(samples.path, "small");
afterAll(() => samples[Symbol.dispose]());

const GREETING = "ses_dce507d72ffehTYEegO8OMhwK6" as SessionId;
const DOCS = "ses_dce4cb825ffe26Mp3PLAgWlUG9" as SessionId;
const HELPER = "ses_dce4c2e8cffeTXK4s7H472lKGr";
const FORK = "ses_dce4b14f1ffeUDFp9EAi4ifiY4" as SessionId;
const LONG = "ses_dce49f448ffewMIHx7FMVTnqOj" as SessionId;
const PATCHED = "ses_dce4239fbffegX6QGv16WzgUaa";

makeSmall();

describeReader({
  reader: openCodeReader,
  sampleRoots: [SMALL],
  files: () => [],
  damageSource: damageDatabase,
});
describeReader({
  reader: openCodeReader,
  sampleRoots: [STORAGE],
  files: (source) => [source.path, ...lastRecords(source)],
});

describe("sessions of OpenCode 1.18.33", () => {
  const sessions = readSessions(openCodeReader, DATABASE);

  it("has the sessions, prompts and commits that were made, without those that a fork copied", () => {
    const fork = sessions.get(FORK)!;
    const first = sessions.get(GREETING)!;
    const own = new Map(sessions).set(FORK, {
      ...fork,
      events: fork.events.filter(({ message }) => !first.messageHashes.includes(message)),
    });
    assertExpected(own, DATABASE);
  });

  it("has the edits, by whole lines as their results show them", () => {
    assertEquals(editsOf(ownEvents(sessions, GREETING)), [
      ["/home/dev/app/greet.py", 3, 0],
      ["/home/dev/app/notes.txt", 1, 0],
      ["/home/dev/app/notes.txt", 2, 1],
      ["/home/dev/app/greet.py", 1, 1],
      ["/home/dev/app/sub/mod.py", 1, 0],
    ]);
    assertEquals(editsOf(ownEvents(sessions, PATCHED)), [
      ["/home/dev/app/notes.txt", 1, 1],
      ["/home/dev/app/list.txt", 2, 0],
    ]);
    const greeting = ownEvents(sessions, GREETING).filter((event) => event.kind === "edit")[3];
    assertEquals(greeting.added, hashLines('    return "Hi " + name'));
    assertEquals([greeting.by, greeting.partial], ["tool", false]);
  });

  it("tells what a command wrote from how the work tree changed", () => {
    const [written] = ownEvents(sessions, GREETING)
      .filter((event) => event.kind === "edit" && event.by === "worktree");
    assert(written.kind === "edit");
    assertEquals([written.path, written.call], ["/home/dev/app/sub/mod.py", "call_0001jywdl4"]);
    assertEquals(written.added, hashLines("y = 2"));
  });

  it("gives a fork's copies the identity of what they are copied from", () => {
    const first = new Set(sessions.get(GREETING)!.messageHashes);
    const fork = sessions.get(FORK)!;
    assertEquals(fork.messageHashes.filter((hash) => first.has(hash)).length, first.size);
    assertEquals(fork.messageHashes.length - first.size, 5);
    assert(fork.facts.bornAt! > sessions.get(GREETING)!.facts.lastAt!);
    const keys = new Set(fork.tokens.map(({ key }) => key));
    assert(sessions.get(GREETING)!.tokens.every(({ key }) => keys.has(key)));
  });

  it("puts a subagent's session to the one that started it", () => {
    const { facts, events } = sessions.get(DOCS)!;
    assertEquals(facts.externalIds, [HELPER]);
    assertEquals(facts.generatedTitle, "Small title");
    assertEquals(
      events.filter(({ subagent }) => subagent === HELPER).map(({ kind }) => kind),
      ["edit", "command", "commit"],
    );
  });

  it("takes what a compaction wrote for a summary", () => {
    const { facts, events } = sessions.get(LONG)!;
    assertEquals(facts.summary, "Summary: the file was made and changed.");
    assertEquals([facts.firstPrompt, facts.lastMessage], ["Make a long file", "Finished."]);
    assertEquals(events.filter(({ kind }) => kind === "prompt").length, 1);
  });

  it("counts tokens once an answer", () => {
    const { tokens } = sessions.get(PATCHED as SessionId)!;
    assertEquals(
      tokens.map(({ model, input, output, cacheRead }) => [model, input, output, cacheRead]),
      Array(3).fill(["gpt-5.1-codex", 1200, 40, 0]),
    );
  });

  it("shows a conversation with its subagents', by time", () => {
    const [source] = openCodeReader.discover([DATABASE]).sources;
    const shown = readConversation(openCodeReader, source, DOCS);
    assertEquals(shown.map(({ role, subagent }) => [role, subagent]), [
      ["user", null],
      ["assistant", null],
      ["user", HELPER],
      ["assistant", HELPER],
      ["assistant", HELPER],
      ["assistant", HELPER],
      ["assistant", null],
      ["assistant", null],
    ]);
    assertEquals(shown[1].blocks.map(({ kind }) => kind), ["text", "call", "result"]);
    assertEquals(openCodeReader.resumeCommand(DOCS), ["opencode", "--session", DOCS]);
  });
});

describe("OpenCode's database beside the running program", () => {
  it("is read through its log, which stays as it is, as the database does", () => {
    using program = new Program();
    const before = program.bytes();
    const sessions = readSessions(openCodeReader, program.root);
    assertEquals(sessions.size, 6);
    assertEquals(program.bytes(), before);
    program.db.exec("BEGIN IMMEDIATE");
    program.db.exec("UPDATE session SET title = 'not yet'");
    assertEquals(
      readSessions(openCodeReader, program.root).get(LONG)!.facts.generatedTitle,
      "Small title",
    );
    program.db.exec("COMMIT");
    assertEquals(
      readSessions(openCodeReader, program.root).get(LONG)!.facts.generatedTitle,
      "not yet",
    );
  });

  it("is read from what the program left when it was killed: no table outside its log", () => {
    using program = new Program();
    using folder = new TemporaryFolder();
    for (const ending of ["", "-wal"]) {
      Deno.copyFileSync(`${program.path}${ending}`, join(folder.path, `opencode.db${ending}`));
    }
    assertEquals(Deno.statSync(join(folder.path, "opencode.db")).size, 4_096);
    assertEquals(readSessions(openCodeReader, folder.path).size, 6);
    for (const ending of ["", "-wal"]) {
      const left = Deno.readFileSync(join(folder.path, `opencode.db${ending}`));
      assertEquals(left, Deno.readFileSync(`${program.path}${ending}`), ending);
    }
  });

  it("is not opened to find out whether anything changed", () => {
    using folder = new TemporaryFolder();
    Deno.copyFileSync(join(FIXTURES, "opencode/opencode.db"), join(folder.path, "opencode.db"));
    const [first] = openCodeReader.discover([folder.path]).sources;
    assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["opencode.db"]);
    readSource(openCodeReader, first);
    assertEquals(openCodeReader.discover([folder.path]).sources, [first]);
  });

  it("holds nothing before the program made its tables", () => {
    using folder = new TemporaryFolder();
    folder.write("opencode.db", "");
    const [source] = openCodeReader.discover([folder.path]).sources;
    const { sessions, skipped } = readSource(openCodeReader, source);
    assertEquals([sessions.size, skipped], [0, {}]);
  });

  it("is asked for no other tables than those of sessions", () => {
    using program = new Program();
    const tables = "account account_state control_account credential permission session_share todo";
    for (const table of tables.split(" ")) program.db.exec(`DROP TABLE ${table}`);
    assertEquals(readSessions(openCodeReader, program.root).size, 6);
  });

  it("has only those sessions read again that changed", () => {
    using program = new Program();
    const stored = new StoredSource();
    const read = () => {
      const deltas: SourceDelta[] = [];
      const [source] = openCodeReader.discover([program.root]).sources;
      readSource(openCodeReader, source, { stored, check: (delta) => void deltas.push(delta) });
      return deltas.flatMap(({ mode, sessions }) =>
        sessions.map(({ facts, mode: of }) => [mode, of, facts.session])
      );
    };
    assertEquals(read().length, 6);
    assertEquals(read(), []);
    program.db.prepare("UPDATE event_sequence SET seq = seq + 1 WHERE aggregate_id = ?").run(
      HELPER,
    );
    program.db.prepare(
      "UPDATE part SET data = json_set(data, '$.state.output', '[main 1234567] Other') WHERE session_id = ? AND data LIKE '%git commit%'",
    ).run(HELPER);
    assertEquals(read(), [["append", "replace", DOCS]]);
    const commits = stored.sessions.get(DOCS)!.events.filter((event) => event.kind === "commit");
    assertEquals(commits.map(({ hash }) => hash), ["651f570", "1234567"]);
    assertEquals(stored.sessions.size, 6);
  });

  it("tells what a command wrote that neither speaks to git nor redirects its output", () => {
    using program = new Program();
    program.db.prepare("UPDATE part SET data = replace(data, ?, 'format mod.py') WHERE data LIKE ?")
      .run(String.raw`cd sub && printf \"y = 2\\n\" >> mod.py && pwd`, "%call_0001jywdl4%");
    const { events } = readSessions(openCodeReader, program.root).get(GREETING)!;
    assertEquals(events.filter(({ call }) => call === "call_0001jywdl4").map(({ kind }) => kind), [
      "edit",
    ]);
  });

  it("tells what changed where no log of events does", () => {
    using program = new Program();
    program.db.exec("DROP TABLE event; DROP TABLE event_sequence");
    const stored = new StoredSource();
    const read = () => {
      const records: number[] = [];
      const [source] = openCodeReader.discover([program.root]).sources;
      readSource(openCodeReader, source, {
        stored,
        check: ({ records: read }) => void records.push(read),
      });
      return records.reduce((sum, read) => sum + read);
    };
    assertEquals(read(), 63);
    assertEquals(read(), 0);
    program.db.prepare("UPDATE part SET time_updated = time_updated + 1e9 WHERE session_id = ?")
      .run(LONG);
    assertEquals(read(), 8);
  });
});

describe("OpenCode's storage before 1.2", () => {
  it("has the sessions, prompts and commits that were made", () => {
    assertExpected(readSessions(openCodeReader, STORAGE), STORAGE);
  });

  it("says nothing of a session that a database holds", () => {
    using folder = new TemporaryFolder();
    folder.copy(STORAGE, ".");
    folder.copy(DATABASE, ".");
    const { sources } = openCodeReader.discover([folder.path]);
    const held = sources.map((source) => [...readSource(openCodeReader, source).sessions.keys()]);
    assertEquals(held.map(({ length }) => length), [6, 0, 0, 0]);
    assertEquals(readSessions(openCodeReader, folder.path).size, 6);
  });

  it("is read anew when a database appears", () => {
    using folder = new TemporaryFolder();
    folder.copy(STORAGE, ".");
    const [before] = openCodeReader.discover([folder.path]).sources;
    const stored = readSource(openCodeReader, before);
    assertEquals(stored.sessions.size, 1);
    folder.copy(DATABASE, ".");
    const after = openCodeReader.discover([folder.path]).sources
      .find(({ key }) => key === before.key)!;
    assert(after.stamp !== before.stamp);
    assertEquals(readSource(openCodeReader, after, { stored }).sessions.size, 0);
  });
});

describe("calls of OpenCode", () => {
  const COMMIT = "git commit -m x";
  const time = { start: 1_796_130_000_000, end: 1_796_130_001_000 };
  const TEXTS: [what: string, state: unknown, expected: unknown][] = [
    ["succeeded", { status: "completed", metadata: { exit: 0 }, output: "" }, null],
    ["failed", { status: "completed", metadata: { exit: 128 } }, ["failed", 128]],
    ["was interrupted", {
      status: "completed",
      metadata: { exit: null, output: "" },
      output: "made-it\n<shell_metadata>\nUser aborted the command\n</shell_metadata>",
    }, ["interrupted", null]],
    ["was refused", {
      status: "error",
      error: "The user rejected permission to use this specific tool call.",
    }, ["denied", null]],
    ["was refused, as older versions say it", {
      status: "error",
      error: "Error: The user rejected permission to use this specific tool call.",
      metadata: { command: COMMIT },
    }, ["denied", null]],
    ["is against a rule", {
      status: "error",
      error: "The user has specified a rule which prevents you from using this tool.",
    }, ["denied", null]],
    ["was aborted at the question", {
      status: "error",
      error: "Tool execution aborted",
      metadata: { interrupted: true },
    }, ["denied", null]],
    ["was aborted", {
      status: "error",
      error: "Tool execution aborted",
      metadata: { output: "", interrupted: true },
    }, ["interrupted", null]],
    ["was killed", { status: "running", metadata: { output: "" } }, ["interrupted", null]],
    ["waits for its permission", { status: "running" }, ["denied", null]],
  ];

  for (const [what, state, expected] of TEXTS) {
    it(`tells that a command ${what}`, () => {
      const events = eventsOf("bash", { input: { command: COMMIT }, time, ...state as object });
      const failures = events.flatMap((event) =>
        event.kind === "failure" ? [event.reason, event.exitCode] : []
      );
      assertEquals(failures, expected ?? []);
      assertEquals(events[0].kind, "command");
      assertEquals(events[0].at, time.start);
    });
  }

  it("makes no edit of a call that did not succeed", () => {
    const input = { filePath: "/home/me/a.ts", oldString: "one", newString: "two" };
    const failed = { status: "error", error: "Could not find oldString in the file." };
    assertEquals(eventsOf("edit", { input, time, ...failed }), []);
    const done = { status: "completed", output: "Edit applied successfully.", metadata: {} };
    const [edit] = eventsOf("edit", { input, time, ...done });
    assert(edit.kind === "edit");
    assertEquals([edit.path, edit.partial, edit.added.length], ["/home/me/a.ts", true, 1]);
  });

  it("follows a patch that moves a file", () => {
    const files = [{
      filePath: "/home/me/a.ts",
      relativePath: "b.ts",
      type: "move",
      movePath: "/home/me/b.ts",
      patch: "--- a\n+++ b\n@@ -1,2 +1,2 @@\n one\n---- two\n+three\n",
    }];
    const state = { status: "completed", input: { patchText: "" }, metadata: { files }, time };
    const [edit] = eventsOf("apply_patch", state);
    assert(edit.kind === "edit");
    assertEquals([edit.path, edit.movedFrom], ["/home/me/b.ts", "/home/me/a.ts"]);
    assertEquals([edit.added, edit.removed], [hashLines("three"), hashLines("--- two")]);
  });

  it("leaves out changes that git brought into the work tree", () => {
    const diffs = [{ file: "a.ts", patch: "@@ -0,0 +1 @@\n+one line of a file\n" }];
    const patch = { type: "patch", hash: "x", files: ["/home/me/a.ts"] };
    const wrote = (command: string) =>
      eventsOf("bash", { status: "completed", input: { command }, metadata: { exit: 0 }, time }, {
        diffs,
        parts: [patch],
      }).filter((event) => event.kind === "edit");
    assertEquals(wrote("sed -i s/one/two/ a.ts").map(({ path }) => path), ["/home/me/a.ts"]);
    assertEquals(wrote("git pull && npm test"), []);
    assertEquals(wrote("cat a.ts"), []);
  });

  it("takes the quotes off that the command line puts around a prompt", () => {
    for (
      const [kept, prompt] of [
        ['"two words"', "two words"],
        ['"say \\"hi\\" to all"', 'say "hi" to all'],
        ['"word"', '"word"'],
        ['"one" and "two"', '"one" and "two"'],
      ]
    ) {
      const [event] = eventsOf("read", { status: "pending" }, { prompt: kept });
      assertEquals(event.kind === "prompt" && event.text, prompt);
    }
  });
});

/** Reads a session of one prompt and one answer with one call. */
function eventsOf(
  tool: string,
  state: unknown,
  options: { diffs?: unknown; parts?: unknown[]; prompt?: string } = {},
): SessionEvent[] {
  using folder = new TemporaryFolder();
  const { diffs = [], parts = [], prompt } = options;
  const write = (kind: string, record: unknown) =>
    folder.write(`storage/${kind}.json`, JSON.stringify(record, null, 2));
  const created = 1_796_130_000_000;
  write("session/p/ses_1", { directory: "/home/me", title: "t", time: { created } });
  write("message/ses_1/msg_1", { role: "user", time: { created }, summary: { diffs } });
  if (prompt !== undefined) write("part/msg_1/prt_1", { type: "text", text: prompt });
  write("message/ses_1/msg_2", {
    role: "assistant",
    time: { created: created + 1 },
    path: { cwd: "/home/me", root: "/home/me" },
  });
  write("part/msg_2/prt_1", { type: "tool", tool, callID: "c", state });
  parts.forEach((part, i) => write(`part/msg_2/prt_${i + 2}`, part));
  const [source] = openCodeReader.discover([folder.path]).sources;
  return readSource(openCodeReader, source).events;
}

/** OpenCode at work, as far as its database is concerned: what it writes stays in the log. */
class Program implements Disposable {
  readonly #folder = new TemporaryFolder();
  readonly root: string = this.#folder.path;
  readonly path: string = join(this.root, "opencode.db");
  readonly db: DatabaseSync;

  constructor() {
    this.db = new DatabaseSync(this.path, { enableForeignKeyConstraints: false });
    this.db.exec(
      "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = OFF",
    );
    this.db.exec(`ATTACH '${join(DATABASE, "opencode.db")}' AS sample`);
    const tables = this.db.prepare(
      "SELECT name, sql FROM sample.sqlite_master WHERE sql IS NOT NULL",
    )
      .all() as { name: string; sql: string }[];
    for (const { sql } of tables) this.db.exec(sql);
    for (const { name, sql } of tables) {
      if (sql.startsWith("CREATE TABLE")) {
        this.db.exec(`INSERT INTO main."${name}" SELECT * FROM sample."${name}"`);
      }
    }
    this.db.exec("DETACH sample");
  }

  /** What stands on disk. */
  bytes(): Uint8Array[] {
    return ["", "-wal"].map((ending) => Deno.readFileSync(`${this.path}${ending}`));
  }

  [Symbol.dispose](): void {
    this.db.close();
    this.#folder[Symbol.dispose]();
  }
}

/** The files in which a running program of before 1.2 goes on: a session's last message, and its last part. */
function lastRecords({ path }: SessionSource): string[] {
  const storage = join(path, "../../..");
  const session = path.slice(path.lastIndexOf("ses_"), -".json".length);
  const last = (folder: string) =>
    [...Deno.readDirSync(folder)].map(({ name }) => name).sort().at(-1)!;
  const messages = join(storage, "message", session);
  const message = last(messages);
  const parts = join(storage, "part", message.slice(0, -".json".length));
  return [join(messages, message), join(parts, last(parts))];
}

/** Makes a database of some sessions, in as few bytes as it takes: a thousand damaged copies of it are read. */
function makeSmall(): void {
  Deno.mkdirSync(SMALL);
  const path = join(SMALL, "opencode.db");
  Deno.copyFileSync(join(DATABASE, "opencode.db"), path);
  using db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  const kept = [DOCS, HELPER, PATCHED].map((id) => `'${id}'`).join();
  const used = ["session", "message", "part", "event_sequence"];
  db.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF");
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  for (const { name } of tables) if (!used.includes(`${name}`)) db.exec(`DROP TABLE "${name}"`);
  db.exec(`
    DELETE FROM session WHERE id NOT IN (${kept});
    DELETE FROM message WHERE session_id NOT IN (${kept});
    DELETE FROM part WHERE session_id NOT IN (${kept});
    DELETE FROM event_sequence WHERE aggregate_id NOT IN (${kept});
    PRAGMA page_size = 1024;
    VACUUM;
    PRAGMA journal_mode = WAL`);
}

/** Damages bytes of a database, or values in it. */
function damageDatabase({ path }: SessionSource, random: Random): void {
  if (random.chance(0.2)) {
    const bytes = Deno.readFileSync(path);
    if (random.chance(0.3)) {
      return Deno.writeFileSync(path, bytes.subarray(0, random.int(bytes.length)));
    }
    const at = random.int(bytes.length);
    for (let i = at; i < Math.min(bytes.length, at + 1 + random.int(3_000)); i++) {
      bytes[i] = random.int(256);
    }
    return Deno.writeFileSync(path, bytes);
  }
  using db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  db.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF");
  for (let n = 1 + random.int(4); n > 0; n--) {
    const table = random.pick(["session", "message", "part", "part", "part"]);
    const [{ id }] = db.prepare(
      `SELECT rowid AS id FROM ${table} ORDER BY abs(rowid * ? % 1009) LIMIT 1`,
    )
      .all(1 + random.int(1_000)) as { id: number }[];
    const set = (column: string, value: string | number | bigint | Uint8Array) => {
      try {
        db.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`).run(value, id);
      } catch {
        // It breaks a constraint of the table.
      }
    };
    if (table === "session" || random.chance(0.2)) {
      const columns = {
        session: [
          "id",
          "parent_id",
          "directory",
          "title",
          "version",
          "time_created",
          "time_updated",
        ],
        message: ["id", "session_id", "time_created"],
        part: ["id", "message_id", "session_id"],
      };
      const odd = [
        "",
        "x",
        "../..",
        "\ud800",
        "a\0b",
        7,
        -1e300,
        2n ** 63n - 1n,
        "__proto__",
        HELPER,
      ];
      set(random.pick(columns[table as "part"]), random.pick([...odd, new Uint8Array([0, 255])]));
    } else {
      const [{ data }] = db.prepare(`SELECT data FROM ${table} WHERE rowid = ?`).all(id) as {
        data: unknown;
      }[];
      const json = new TextEncoder().encode(String(data));
      const damaged = json.length === 0 ? json : damage(json, random);
      set("data", random.chance(0.1) ? damaged : new TextDecoder().decode(damaged));
    }
  }
}
