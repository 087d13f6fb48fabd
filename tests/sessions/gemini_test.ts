import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SessionId } from "../../lib/domain/ids.ts";
import { hashLine } from "../../lib/domain/line_hashes.ts";
import type { SessionEvent } from "../../lib/domain/session_events.ts";
import { geminiReader } from "../../lib/sessions/gemini/reader.ts";
import { editsOf, readSessions } from "./expected.ts";
import { describeReader } from "./reader_contract.ts";
import { readConversation, readSource, type StoredSession, TemporaryFolder } from "./reading.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/agents/", import.meta.url));
const SAMPLES = join(FIXTURES, "gemini/.gemini");
const CALLS = join(FIXTURES, "gemini-calls/.gemini");
const DOCUMENT = join(FIXTURES, "gemini-document/.gemini");

const RESUMED = "59a2dd1c-8bd8-4620-ba75-ff2d69a18b05" as SessionId;
const PARENT = "001bbcef-fe8c-4fb3-87f8-7434f20c8c24" as SessionId;
const SUBAGENT = "7a95935d-61f3-459a-8cb0-4ef2194e6710";
const REFUSALS = "5505d647-9dae-4c96-9b60-cbe3759d4757" as SessionId;
const OLD = "2e231c48-5542-4d6d-8866-a74be4afe911" as SessionId;

describeReader({ reader: geminiReader, sampleRoots: [SAMPLES, CALLS, DOCUMENT] });

interface Expected {
  id: string;
  file: string;
  subagent?: boolean;
  parent?: string;
  commits: { hash: string; subject: string; seen: string }[];
  rewritten?: { short: string }[];
}

describe("sessions of Gemini CLI 0.61.0", () => {
  const sessions = readSessions(geminiReader, SAMPLES);

  it("has the sessions and commits that were made, file by file", () => {
    const { sessions: expected }: { sessions: Expected[] } = JSON.parse(
      Deno.readTextFileSync(join(FIXTURES, "gemini/expected.json")),
    );
    const { sources } = geminiReader.discover([SAMPLES]);
    for (const { id, file, parent, commits, rewritten = [] } of expected) {
      const source = sources.find(({ path }) => path.endsWith(file.replace(".gemini", "")));
      const stored = readSource(geminiReader, source!);
      const printed = commits.filter(({ seen }) => seen === "output").map(({ hash }) => hash);
      const seen = stored.events.filter((event) => event.kind === "commit");
      assertEquals(
        seen.map(({ hash }) => printed.find((full) => full.startsWith(hash)) ?? hash).sort(),
        [...printed, ...rewritten.map(({ short }) => short)].sort(),
      );
      const isSubagents = stored.events.every((event) => event.subagent === (parent ? id : null));
      assertEquals([...stored.sessions.keys()].every((it) => it === (parent ?? id)), true);
      assertEquals(isSubagents, true);
      for (const { subject } of commits) {
        const asked = stored.events.filter((event) =>
          event.kind === "command" && event.command.includes(subject)
        );
        assertEquals(asked.length, 1, subject);
      }
    }
  });

  it("has the prompts, none of what the program says in the user's name", () => {
    const prompts = [...sessions].map(([id, { events }]) => [id.slice(0, 8), ...promptsIn(events)]);
    assertEquals(prompts.sort(), [
      ["001bbcef", "Ask a helper to write the changelog."],
      [
        "59a2dd1c",
        "Make the greeting configurable and commit quietly.",
        "Now add a farewell with a longer commit message.",
      ],
      ["7200091f", "Rename math to calc, drop the notes and tidy up."],
      ["941fa79b", "Just look around outside."],
      ["d54d5517", "Just look around outside."],
      ["e2b3d274", "Rewrite the readme from scratch."],
      ["f7b95d63", "Just look around outside."],
      ["fd9a1619", "Add a greeting module and commit it."],
    ]);
  });

  it("has the edits by whole lines, those of a subagent too, and none that failed", () => {
    const edits = [...sessions.values()].flatMap(({ events }) => editsOf(events)).sort();
    assertEquals(edits, [
      ["/work/demo/CHANGELOG.md", 1, 0],
      ["/work/demo/CHANGES.md", 3, 0],
      ["/work/demo/README.md", 1, 1],
      ["/work/demo/README.md", 1, 1],
      ["/work/demo/nonl.txt", 1, 1],
      ["/work/demo/src/calc.js", 1, 1],
      ["/work/demo/src/greet.js", 2, 2],
      ["/work/demo/src/greet.js", 3, 0],
      ["/work/demo/src/greet.js", 4, 0],
      ["/work/demo/win.txt", 1, 1],
    ]);
    const [edit] = sessions.get(PARENT)!.events.filter((event) => event.kind === "edit");
    assertEquals([edit.subagent, edit.partial], [SUBAGENT, false]);
    assertEquals([...edit.added], [hashLine("First line.")]);
  });

  it("takes the history that a resumed session repeats for what it is", () => {
    const { facts, messageHashes, tokens } = sessions.get(RESUMED)!;
    assertEquals(messageHashes.length, 18);
    assertEquals(tokens.length, 9);
    assertEquals(facts.tools, { read_file: 2, replace: 2, run_shell_command: 4 });
    assertEquals(facts.models, { "gemini-3.8-flash": 9 });
    const twin = geminiReader.discover([SAMPLES]).sources
      .filter(({ path }) => path.includes("13-21-59a2dd1c"));
    assertEquals(twin.map((source) => readSource(geminiReader, source).sessions.size), [0]);
  });

  it("counts tokens once an answer, the cached ones and the thoughts apart", () => {
    const [{ model, input, cacheRead, output }] = sessions.get(RESUMED)!.tokens;
    assertEquals([model, input, cacheRead, output], ["gemini-3.8-flash", 1100, 100, 60]);
  });

  it("finds the project's folder beside the sessions, or in the list of projects", () => {
    assertEquals(sessions.get(RESUMED)!.facts.cwds, { "/work/demo": 18 });
    using folder = new TemporaryFolder();
    const root = folder.copy(SAMPLES, ".gemini");
    Deno.removeSync(join(root, "tmp/demo-1/.project_root"));
    const moved = readSessions(geminiReader, root).get(
      "f7b95d63-4719-4c37-ab7f-c1256ecbb253" as SessionId,
    );
    assertEquals(moved!.facts.firstCwd, "/work/plain/demo");
  });

  it("gives a command the folder it was called in", () => {
    const status = commandOf(sessions.get(RESUMED)!, "git status --short");
    assertEquals(status.cwd, "/work/demo/src");
  });

  it("goes on with a session by its id", () => {
    assertEquals(geminiReader.resumeCommand(RESUMED), ["gemini", "--resume", RESUMED]);
  });

  it("looks for `.gemini` in the folder that GEMINI_CLI_HOME names", () => {
    const { resolve } = geminiReader.roots;
    assertEquals(resolve(() => undefined, "/home/me", "linux"), ["/home/me/.gemini"]);
    assertEquals(resolve(() => "/elsewhere", "/home/me", "linux"), ["/elsewhere/.gemini"]);
  });
});

describe("calls of Gemini CLI that were refused or cut short", () => {
  const { events } = readSessions(geminiReader, CALLS).get(REFUSALS)!;

  it("tells what never ran from what was interrupted", () => {
    const failures = events.filter((event) => event.kind === "failure")
      .map(({ call, reason }) => [call, reason]);
    assertEquals(failures, [
      ["run_shell_command__fc_2_0", "denied"],
      ["run_shell_command__fc_4_0", "denied"],
      ["run_shell_command__fc_8_0", "interrupted"],
      ["run_shell_command__fc_10_0", "denied"],
    ]);
  });

  it("has no edit that was refused, though its texts are there, and none that did not match", () => {
    assertEquals(editsOf(events), []);
  });

  it("dates an interrupted command back to the answer that made it", () => {
    const command = commandOf({ events }, "'interrupted'");
    const [failure] = events.filter(({ kind, call }) =>
      kind === "failure" && call === command.call
    );
    assertEquals(new Date(command.at).toISOString(), "2026-12-01T14:23:48.908Z");
    assertEquals(new Date(failure.at).toISOString(), "2026-12-01T14:23:56.430Z");
  });

  it("has every prompt once, though a refusal has the history written anew", () => {
    assertEquals(promptsIn(events), [
      "case refuse shell",
      "case refuse edit",
      "case refuse edit",
      "case grant shell",
      "case interrupt",
      "case policy",
      "case bad edit",
      "case slow",
      "case queued",
      "case kill",
    ]);
  });
});

describe("logs of Gemini CLI", () => {
  it("says the same of a line whether it is parsed or known by its beginning", () => {
    using folder = new TemporaryFolder();
    for (const [i, samples] of [SAMPLES, CALLS].entries()) {
      const root = folder.copy(samples, `${i}/${basename(samples)}`);
      for (const { path } of geminiReader.discover([root]).sources) {
        const lines = Deno.readTextFileSync(path).split("\n");
        Deno.writeTextFileSync(path, lines.map((line) => line && ` ${line}`).join("\n"));
      }
      assertEquals(readSessions(geminiReader, root), readSessions(geminiReader, samples));
    }
  });

  it("keeps what was rewound, since it happened", () => {
    const session = readLog([
      prompt("first", "Commit it."),
      answer("second", [shell("a", "git commit -m x", "[main 1234567] x\n 1 file changed")]),
      { $rewindTo: uuid("first") },
      prompt("third", "Do something else."),
    ]);
    assertEquals(promptsIn(session.events), ["Commit it.", "Do something else."]);
    assertEquals(session.events.filter(({ kind }) => kind === "commit").length, 1);
    assertEquals(shownTexts(session.shown), ["Commit it.", "Do something else."]);
  });

  it("leaves out history that is written once more under new ids", () => {
    const session = readLog([
      prompt("first", "Look around."),
      answer("second", [], "It is a demo."),
      prompt("third", "Commit it."),
      answer("fourth", [shell("a", "git commit -m x", null)]),
      prompt("fifth", "<session_context>\nToday\n</session_context>", "Look around."),
      { ...answer("sixth", [], "It is a demo."), model: undefined, tokens: null },
      prompt("seventh", "Commit it."),
      { $set: { messages: [prompt("seventh", "Commit it.")] } },
      prompt("eighth", "Go on."),
    ]);
    assertEquals(promptsIn(session.events), ["Look around.", "Commit it.", "Go on."]);
    assertEquals(shownTexts(session.shown), [
      "Look around.",
      "It is a demo.",
      "Commit it.",
      "Go on.",
    ]);
    assertEquals(session.messageHashes.length, 5);
  });

  it("takes up what only a list of all messages holds", () => {
    const session = readLog([
      { $set: { messages: [answer("first", [shell("a", "git push", null)])] } },
    ]);
    assertEquals(session.events.map(({ kind }) => kind), ["command"]);
  });

  it("finds the answer to a call among those of all calls of a turn", () => {
    const call = shell("b", "git commit -m y", null);
    const others = shell("a", "git commit -m x", "[main 1234567] x\n 1 file changed").result;
    const session = readLog([
      answer("first", [{ ...call, resultDisplay: undefined, result: [...others, ...call.result] }]),
    ]);
    assertEquals(session.events.map(({ kind }) => kind), ["command"]);
  });

  it("tells the exit code that a successful call hides, whatever its output looks like", () => {
    const output = "Output: Exit Code: 0\nExit Code: 128\nProcess Group PGID: 7";
    const session = readLog([
      answer("first", [{ ...shell("a", "git commit -m x", ""), ...answered("a", output) }]),
    ]);
    const [failure] = session.events.filter((event) => event.kind === "failure");
    assertEquals([failure.reason, failure.exitCode], ["failed", 128]);
  });

  it("takes a command that a timeout ended for interrupted, with what it had printed", () => {
    const output =
      "<untrusted_context>\nCommand was automatically cancelled because it exceeded the timeout of 5.0 " +
      "minutes without output. Below is the output before it was cancelled:\n[main 1234567] x\n 1 file changed\n" +
      "</untrusted_context>";
    const session = readLog([
      answer("first", [{ ...shell("a", "git commit -m x", ""), ...answered("a", output) }]),
    ]);
    assertEquals(session.events.map(({ kind }) => kind), ["command", "failure", "commit"]);
  });

  it("does not know whether a call ran that was stopped without a word of it", () => {
    const stopped = {
      ...shell("a", "git commit -m x", ""),
      ...refused("a", "[Operation Cancelled] Reason: Operation cancelled by user"),
    };
    const [, failure] = readLog([answer("first", [stopped])]).events;
    assertEquals(failure.kind === "failure" && failure.reason, "unknown");
  });

  it("reads a command that the user typed, and what it printed", () => {
    const said = "I ran the following shell command:\n```sh\ngit commit -m \\`x\\`\n```\n\n" +
      "This produced the following result:\n```\n[main 1234567] x\n 1 file changed\n```";
    const { events, shown } = readLog([prompt("first", said)]);
    assertEquals(events.map(({ kind, call }) => [kind, call]), [
      ["command", uuid("first")],
      ["commit", uuid("first")],
    ]);
    assertEquals(commandOf({ events }, "git").command, "git commit -m `x`");
    assertEquals(shown[0].blocks.map(({ kind }) => kind), ["call", "result"]);
  });

  it("shows the user's words where files were added to them", () => {
    const session = readLog([{
      ...prompt("first", "Explain @a.ts", "Content of a.ts: …"),
      displayContent: [{ text: "Explain @a.ts" }],
    }]);
    assertEquals(promptsIn(session.events), ["Explain @a.ts"]);
  });

  it("tells messages of two sessions apart whose ids are the same", () => {
    const id = "d04923d38bb0f6017037e74183378ef4";
    const [first, second] = ["one", "two"].map((name) =>
      readLog([{ ...prompt("first", "Hello."), id }], uuid(name)).messageHashes
    );
    assertEquals(first.length, 1);
    assertEquals(first[0] === second[0], false);
  });
});

describe("documents of Gemini CLI 0.33.0", () => {
  it("is read as a log is", () => {
    const { facts, events } = readSessions(geminiReader, DOCUMENT).get(OLD)!;
    assertEquals(promptsIn(events), ["Write a note and commit it."]);
    assertEquals(editsOf(events), [["/home/dev/app/note.txt", 2, 0], [
      "/home/dev/app/note.txt",
      1,
      1,
    ]]);
    const commits = events.flatMap((event) => event.kind === "commit" ? [event.hash] : []);
    assertEquals(commits, ["0277c65"]);
    const codes = events.flatMap((event) => event.kind === "failure" ? [event.exitCode] : []);
    assertEquals(codes, [3]);
    assertEquals(facts.firstCwd, "/home/dev/app");
    assertEquals(facts.lastMessage, "Done with the note.");
  });

  it("finds the project's folder by its hash, where nothing names it", () => {
    using folder = new TemporaryFolder();
    const hash = createHash("sha256").update("/home/dev/app").digest("hex");
    folder.copy(join(DOCUMENT, "tmp/app/chats"), `tmp/${hash}/chats`);
    assertEquals(readSessions(geminiReader, folder.path).get(OLD)!.facts.firstCwd, "/home/dev/app");
  });

  it("keeps what it knows of a document while that is written", () => {
    using folder = new TemporaryFolder();
    folder.copy(DOCUMENT, ".");
    const [source] = geminiReader.discover([folder.path]).sources;
    const stored = readSource(geminiReader, source);
    Deno.writeTextFileSync(source.path, Deno.readTextFileSync(source.path).slice(0, 500));
    readSource(geminiReader, source, { stored });
    assertEquals([...stored.sessions.keys()], [OLD]);
    assertEquals(stored.skipped, { notJson: 1 });
  });
});

/** Reads a session's log of the records given. */
function readLog(records: object[], session = uuid("session")) {
  using folder = new TemporaryFolder();
  const head = { sessionId: session, projectHash: "0", startTime: at(0), kind: "main" };
  const lines = [head, ...records].map((record, i) => {
    const timestamp = at(i);
    return JSON.stringify("id" in record ? { ...record, timestamp } : record);
  });
  folder.write("tmp/app/chats/session-2026-12-01T13-00-00000000.jsonl", `${lines.join("\n")}\n`);
  folder.write("tmp/app/.project_root", "/work/app");
  const [source] = geminiReader.discover([folder.path]).sources;
  const stored = readSource(geminiReader, source);
  assertEquals(stored.skipped, {});
  const id = session as SessionId;
  return { ...stored.sessions.get(id)!, shown: readConversation(geminiReader, source, id) };
}

function at(second: number): string {
  return new Date(Date.UTC(2026, 11, 1, 13, 0, second)).toISOString();
}

function uuid(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return [8, 12, 16, 20].reduce(
    (id, place, i) => `${id.slice(0, place + i)}-${id.slice(place + i)}`,
    hex.slice(0, 32),
  );
}

function prompt(name: string, ...texts: string[]) {
  return {
    id: uuid(name),
    timestamp: at(0),
    type: "user",
    content: texts.map((text) => ({ text })),
  };
}

function answer(name: string, toolCalls: object[], content = "") {
  const tokens = { input: 10, output: 2, cached: 0, thoughts: 0, tool: 0, total: 12 };
  const calls = toolCalls.length > 0 ? { toolCalls } : {};
  return {
    id: uuid(name),
    timestamp: at(0),
    type: "gemini",
    content,
    tokens,
    model: "gemini-3",
    ...calls,
  };
}

function shell(id: string, command: string, printed: string | null) {
  return {
    id,
    name: "run_shell_command",
    args: { command },
    status: "success",
    timestamp: at(59),
    resultDisplay: printed ?? "",
    ...answered(id, `<untrusted_context>\nOutput: ${printed ?? "(empty)"}\n</untrusted_context>`),
  };
}

function answered(id: string, output: string) {
  return {
    result: [{ functionResponse: { id, name: "run_shell_command", response: { output } } }],
  };
}

function refused(id: string, error: string) {
  const result = [{ functionResponse: { id, name: "run_shell_command", response: { error } } }];
  return { status: "cancelled", result, resultDisplay: undefined };
}

function promptsIn(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => event.kind === "prompt" ? [event.text] : []);
}

function commandOf({ events }: Pick<StoredSession, "events">, words: string) {
  const [command] = events.filter((event) =>
    event.kind === "command" && event.command.includes(words)
  );
  if (command?.kind !== "command") throw new Error(`no command with ${words}`);
  return command;
}

function shownTexts(shown: ReturnType<typeof readConversation>): string[] {
  return shown.flatMap(({ blocks }) => blocks).flatMap((block) =>
    block.kind === "text" ? [block.text] : []
  );
}
