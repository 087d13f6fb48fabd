import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SessionId } from "../../lib/domain/ids.ts";
import { hashLine } from "../../lib/domain/line_hashes.ts";
import type { SessionEvent } from "../../lib/domain/session_events.ts";
import { qwenReader } from "../../lib/sessions/qwen/reader.ts";
import { editsOf, ownEvents, readSessions } from "./expected.ts";
import { describeReader } from "./reader_contract.ts";
import { readConversation, readSource, TemporaryFolder } from "./reading.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/agents/", import.meta.url));
const SAMPLES = join(FIXTURES, "qwen/.qwen");
const CALLS = join(FIXTURES, "qwen-calls/.qwen");

const PARENT = "35c85bf9-8f67-4a91-9385-7c39da3b1433" as SessionId;
const SUBAGENT = "general-purpose-call_22_0";
const ORIGINAL = "2a89a83d-22c5-43ec-b1bb-bf1a9c385378" as SessionId;
const FORK = "e7fbc04b-9a39-47bc-95b2-1abe81a97a5d" as SessionId;
const REFUSALS = "042557f5-7719-4276-b260-bd64ad5fe805" as SessionId;
const SESSION = "11111111-2222-4333-8444-555555555555" as SessionId;

describeReader({ reader: qwenReader, sampleRoots: [SAMPLES, CALLS] });

interface Expected {
  id: string;
  file: string;
  parent?: string;
  commits: { hash: string; subject: string; seen: string }[];
  rewritten?: { short: string }[];
}

describe("sessions of Qwen Code 0.24.4", () => {
  const sessions = readSessions(qwenReader, SAMPLES);

  it("has the sessions and commits that were made, those of a fork's original not again", () => {
    const { sessions: expected }: { sessions: Expected[] } = JSON.parse(
      Deno.readTextFileSync(join(FIXTURES, "qwen/expected.json")),
    );
    for (const { id, parent, commits, rewritten = [] } of expected) {
      const subagent = parent === undefined ? null : id.replace("agent-", "");
      const events = ownEvents(sessions, parent ?? id).filter((it) => it.subagent === subagent);
      const printed = commits.filter(({ seen }) => seen === "output").map(({ hash }) => hash);
      const seen = events.flatMap((event) => event.kind === "commit" ? [event.hash] : []);
      assertEquals(
        seen.map((hash) => printed.find((full) => full.startsWith(hash)) ?? hash).sort(),
        [...printed, ...rewritten.map(({ short }) => short)].sort(),
      );
      for (const { subject } of commits) {
        const asked = events.filter((event) =>
          event.kind === "command" && event.command.includes(subject)
        );
        assertEquals(asked.length, 1, subject);
      }
    }
    assertEquals(sessions.size, 9);
  });

  it("has the prompts", () => {
    const prompts = [...sessions.keys()].map((id) => [
      id.slice(0, 8),
      ...promptsIn(ownEvents(sessions, id)),
    ]);
    assertEquals(prompts.sort(), [
      ["2a89a83d", "Rewrite the readme from scratch."],
      ["35c85bf9", "Ask a helper to write the changelog."],
      ["377a85f0", "Add a greeting module and commit it."],
      [
        "7ca05d77",
        "Make the greeting configurable and commit quietly.",
        "Now add a farewell with a longer commit message.",
      ],
      ["bceaa020", "Rename math to calc, drop the notes and tidy up."],
      ["c6a60209", "Just look around outside."],
      ["cfa8f114", "Just look around outside."],
      ["e6a77793", "Just look around outside."],
      ["e7fbc04b", "Continue in another way."],
    ]);
  });

  it("has the edits by whole lines, and none that failed", () => {
    const edits = [...sessions.keys()].flatMap((id) => editsOf(ownEvents(sessions, id))).sort();
    assertEquals(edits, [
      ["/work/demo/CHANGELOG.md", 1, 0],
      ["/work/demo/CHANGES.md", 3, 0],
      ["/work/demo/README.md", 1, 1],
      ["/work/demo/README.md", 1, 1],
      ["/work/demo/nonl.txt", 1, 1],
      ["/work/demo/other.txt", 1, 0],
      ["/work/demo/src/calc.js", 1, 1],
      ["/work/demo/src/greet.js", 2, 2],
      ["/work/demo/src/greet.js", 3, 0],
      ["/work/demo/src/greet.js", 4, 0],
      ["/work/demo/win.txt", 1, 1],
    ]);
  });

  it("takes the edit of a subagent from its call, since the result does not show it", () => {
    const [edit] = sessions.get(PARENT)!.events.filter((event) => event.kind === "edit");
    assertEquals([edit.subagent, edit.partial], [SUBAGENT, false]);
    assertEquals([...edit.added], [hashLine("First line.")]);
  });

  it("knows a fork by what it names, and its own first message", () => {
    const { facts, messageHashes } = sessions.get(FORK)!;
    assertEquals(facts.forkedFrom, ORIGINAL);
    assertEquals(new Date(facts.bornAt!).toISOString(), "2026-12-01T13:31:21.142Z");
    const original = sessions.get(ORIGINAL)!;
    assertEquals(messageHashes.slice(0, 20), original.messageHashes);
    assertEquals(messageHashes.length, 26);
  });

  it("has folder, branch, version and models", () => {
    const { cwds, branches, version, models } = sessions.get(FORK)!.facts;
    assertEquals({ cwds, branches, version, models }, {
      cwds: { "/work/demo": 26 },
      branches: { main: 26 },
      version: "0.24.4",
      models: { "qwen3-coder-plus": 12 },
    });
  });

  it("counts a subagent's tokens for the model that it was started with", () => {
    const { tokens } = sessions.get(PARENT)!;
    assertEquals(tokens.map(({ model }) => model), Array(5).fill("qwen3-coder-plus"));
  });

  it("goes on with a session by its id", () => {
    assertEquals(qwenReader.resumeCommand(FORK), ["qwen", "--resume", FORK]);
  });

  it("looks where sessions are moved to first", () => {
    const resolve = (variables: Record<string, string>) =>
      qwenReader.roots.resolve((name) => variables[name], "/home/me", "linux");
    assertEquals(resolve({}), ["/home/me/.qwen"]);
    assertEquals(resolve({ QWEN_HOME: "/config" }), ["/config"]);
    assertEquals(resolve({ QWEN_HOME: "/config", QWEN_RUNTIME_DIR: "~/run" }), ["/home/me/run"]);
  });
});

describe("calls of Qwen Code that were refused or cut short", () => {
  const sessions = readSessions(qwenReader, CALLS);
  const { events } = sessions.get(REFUSALS)!;

  it("tells what never ran from what was interrupted", () => {
    const failures = events.filter((event) => event.kind === "failure")
      .map(({ call, reason }) => [call, reason]);
    assertEquals(failures, [
      ["call_1_0", "denied"],
      ["call_7_0", "interrupted"],
      ["call_9_0", "denied"],
    ]);
  });

  it("has no edit that was refused, though its texts are there, and none that did not match", () => {
    assertEquals(editsOf(events), []);
  });

  it("has the command of a session that was killed meanwhile", () => {
    const last = events.at(-1)!;
    assertEquals([last.kind, last.call], ["command", "call_19_0"]);
  });

  it("has a prompt that was typed while another was at work", () => {
    assertEquals(promptsIn(events).slice(-3), ["case slow", "case queued", "case kill"]);
  });
});

describe("logs of Qwen Code", () => {
  it("says the same of a line whether it is parsed or known by its beginning", () => {
    using folder = new TemporaryFolder();
    for (const [i, samples] of [SAMPLES, CALLS].entries()) {
      const root = folder.copy(samples, `${i}/${basename(samples)}`);
      for (const { path } of qwenReader.discover([root]).sources) {
        const lines = Deno.readTextFileSync(path).split("\n");
        Deno.writeTextFileSync(path, lines.map((line) => line && ` ${line}`).join("\n"));
      }
      assertEquals(readSessions(qwenReader, root), readSessions(qwenReader, samples));
    }
  });

  it("takes lines from the difference that a result shows where its texts are cut", () => {
    const long = "cut in the middle\n";
    const display = {
      filePath: "/w/a.ts",
      fileName: "a.ts",
      originalContent: long,
      newContent: long + "x",
    };
    const fileDiff = "--- a.ts\n+++ a.ts\n@@ -1,3 +1,4 @@\n one\n-two\n+2\n+++b\n three\n";
    const cut = { originalContentTruncated: true, newContentTruncated: true };
    const { events } = readLog([
      answer(
        "1",
        call("a", "edit", { file_path: "/w/a.ts", old_string: "two", new_string: "2\n++b" }),
      ),
      result("2", "a", "edit", { output: "Done." }, { ...display, ...cut, fileDiff }),
    ]);
    assertEquals(linesOf(events), {
      added: ["2", "++b"].map(hashLine),
      removed: [hashLine("two")],
    });
  });

  it("takes lines from the call where the difference is cut, too, even after a restart", () => {
    const display = {
      filePath: "/w/a.ts",
      originalContent: "…",
      newContent: "…",
      fileDiff: "@@ -1 +1 @@\n-Full diff omitted",
      originalContentTruncated: true,
      newContentTruncated: true,
      fileDiffTruncated: true,
    };
    const records = [
      answer("1", call("a", "write_file", { file_path: "/w/a.ts", content: "one\ntwo\n" })),
      result("2", "a", "write_file", { output: "Done." }, display),
    ];
    for (const way of [{}, { budget: 1, takeOften: true, restartAfter: 1 }]) {
      const { events } = readLog(records, way);
      assertEquals(linesOf(events), { added: ["one", "two"].map(hashLine), removed: [] });
    }
  });

  it("tells the exit code and the commit that a failing command made before", () => {
    const { events } = readLog([
      answer(
        "1",
        call("a", "run_shell_command", { command: "git commit -m x && false", directory: "sub" }),
      ),
      result("2", "a", "run_shell_command", { error: "Command: …" }, {
        type: "shell_result",
        output: "[main 1234567] x\n 1 file changed",
        exitCode: 1,
        outcome: "failed",
      }, { status: "error", executionStatus: "error" }),
    ]);
    const told = events.map((event) => [event.kind, event.cwd]);
    assertEquals(told, [["command", "/w/sub"], ["failure", "/w/sub"], ["commit", "/w/sub"]]);
    const failure = events[1];
    assertEquals(failure.kind === "failure" && [failure.reason, failure.exitCode], ["failed", 1]);
  });

  it("reads a subagent's outcome from what the model was told", () => {
    const { events } = readLog([
      answer("1", call("a", "run_shell_command", { command: "git commit -m x" })),
      {
        ...result("2", "a", "run_shell_command", {
          error:
            "Command: git commit -m x\nDirectory: (root)\nOutput: nothing to commit\nError: (none)\nExit Code: 1\nSignal: (none)",
        }),
        toolCallResult: { callId: "a" },
      },
      answer("3", call("b", "run_shell_command", { command: "git push" })),
      {
        ...result("4", "b", "run_shell_command", {
          error: "[Operation Cancelled] Reason: User did not allow tool call",
        }),
        toolCallResult: { callId: "b" },
      },
    ]);
    const failures = events.flatMap((event) =>
      event.kind === "failure" ? [[event.reason, event.exitCode]] : []
    );
    assertEquals(failures, [["failed", 1], ["denied", null]]);
  });

  it("takes nothing for a prompt that the program asked by itself", () => {
    const { events } = readLog([
      prompt("1", "Every hour.", { subtype: "cron" }),
      prompt("2", "A task ended.", { subtype: "notification" }),
      prompt("3", "<system-reminder>Mind this.</system-reminder>"),
      prompt("4", "Explain @a.ts … content", { systemPayload: { displayText: "Explain @a.ts" } }),
    ]);
    assertEquals(promptsIn(events), ["Explain @a.ts"]);
  });

  it("takes a command of the user's own for a skill where it was sent to the model", () => {
    const slash = (uuid: string, rawCommand: string, sentToModel: boolean) =>
      system(uuid, "slash_command", { phase: "invocation", rawCommand, sentToModel });
    const { events } = readLog([slash("1", "/commit all", true), slash("2", "/model", false)]);
    assertEquals(events.map((event) => event.kind === "skill" && event.skill), ["commit"]);
  });

  it("has the titles that the user and a model gave, though no message is before them", () => {
    const { facts } = readLog([
      system("1", "custom_title", { customTitle: "Mine", titleSource: "manual" }),
      system("2", "custom_title", { customTitle: "Its own", titleSource: "auto" }),
      prompt("3", "Hello."),
    ], { budget: 1, takeOften: true, restartAfter: 1 });
    assertEquals([facts.customTitle, facts.generatedTitle], ["Mine", "Its own"]);
  });

  it("counts thoughts among the answer's tokens as the total says", () => {
    const usage = {
      promptTokenCount: 100,
      cachedContentTokenCount: 40,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 5,
    };
    const { tokens } = readLog([
      {
        ...answer("1", { text: "Behind OpenAI's interface." }),
        usageMetadata: { ...usage, totalTokenCount: 120 },
      },
      {
        ...answer("2", { text: "Behind Gemini's." }),
        usageMetadata: { ...usage, totalTokenCount: 125 },
      },
    ]);
    assertEquals(tokens.map(({ input, cacheRead, output }) => [input, cacheRead, output]), [
      [60, 40, 20],
      [60, 40, 25],
    ]);
  });

  it("finds archived sessions, and no other file", () => {
    using folder = new TemporaryFolder();
    for (
      const name of [
        "chats/a.jsonl",
        "chats/archive/b.jsonl",
        "chats/.c.jsonl",
        "chats/a.runtime.json",
        "chats/other/d.jsonl",
        "subagents/a/agent-e.jsonl",
        "subagents/a/agent-e.meta.json",
        "subagents/a/agent-e.jsonl.stream",
        "memory/f.jsonl",
      ]
    ) folder.write(`projects/-w/${name}`, "");
    const found = qwenReader.discover([folder.path]).sources.map(({ path }) => path);
    assertEquals(found.map((path) => path.slice(folder.path.length + "/projects/-w/".length)), [
      "chats/a.jsonl",
      "chats/archive/b.jsonl",
      "subagents/a/agent-e.jsonl",
    ]);
  });
});

/** Reads a session's log of the records given. */
function readLog(records: object[], way: object = {}) {
  using folder = new TemporaryFolder();
  const lines = records.map((record, i) =>
    JSON.stringify({
      ...record,
      timestamp: new Date(Date.UTC(2026, 11, 1, 13, 0, i)).toISOString(),
    })
  );
  folder.write(`projects/-w/chats/${SESSION}.jsonl`, `${lines.join("\n")}\n`);
  const [source] = qwenReader.discover([folder.path]).sources;
  const stored = readSource(qwenReader, source, way);
  assertEquals(stored.skipped, {});
  readConversation(qwenReader, source, SESSION);
  return stored.sessions.get(SESSION)!;
}

function record(uuid: string, type: string, rest: object): object {
  const id = `${uuid.padStart(8, "0")}-0000-4000-8000-${uuid.padStart(12, "0")}`;
  const context = { cwd: "/w", version: "0.24.4", gitBranch: "main" };
  return {
    uuid: id,
    parentUuid: null,
    sessionId: SESSION,
    timestamp: "",
    type,
    ...context,
    ...rest,
  };
}

function prompt(uuid: string, text: string, rest: object = {}): object {
  return record(uuid, "user", { message: { role: "user", parts: [{ text }] }, ...rest });
}

function answer(uuid: string, part: object): object {
  return record(uuid, "assistant", { model: "m", message: { role: "model", parts: [part] } });
}

function call(id: string, name: string, args: object): object {
  return { functionCall: { id, name, args } };
}

function result(
  uuid: string,
  id: string,
  name: string,
  response: object,
  resultDisplay?: object,
  state = { status: "success", executionStatus: "success" },
): object {
  return record(uuid, "tool_result", {
    message: { role: "user", parts: [{ functionResponse: { id, name, response } }] },
    toolCallResult: { callId: id, resultDisplay, ...state },
  });
}

function system(uuid: string, subtype: string, systemPayload: object): object {
  return record(uuid, "system", { subtype, systemPayload });
}

function promptsIn(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => event.kind === "prompt" ? [event.text] : []);
}

function linesOf(events: readonly SessionEvent[]) {
  const [edit] = events.filter((event) => event.kind === "edit");
  return { added: [...edit.added], removed: [...edit.removed] };
}
