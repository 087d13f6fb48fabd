import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SessionId } from "../../lib/domain/ids.ts";
import { hashLines } from "../../lib/domain/line_hashes.ts";
import type { SessionEvent } from "../../lib/domain/session_events.ts";
import { copilotReader } from "../../lib/sessions/copilot/reader.ts";
import { assertExpected, editsOf, ownEvents, readSessions } from "./expected.ts";
import { describeReader } from "./reader_contract.ts";
import { readConversation, readSource, TemporaryFolder } from "./reading.ts";

const SAMPLES = fileURLToPath(new URL("../fixtures/agents/copilot", import.meta.url));
const CALLS = fileURLToPath(new URL("../fixtures/agents/copilot-calls", import.meta.url));
const FORK = fileURLToPath(new URL("../fixtures/agents/copilot-fork", import.meta.url));

const GREETING = "0d31be81-6e59-485c-a922-8a04e5f2a1e2" as SessionId;
const DOCS = "8f1d8021-d2cb-46a9-b23d-6472eb7efe4c" as SessionId;
const HELPER = "b0d3267c-4e2d-4976-84e1-c9ef500a2137";
const COMPACTED = "fd6524c0-5154-491d-84e4-c456946fcbc9" as SessionId;
const PATCHED = "b870ab31-75fb-411f-a516-a0dc1d054eb2";
const INTERRUPTED = "b58ef2c5-96c5-4d3b-b6b6-f062bc8fc502" as SessionId;

describeReader({ reader: copilotReader, sampleRoots: [SAMPLES, CALLS, FORK] });

describe("sessions of Copilot CLI 1.0.102", () => {
  const sessions = readSessions(copilotReader, SAMPLES);

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
    assertEquals(editsOf(ownEvents(sessions, PATCHED)), [
      ["/home/dev/app/notes.txt", 1, 1],
      ["/home/dev/app/list.txt", 2, 0],
    ]);
    const greeting = ownEvents(sessions, GREETING).filter((event) => event.kind === "edit")[3];
    assertEquals(greeting.added, hashLines('    return "Hi " + name'));
    assertEquals(greeting.partial, false);
  });

  it("tells a subagent's events from its session's", () => {
    const { facts, events } = sessions.get(DOCS)!;
    assertEquals(
      events.filter(({ subagent }) => subagent === HELPER).map(({ kind }) => kind),
      ["edit", "command", "commit"],
    );
    assertEquals(facts.lastMessage, "All done.");
  });

  it("knows the session by what its folder and its head say", () => {
    const { facts } = sessions.get(GREETING)!;
    assertEquals(facts.generatedTitle, "Add a greeting and note it");
    assertEquals([facts.version, facts.branches], ["1.0.102", { main: 16 }]);
    assertEquals(new Date(facts.bornAt!).toISOString(), "2026-12-01T12:59:30.427Z");
    assertEquals(sessions.get(COMPACTED)!.facts.summary, "Summary: the file was made and changed.");
  });

  it("counts tokens once an answer", () => {
    const { tokens, messageHashes } = sessions.get(DOCS)!;
    assertEquals(tokens.map(({ input, output }) => [input, output]), Array(6).fill([1200, 40]));
    assert(tokens.every(({ message }) => messageHashes.includes(message)));
    const cached = readSessions(copilotReader, CALLS).get(INTERRUPTED)!.tokens;
    assertEquals([cached[0].input, cached[0].cacheRead, cached[0].output], [1100, 100, 50]);
  });

  it("shows the conversation", () => {
    const [source] = copilotReader.discover([SAMPLES]).sources
      .filter(({ path }) => path.includes(COMPACTED));
    const shown = readConversation(copilotReader, source, COMPACTED);
    assertEquals(shown.map(({ role, blocks }) => [role, blocks.map(({ kind }) => kind).join()]), [
      ["user", "text"],
      ["assistant", "call"],
      ["user", "result"],
      ["assistant", "call"],
      ["user", "result"],
      ["assistant", "call"],
      ["user", "result"],
      ["system", "notice"],
      ["assistant", "call"],
      ["user", "result"],
      ["assistant", "text"],
    ]);
    assertEquals(copilotReader.resumeCommand(COMPACTED), ["copilot", "--resume", COMPACTED]);
  });
});

describe("calls of Copilot CLI's terminal UI", () => {
  const events = ownEvents(readSessions(copilotReader, CALLS), INTERRUPTED);

  it("tells what was refused, denied by a rule, interrupted and killed", () => {
    assertEquals(failuresOf(events), [
      ["call_1_0", "denied", null],
      ["call_7_0", "interrupted", null],
      ["call_9_0", "denied", null],
      ["call_10_0", "denied", null],
      ["call_13_0", "failed", null],
      ["call_18_0", "interrupted", null],
      ["call_19_0", "denied", null],
      ["call_21_0", "interrupted", null],
    ]);
  });

  it("has what was typed while a command ran", () => {
    const prompts = events.flatMap((event) => event.kind === "prompt" ? event.text : []);
    assertEquals(prompts.slice(7, 9), ["case slow", "case queued"]);
  });
});

describe("a fork of Copilot CLI's", () => {
  it("names its parent, and has the same identity for the messages it copied", () => {
    const [first, fork] = [...readSessions(copilotReader, FORK).values()]
      .sort((a, b) => a.facts.bornAt! - b.facts.bornAt!);
    assertEquals(fork.facts.generatedTitle, "commit in parent (fork)");
    assertEquals(fork.facts.forkedFrom, first.facts.session);
    assertEquals(first.facts.forkedFrom, null);
    assert(fork.facts.bornAt! > first.facts.lastAt!);
    const copied = new Set(first.messageHashes);
    assertEquals(fork.messageHashes.filter((hash) => copied.has(hash)).length, copied.size);
    const own = fork.events.filter(({ message }) => !copied.has(message));
    assertEquals(own.map(({ kind }) => kind), ["prompt", "command", "commit"]);
    const keys = new Set(fork.tokens.map(({ key }) => key));
    assert(first.tokens.every(({ key }) => keys.has(key)));
  });
});

describe("what Copilot CLI writes of a call", () => {
  const COMMIT = { command: "git commit -m x && git push" };
  const DONE = "[main abc1234] x\n 1 file changed, 1 insertion(+)\n";

  it("has the exit code of a command that failed, and the commit that it made before", () => {
    const events = eventsOf([
      ["tool.execution_start", { toolCallId: "c", toolName: "bash", arguments: COMMIT }],
      ["tool.execution_complete", {
        toolCallId: "c",
        success: true,
        shellExecution: { exitCode: 128 },
        result: { content: `${DONE}<shellId: 0 completed with exit code 128>` },
      }],
    ]);
    assertEquals(failuresOf(events), [["c", "failed", 128]]);
    assertEquals(events.map(({ kind }) => kind), ["command", "failure", "commit"]);
  });

  it("joins what a command printed in the background to its call, each commit once", () => {
    const read = (id: string, content: string): [string, unknown][] => [
      ["tool.execution_start", {
        toolCallId: id,
        toolName: "read_bash",
        arguments: { shellId: "4" },
      }],
      ["tool.execution_complete", { toolCallId: id, success: true, result: { content } }],
    ];
    const events = eventsOf([
      ["tool.execution_start", { toolCallId: "c", toolName: "bash", arguments: COMMIT }],
      ["tool.execution_complete", {
        toolCallId: "c",
        success: true,
        result: { content: "<command with shellId: 4 moved to background by the user.>" },
      }],
      ...read("r1", `${DONE}<command with shellId: 4 is still running>`),
      ["system.notification", {
        kind: { type: "shell_completed", shellId: "4", exitCode: 1 },
      }],
      ...read("r2", `${DONE}<shellId: 4 completed with exit code 1>`),
    ]);
    assertEquals(events.map(({ kind, call }) => [kind, call]), [
      ["command", "c"],
      ["commit", "c"],
      ["failure", "c"],
    ]);
  });

  it("does not know whether a call ran of which nothing was asked and nothing came", () => {
    const start = { toolCallId: "c", toolName: "bash", arguments: COMMIT };
    const asked = { requestId: "r", permissionRequest: { kind: "shell", toolCallId: "c" } };
    const end = ["session.shutdown", {}] as [string, unknown];
    assertEquals(failuresOf(eventsOf([["tool.execution_start", start], end])), [
      ["c", "unknown", null],
    ]);
    assertEquals(
      failuresOf(eventsOf([
        ["tool.execution_start", start],
        ["permission.requested", asked],
        end,
      ])),
      [["c", "denied", null]],
    );
  });

  it("takes no prompt for one that the program wrote", () => {
    const events = eventsOf([
      ["user.message", { content: "mine" }],
      ["user.message", { content: "a skill's text", source: "skill-pdf" }],
      ["user.message", { content: "Go on", isAutopilotContinuation: true }],
      ["skill.invoked", { name: "pdf", content: "…", path: "", trigger: "user-invoked" }],
    ]);
    assertEquals(
      events.map((event) =>
        event.kind === "prompt" ? event.text : event.kind === "skill" && event.skill
      ),
      ["mine", "pdf"],
    );
  });

  it("works for a bare log of an older version, with results that are text", () => {
    using folder = new TemporaryFolder();
    const records: [string, unknown][] = [
      ["user.message", { content: "Commit it" }],
      ["tool.execution_start", { toolCallId: "c", toolName: "bash", arguments: COMMIT }],
      ["tool.execution_complete", { toolCallId: "c", success: true, result: DONE }],
    ];
    folder.write(`session-state/${DOCS}.jsonl`, linesOf(records));
    const [source] = copilotReader.discover([folder.path]).sources;
    const { facts, events } = readSource(copilotReader, source).sessions.get(DOCS)!;
    assertEquals(events.map(({ kind }) => kind), ["prompt", "command", "commit"]);
    assertEquals(facts.firstPrompt, "Commit it");
    assertEquals(readConversation(copilotReader, source, DOCS).length, 2);
  });

  it("has the name that a user gave a session", () => {
    using folder = new TemporaryFolder();
    const at = join("session-state", DOCS);
    folder.write(join(at, "events.jsonl"), linesOf([["user.message", { content: "Hi" }]]));
    folder.write(join(at, "workspace.yaml"), 'id: x\nname: "My \\"work\\""\nuser_named: true\n');
    const [before] = copilotReader.discover([folder.path]).sources;
    const stored = readSource(copilotReader, before);
    assertEquals(stored.sessions.get(DOCS)!.facts.customTitle, 'My "work"');
    folder.write(join(at, "workspace.yaml"), "id: x\nname: 'It''s'\nuser_named: true\n");
    const [after] = copilotReader.discover([folder.path]).sources;
    assert(after.stamp !== before.stamp);
    readSource(copilotReader, after, { stored });
    assertEquals(stored.sessions.get(DOCS)!.facts.customTitle, "It's");
  });
});

function failuresOf(events: readonly SessionEvent[]): unknown[] {
  return events.flatMap((event) =>
    event.kind === "failure" ? [[event.call, event.reason, event.exitCode]] : []
  );
}

function linesOf(records: readonly [type: string, data: unknown][]): string {
  const at = Date.parse("2026-12-01T13:00:00.000Z");
  return records.map(([type, data], i) =>
    JSON.stringify({
      type,
      data,
      id: `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`,
      timestamp: new Date(at + i * 1_000).toISOString(),
      parentId: null,
    }) + "\n"
  ).join("");
}

/** Reads a session of these records. */
function eventsOf(records: readonly [type: string, data: unknown][]): SessionEvent[] {
  using folder = new TemporaryFolder();
  const context = { cwd: "/home/me/app", branch: "main" };
  const start: [string, unknown] = ["session.start", { sessionId: DOCS, context }];
  folder.write(`session-state/${DOCS}/events.jsonl`, linesOf([start, ...records]));
  const [source] = copilotReader.discover([folder.path]).sources;
  return readSource(copilotReader, source).events;
}
