import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fileURLToPath } from "node:url";
import type { SessionId } from "../../lib/domain/ids.ts";
import { hashLines } from "../../lib/domain/line_hashes.ts";
import { piReader } from "../../lib/sessions/pi/reader.ts";
import { assertExpected, editsOf, ownEvents, readSessions } from "./expected.ts";
import { describeReader } from "./reader_contract.ts";
import { readConversation, readSource, TemporaryFolder } from "./reading.ts";

const SAMPLES = fileURLToPath(new URL("../fixtures/agents/pi", import.meta.url));
const CALLS = fileURLToPath(new URL("../fixtures/agents/pi-calls", import.meta.url));

const GREETING = "01a231b0-8905-73a8-9c96-aaf8b96491ea" as SessionId;
const DOCS = "01a231b1-30c2-7127-af9c-16d58a3944e4";
const FORK = "01a231b1-5dc1-77a3-ac3a-7e7b17c7892b" as SessionId;
const BY_HAND = "01a231b8-0722-72c2-a95d-9028fa6b3c8f" as SessionId;
const INTERRUPTED = "01a231fe-b596-77d1-9cf7-6862a7133ac6";

describeReader({ reader: piReader, sampleRoots: [SAMPLES, CALLS] });

describe("sessions of pi 0.73.1", () => {
  const sessions = readSessions(piReader, SAMPLES);

  it("has the sessions, prompts and commits that were made", () => {
    assertExpected(sessions, SAMPLES);
  });

  it("has the edits, by whole lines as their results show them", () => {
    assertEquals(editsOf(ownEvents(sessions, GREETING)), [
      ["/home/dev/app/greet.py", 3, 0],
      ["/home/dev/app/notes.txt", 1, 0],
      ["/home/dev/app/notes.txt", 2, 1],
      ["/home/dev/app/greet.py", 1, 1],
    ]);
    assertEquals(editsOf(ownEvents(sessions, DOCS)), [["/home/dev/app/docs.md", 4, 0]]);
    assertEquals(editsOf(ownEvents(sessions, FORK)), [["/home/dev/app/greet.py", 1, 1]]);
    const [, , , greeting] = ownEvents(sessions, GREETING).filter(({ kind }) => kind === "edit");
    assertEquals(greeting.kind === "edit" && greeting.added, hashLines('    return "Hi " + name'));
    assertEquals(greeting.kind === "edit" && greeting.partial, false);
  });

  it("knows a fork by the file it names, and the messages it copied", () => {
    const fork = sessions.get(FORK)!;
    assertEquals(fork.facts.forkedFrom, GREETING);
    assertEquals(new Date(fork.facts.bornAt!).toISOString(), "2026-12-01T13:00:37.186Z");
    const copied = new Set(sessions.get(GREETING)!.messageHashes);
    assertEquals(fork.messageHashes.filter((hash) => copied.has(hash)).length, copied.size);
    assertEquals(fork.messageHashes.length - copied.size, 8);
  });

  it("names a fork's parent by its file where that is gone", () => {
    using folder = new TemporaryFolder();
    folder.copy(SAMPLES, ".");
    const [parent] = piReader.discover([folder.path]).sources;
    Deno.removeSync(parent.path);
    assertEquals(readSessions(piReader, folder.path).get(FORK)!.facts.forkedFrom, GREETING);
  });

  it("takes a command of the user's for what it is, and what it printed before it failed", () => {
    const { facts, events } = sessions.get(BY_HAND)!;
    assertEquals(facts.customTitle, "Extra work");
    const own = events.filter(({ call }) => call === "dfc77366");
    assertEquals(own.map(({ kind }) => kind), ["command", "failure", "commit"]);
    const [, failure] = own;
    assertEquals(failure.kind === "failure" && [failure.reason, failure.exitCode], ["failed", 4]);
  });

  it("counts tokens once an answer, those of a fork's copies under the same key", () => {
    const { tokens } = sessions.get(GREETING)!;
    assertEquals(tokens.length, 14);
    const [{ model, input, output, cacheRead }] = tokens;
    assertEquals([model, input, output, cacheRead], ["mock-1", 1200, 40, 0]);
    const keys = new Set(sessions.get(FORK)!.tokens.map(({ key }) => key));
    assertEquals(tokens.every(({ key }) => keys.has(key)), true);
  });

  it("shows the conversation with the summary that a compaction left", () => {
    const [source] = piReader.discover([SAMPLES]).sources
      .filter(({ path }) => path.includes(BY_HAND));
    const shown = readConversation(piReader, source, BY_HAND);
    assertEquals(shown.map(({ role, blocks }) => [role, blocks.map(({ kind }) => kind).join()]), [
      ["user", "text"],
      ["assistant", "call"],
      ["user", "result"],
      ["assistant", "text"],
      ["user", "call,result"],
      ["user", "text"],
      ["assistant", "text"],
      ["system", "notice"],
    ]);
    assertEquals(piReader.resumeCommand(BY_HAND), ["pi", "--session", BY_HAND]);
  });
});

describe("calls of pi's terminal UI", () => {
  const events = ownEvents(readSessions(piReader, CALLS), INTERRUPTED);

  it("tells what was cut short, what failed, and nothing of what was killed", () => {
    const failures = events.flatMap((event) =>
      event.kind === "failure" ? [[event.call, event.reason, event.exitCode]] : []
    );
    assertEquals(failures, [
      ["call_7_0", "failed", null],
      ["call_9_0", "interrupted", null],
    ]);
    const commands = events.filter(({ kind }) => kind === "command").map(({ call }) => call);
    assertEquals(commands, ["call_1_0", "call_9_0", "call_10_0"]);
  });
});

describe("what models make of pi's tools", () => {
  /** Reads a session of one answer that makes a call. */
  function eventsOf(call: { name: string; arguments: unknown }, result: string, isError = false) {
    using folder = new TemporaryFolder();
    const at = "2026-12-01T13:00:00.000Z";
    const entries = [
      { type: "session", version: 3, id: "s", timestamp: at, cwd: "/home/me/app" },
      message("m1", { role: "assistant", content: [{ type: "toolCall", id: "c", ...call }] }),
      message("m2", { role: "toolResult", toolCallId: "c", content: text(result), isError }),
    ];
    folder.write("sessions/x/s.jsonl", entries.map((entry) => JSON.stringify(entry)).join("\n"));
    const [source] = piReader.discover([folder.path]).sources;
    return readSource(piReader, source).events;

    function message(id: string, message: unknown) {
      return { type: "message", id, parentId: null, timestamp: at, message };
    }
    function text(text: string) {
      return [{ type: "text", text }];
    }
  }

  it("reads edits that were given as JSON in a string, or as one without a list", () => {
    const edit = { oldText: "one\n", newText: "two\nthree\n" };
    for (const input of [{ edits: JSON.stringify([edit]) }, { edits: [edit] }, edit]) {
      const events = eventsOf({ name: "edit", arguments: { path: "@src/a.ts", ...input } }, "");
      assertEquals(editsOf(events), [["/home/me/app/src/a.ts", 2, 1]]);
    }
  });

  it("counts a command that took too long as cut short", () => {
    const events = eventsOf(
      { name: "bash", arguments: { command: "git push", timeout: 5 } },
      "Command timed out after 5 seconds",
      true,
    );
    const [, failure] = events;
    assertEquals(failure.kind === "failure" && failure.reason, "interrupted");
  });
});
