import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SessionId } from "../../lib/domain/ids.ts";
import { clineReader } from "../../lib/sessions/cline/reader.ts";
import { assertExpected, editsOf, ownEvents, readSessions } from "./expected.ts";
import { describeReader } from "./reader_contract.ts";
import { readConversation, readSource, TemporaryFolder } from "./reading.ts";

const SAMPLES = fileURLToPath(new URL("../fixtures/agents/cline", import.meta.url));

const GREETING = "1796131043838_pg3x4" as SessionId;
const DOCS = "1796131130624_307xz" as SessionId;
const GOOD_DAY = "1796131178142_otk2w";
const HELPER = "agent_1796131137519_x2wt4k";

describeReader({
  reader: clineReader,
  sampleRoots: [SAMPLES],
  files: ({ path }) => [path, join(dirname(path), `${dirname(path).split("/").at(-1)}.json`)],
});

describe("sessions of Cline 3.0.65", () => {
  const sessions = readSessions(clineReader, SAMPLES);

  it("has the sessions, prompts and commits that were made, a subagent's in its session", () => {
    assertExpected(sessions, SAMPLES);
  });

  it("has the edits, by whole lines as their results show them", () => {
    assertEquals(editsOf(ownEvents(sessions, GREETING)), [
      ["/home/dev/app/greet.py", 3, 0],
      ["/home/dev/app/notes.txt", 1, 0],
      ["/home/dev/app/notes.txt", 2, 1],
      ["/home/dev/app/greet.py", 1, 1],
    ]);
    const docs = ownEvents(sessions, DOCS).filter(({ kind }) => kind === "edit");
    assertEquals(editsOf(docs), [["/home/dev/app/docs.md", 4, 0]]);
    assertEquals(docs.map(({ subagent }) => subagent), [HELPER]);
    assertEquals(editsOf(ownEvents(sessions, GOOD_DAY)), [["/home/dev/app/greet.py", 1, 1]]);
  });

  it("knows what only the document about a session says", () => {
    const { facts } = sessions.get(GREETING)!;
    assertEquals(facts.firstCwd, "/home/dev/app");
    assertEquals(facts.branches, { main: 19 });
    assertEquals(facts.generatedTitle, "Add a greeting and note it");
    assertEquals(facts.firstPrompt, "Add a greeting and note it");
    assertEquals(facts.version, "3.0.65");
    assertEquals(new Date(facts.bornAt!).toISOString(), "2026-12-01T13:17:23.885Z");
  });

  it("counts tokens once an answer", () => {
    const { tokens } = sessions.get(GREETING)!;
    const sum = (key: "input" | "output") => tokens.reduce((all, use) => all + use[key], 0);
    assertEquals([sum("input"), sum("output")], [10_800, 360]);
  });

  it("shows each command of a call with what it printed", () => {
    const [source] = clineReader.discover([SAMPLES]).sources
      .filter(({ path }) => path.includes(GREETING));
    const blocks = readConversation(clineReader, source, GREETING).flatMap(({ blocks }) => blocks)
      .filter((block) => "call" in block && block.call.startsWith("call_00052m9lt6"));
    assertEquals(
      blocks.map((block) =>
        block.kind === "call" ? block.title : block.kind === "result" && block.failed
      ),
      ["ls missing-file", "pwd", true, false],
    );
    assertEquals(clineReader.resumeCommand(GREETING), ["cline", "--id", GREETING]);
  });
});

describe("what else Cline may write", () => {
  const AT = 1_796_131_043_838;

  function eventsOf(messages: { role: string; content: unknown }[]) {
    using folder = new TemporaryFolder();
    const session = "1796131043838_abcde";
    const numbered = messages.map((message, i) => ({ id: `m${i}`, ts: AT + i, ...message }));
    const write = (name: string, document: unknown) =>
      folder.write(`data/sessions/${session}/${session}${name}`, JSON.stringify(document));
    write(".messages.json", { version: 1, messages: numbered });
    write(".json", { version: 1, session_id: session, cwd: "/home/me/app" });
    const [source] = clineReader.discover([folder.path]).sources;
    return readSource(clineReader, source).events;
  }

  function call(name: string, input: unknown) {
    return { role: "assistant", content: [{ type: "tool_use", id: "c", name, input }] };
  }

  function result(content: unknown, more: object = {}) {
    return { role: "user", content: [{ type: "tool_result", tool_use_id: "c", content, ...more }] };
  }

  it("takes commands that make one heredoc together as the program ran them", () => {
    const command = "cat > a.txt <<EOF\none\ntwo\nEOF";
    const events = eventsOf([
      call("run_commands", { commands: [...command.split("\n"), "git add a.txt"] }),
      result([
        { query: command, result: "", success: true },
        { query: "git add a.txt", result: "", success: true },
      ]),
    ]);
    assertEquals(events.map(({ kind, call }) => [kind, call]), [
      ["command", "c/0"],
      ["edit", "c/0"],
      ["command", "c/1"],
    ]);
    assertEquals(editsOf(events), [["/home/me/app/a.txt", 2, 0]]);
  });

  it("tells which of a call's commands failed, and that one was cut short", () => {
    const events = eventsOf([
      call("run_commands", { commands: ["git push", "git fetch && exit 3", "git status"] }),
      result([
        {
          query: "git push",
          result: "",
          error: "Command failed: Command timed out after 30000ms",
          success: false,
        },
        {
          query: "git fetch && exit 3",
          result: "[Command exited with code 3]",
          error: "Command exited with code 3",
          success: false,
        },
        { query: "git status", result: "", success: true },
      ]),
    ]);
    const failures = events.flatMap((event) =>
      event.kind === "failure" ? [[event.call, event.reason, event.exitCode]] : []
    );
    assertEquals(failures, [["c/0", "interrupted", null], ["c/1", "failed", 3]]);
  });

  it("does not know whether a call ran whose result is only an error", () => {
    const events = eventsOf([
      call("run_commands", { commands: ["git commit -m x"] }),
      result([{ type: "text", text: "No result" }], { is_error: true }),
    ]);
    const failure = events.find((event) => event.kind === "failure");
    assertEquals(failure?.kind === "failure" && failure.reason, "unknown");
  });

  it("goes by the replaced text where the shown difference is cut", () => {
    const lines = Array.from({ length: 300 }, (_, i) => `line number ${i}`);
    const shown = ["```diff", "-1: old line", "+1: line number 0"];
    const cut = [...shown, "... diff truncated (0 more removed, 299 more added lines) ...", "```"];
    const events = eventsOf([
      call("editor", { path: "a.txt", old_text: "old line", new_text: lines.join("\n") }),
      result(JSON.stringify({ query: "edit:a.txt", result: cut.join("\n"), success: true })),
    ]);
    assertEquals(editsOf(events), [["/home/me/app/a.txt", 300, 1]]);
    assertEquals(events[0].kind === "edit" && events[0].partial, true);
  });

  it("takes an edit that failed for none, and inserted lines for whole ones", () => {
    const failed = eventsOf([
      call("editor", { path: "/a.txt", old_text: "x", new_text: "y" }),
      result(
        '{"query":"edit:/a.txt","result":"","error":"Editor operation failed","success":false}',
      ),
    ]);
    assertEquals(failed.map(({ kind }) => kind), ["edit", "failure"]);
    const [inserted] = eventsOf([
      call("editor", { path: "/a.txt", new_text: "one\ntwo", insert_line: 3 }),
    ]);
    assertEquals(inserted.kind === "edit" && [inserted.added.length, inserted.partial], [2, false]);
  });

  it("finds what was typed in what is wrapped around it", () => {
    const said = (text: string) => eventsOf([{ role: "user", content: [{ type: "text", text }] }]);
    const notice = "<mode_notice>The user switched.</mode_notice>";
    const [prompt] = said(`${notice}<user_input mode="act">Do <b>this</b></user_input>`);
    assertEquals(prompt.kind === "prompt" && prompt.text, "Do <b>this</b>");
    const [skill, rest] = said('<user_command slash="review">the last one</user_command>');
    assertEquals(skill.kind === "skill" && skill.skill, "review");
    assertEquals(rest.kind === "prompt" && rest.text, "the last one");
  });
});
