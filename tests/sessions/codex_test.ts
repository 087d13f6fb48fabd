import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zstdCompressSync } from "node:zlib";
import type { SessionId } from "../../lib/domain/ids.ts";
import { hashLine } from "../../lib/domain/line_hashes.ts";
import type { SessionEvent } from "../../lib/domain/session_events.ts";
import { codexReader } from "../../lib/sessions/codex/reader.ts";
import { describeReader } from "./reader_contract.ts";
import {
  readConversation,
  readSource,
  type StoredSession,
  StoredSource,
  TemporaryFolder,
} from "./reading.ts";

const SAMPLES = fileURLToPath(new URL("../fixtures/agents/codex", import.meta.url));
const AGENTS = fileURLToPath(new URL("../fixtures/agents/codex-agents", import.meta.url));
const CALLS = fileURLToPath(new URL("../fixtures/agents/codex-calls", import.meta.url));

const PLAIN = "01a231b1-4820-7c93-b5b3-86aaec1315f3";
const RESUMED = "01a231b1-7d5d-7a11-8b1a-08421fda186f";
const RENAMED = "01a231b1-e1ee-70f2-aaaf-c263d8c8e6ce";
const CODE_MODE = "01a231b2-09f9-77f2-8f8a-352450f2524c";
const FORK = "01a231b2-3968-7cd2-9cec-3dc3e48b4410";
const WITH_SUBAGENT = "01a231b3-6502-7421-8b32-e180198cccee";
const SUBAGENT = "01a231b3-6a92-73e2-a43d-63a3abe97aae";
const BACKGROUND = "01a231b3-c1f8-76b2-b898-d4d05f87da19";
const REFUSED = "01a231fb-4257-7b80-a66c-9d16b4e5b1a5";
const CUT_SHORT = "01a23203-63e6-7433-9e73-7b3b376b2997";

describeReader({ reader: codexReader, sampleRoots: [SAMPLES, AGENTS, CALLS] });

describe("sessions of Codex 0.171.0", () => {
  const sessions = sessionsUnder(SAMPLES);
  const agents = sessionsUnder(AGENTS);
  const calls = sessionsUnder(CALLS);

  it("has the sessions and commits that were made, and no others", () => {
    for (const [root, all] of [[SAMPLES, sessions], [AGENTS, agents]] as const) {
      const expected: { sessions: ExpectedSession[] } = JSON.parse(
        Deno.readTextFileSync(join(root, "expected.json")),
      );
      const ids = new Set(expected.sessions.map(({ id, parent }) => parent ?? id));
      assertEquals([...all.keys()].sort(), [...ids].sort());
      for (const { id, parent, commits, rewritten = [] } of expected.sessions) {
        const subagent = parent === undefined ? null : id;
        const made = eventsOf(all, parent ?? id, "commit")
          .filter((event) => event.subagent === subagent)
          .map(({ hash, subject }) => `${hash} ${subject}`);
        const printed = commits.filter(({ seen }) => seen === "output");
        assertEquals(
          made.sort(),
          [
            ...printed.map(({ hash, subject }) => `${hash.slice(0, 7)} ${subject}`),
            ...rewritten.map(({ short, subject }) => `${short} ${subject}`),
          ].sort(),
        );
        for (const { subject } of commits) {
          const ran = eventsOf(all, parent ?? id, "command").some(({ command }) =>
            command.includes(subject)
          );
          assert(ran, `${id} commits "${subject}"`);
        }
      }
    }
  });

  it("has what the user asked, in every run of a session", () => {
    assertEquals(promptsOf(sessions, PLAIN), ["Add a greeting module and commit it."]);
    assertEquals(promptsOf(sessions, RESUMED), [
      "Make the greeting configurable and commit quietly.",
      "Now add a farewell with a longer commit message.",
    ]);
    assertEquals(promptsOf(agents, WITH_SUBAGENT), ["Ask a helper to write the changelog."]);
    assertEquals(sessions.get(RESUMED)!.facts.lastMessage, "Added farewell().");
    assertEquals(promptsOf(calls, REFUSED).slice(-4), [
      "case slow",
      "case queued",
      "case sandbox",
      "case kill",
    ]);
  });

  it("has the edits, with whole lines, new names and old ones", () => {
    assertEquals(editsOf(sessions, PLAIN), [
      ["/work/demo/src/greet.js", 4, 0],
      ["/work/demo/README.md", 1, 1],
    ]);
    assertEquals(editsOf(sessions, RENAMED), [
      ["/work/demo/NOTES.md", 0, 2],
      ["/work/demo/src/calc.js", 1, 1],
      ["/work/demo/CHANGES.md", 3, 0],
    ]);
    const [, moved, heredoc] = eventsOf(sessions, RENAMED, "edit");
    assertEquals([moved.by, moved.movedFrom], ["tool", "/work/demo/src/math.js"]);
    assertEquals([heredoc.by, heredoc.movedFrom], ["command", null]);
    const [readme] = eventsOf(sessions, PLAIN, "edit").slice(1);
    assertEquals([...readme.added], [hashLine("A small demo with a greeting.")]);
    assertEquals([...readme.removed], [hashLine("A small demo.")]);
    assertEquals(editsOf(agents, BACKGROUND), [
      ["/work/demo/shell-patch.txt", 2, 0],
      ["/work/demo/crlf.txt", 3, 0],
      ["/work/demo/win.txt", 1, 1],
      ["/work/demo/nonl.txt", 1, 1],
    ]);
  });

  it("knows where a command ran, and what code mode ran", () => {
    const [status, commit] = eventsOf(sessions, RESUMED, "command");
    assertEquals([status.cwd, commit.cwd], ["/work/demo/src", "/work/demo"]);
    const commands = eventsOf(sessions, CODE_MODE, "command").map(({ command }) => command);
    assertEquals(commands, ["git commit -am 'Add multiply function'"]);
    assertEquals(editsOf(sessions, CODE_MODE), [["/work/demo/src/calc.js", 4, 0]]);
  });

  it("takes a fork for a session of its own that begins where its parent was left", () => {
    const { facts, tokens } = sessions.get(FORK)!;
    assertEquals(facts.forkedFrom, PLAIN as SessionId);
    assertEquals(promptsOf(sessions, FORK), ["Also add a short usage example."]);
    assertEquals(tokens.map(({ input, cacheRead, output }) => [input, cacheRead, output]), [
      [1100, 100, 50],
      [1100, 100, 50],
      [1100, 100, 50],
    ]);
    assertEquals(sessions.get(PLAIN)!.tokens.length, 4);
  });

  it("counts what a subagent did as its parent's, and names the subagent", () => {
    const { facts, events } = agents.get(WITH_SUBAGENT)!;
    assertEquals(facts.externalIds, [SUBAGENT]);
    const own = events.filter(({ subagent }) => subagent === SUBAGENT);
    assertEquals(own.map(({ kind }) => kind), ["edit", "command", "commit"]);
  });

  it("tells calls that ran from those that were refused, and from those of which it cannot be told", () => {
    assertEquals(failuresOf(calls, REFUSED), [
      ["git commit -q -m 'refused'", "unknown", null],
      ["git commit -q -m 'interrupted'; echo made-it; sleep 60", "unknown", null],
      ["git push origin main", "denied", null],
      // The command was not ended with its turn: that it ended by itself is told later, and stands.
      ["git commit -q -m 'interrupted'; echo made-it; sleep 60", "interrupted", 0],
    ]);
    assertEquals(editsOf(calls, REFUSED).filter(([path]) => path.endsWith("notes.txt")), [
      ["/work/demo/notes.txt", 1, 1],
    ]);
    assertEquals(failuresOf(calls, CUT_SHORT), [
      ["git commit -q -m 'cm refused'", "unknown", null],
      ["git commit -q -m 'cm interrupted'; echo made-it; sleep 60", "unknown", null],
      ["git commit -q -m 'killed'; echo made-it; sleep 60", "unknown", null],
      ["git commit -q -m 'cm interrupted'; echo made-it; sleep 60", "unknown", null],
    ]);
    const sandboxed = [...calls.values()].flatMap(({ events }) => events)
      .filter((event) => event.kind === "failure" && event.exitCode === 128);
    assertEquals(sandboxed.length, 1);
  });

  it("shows a conversation with calls, their outputs and the differences they made", () => {
    const blocks = conversationOf(SAMPLES, PLAIN).flatMap((message) => message.blocks);
    assertEquals(blocks.map(({ kind }) => kind).slice(0, 8), [
      "text",
      "thinking",
      "text",
      "call",
      "result",
      "thinking",
      "call",
      "result",
    ]);
    const diffs = blocks.flatMap((block) => block.kind === "result" ? block.diff ?? [] : []);
    assertEquals(diffs.length, 1);
    assert(diffs[0].includes("+++ /work/demo/src/greet.js\n@@ -0,0 +1,3 @@\n+export function"));
    const titles = blocks.flatMap((block) => block.kind === "call" ? block.title : []);
    assertEquals(titles, [
      "ls && cat README.md",
      "src/greet.js, README.md",
      'git add -A && git commit -m "Add greeting module"',
    ]);
    const failed = conversationOf(CALLS, REFUSED).flatMap((message) => message.blocks)
      .filter((block) => block.kind === "result" && block.failed);
    assertEquals(failed.length, 6);
  });

  it("names the command that goes on with a session", () => {
    assertEquals(codexReader.resumeCommand(PLAIN as SessionId), ["codex", "resume", PLAIN]);
  });
});

describe("rollouts on disk", () => {
  it("are the same source when archived or compressed, and are read on", () => {
    using folder = new TemporaryFolder();
    const root = folder.copy(SAMPLES, ".");
    const before = codexReader.discover([root]).sources;
    const source = before.find(({ path }) => path.includes(PLAIN))!;
    const stored = readSource(codexReader, source);
    const events = stored.events.length;
    const archive = join(root, "archived_sessions");
    Deno.mkdirSync(archive);
    const archived = join(archive, source.key);
    Deno.renameSync(source.path, archived);
    Deno.writeFileSync(`${archived}.zst`, zstdCompressSync(Deno.readFileSync(archived)));
    const plain = codexReader.discover([root]).sources;
    assertEquals(plain.map(({ key }) => key), before.map(({ key }) => key));
    assertEquals(plain.find(({ key }) => key === source.key)!.path, archived);
    Deno.removeSync(archived);
    const compressed = codexReader.discover([root]).sources
      .find(({ key }) => key === source.key)!;
    assertEquals(compressed.identity, source.identity);
    readSource(codexReader, compressed, { stored });
    assertEquals(stored.events.length, events);
    assertEquals(readSource(codexReader, compressed).events, stored.events);
    assertEquals(
      readConversation(codexReader, compressed, PLAIN as SessionId).length,
      conversationOf(SAMPLES, PLAIN).length,
    );
  });

  it("are read line by line while they are written", () => {
    for (const root of [SAMPLES, AGENTS, CALLS]) {
      for (const source of codexReader.discover([root]).sources) {
        using folder = new TemporaryFolder();
        const path = folder.write(source.key, "");
        const stored = new StoredSource();
        for (const line of Deno.readTextFileSync(source.path).trimEnd().split("\n")) {
          Deno.writeTextFileSync(path, `${line}\n`, { append: true });
          readSource(codexReader, { ...source, path }, { stored });
        }
        const whole = readSource(codexReader, source);
        assertEquals([...stored.sessions], [...whole.sessions]);
      }
    }
  });

  it("that are spelled another way tell the same", () => {
    using folder = new TemporaryFolder();
    for (const [i, sample] of [SAMPLES, AGENTS, CALLS].entries()) {
      const root = folder.copy(sample, `${i}`);
      for (const { path } of codexReader.discover([root]).sources) {
        const lines = Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => {
          const { payload, ...head } = JSON.parse(line);
          return JSON.stringify({ payload, ...head });
        });
        Deno.writeTextFileSync(path, lines.join("\n"));
      }
      const spelled = sessionsUnder(root);
      for (const [id, { events, messageHashes, tokens }] of sessionsUnder(sample)) {
        const other = spelled.get(id)!;
        assertEquals(other.events, events);
        assertEquals(other.messageHashes, messageHashes);
        assertEquals(other.tokens, tokens);
      }
    }
  });
});

const THREAD = "019e7da4-83bc-7dc1-93d3-a435cb5c9100";
const CHILD = "019e7db7-d89c-7070-b812-4435399bcd61";
const TURN = "019e7da4-8c7b-7d32-8611-003cacb5c34b";
const CHILD_TURN = "019e7db7-e000-7d32-8611-003cacb5c34b";

describe("rollouts of older versions", () => {
  it("stand bare in those of 2025: without times, with the folder in the first message", () => {
    using rollout = new Rollout(THREAD, [
      {
        id: THREAD,
        timestamp: "2025-08-18T01:16:13.522Z",
        instructions: null,
        git: { commit_hash: "abc1234", branch: "topic" },
      },
      { record_type: "state" },
      message("user", "<environment_context>\n  <cwd>/work/demo</cwd>\n</environment_context>"),
      message("user", "Commit it"),
      call("shell", "call_a", { command: ["bash", "-lc", "git commit -am 'Old form'"] }),
      output("call_a", {
        output: "[topic 1234567] Old form\n 1 file changed, 1 insertion(+)\n",
        metadata: { exit_code: 0, duration_seconds: 0.1 },
      }),
      call("shell", "call_b", {
        command: ["apply_patch", "*** Begin Patch\n*** Add File: a.txt\n+one\n*** End Patch\n"],
      }),
      output("call_b", { output: "Success.\n", metadata: { exit_code: 0 } }),
      call("shell", "call_c", { command: ["git", "push", "--tags"], workdir: "sub" }),
      output("call_c", { output: "fatal: no remote\n", metadata: { exit_code: 128 } }),
      { ...message("assistant", "Done."), id: null },
    ]);
    const { facts, events } = rollout.session();
    assertEquals(
      [facts.firstCwd, facts.firstPrompt, facts.lastMessage, facts.branches],
      ["/work/demo", "Commit it", "Done.", { topic: 6 }],
    );
    assertEquals(events.map(summary), [
      "prompt Commit it",
      "command git commit -am 'Old form'",
      "commit 1234567",
      "edit /work/demo/a.txt",
      "command git push --tags",
      "failure failed 128",
    ]);
    assertEquals(events[4].cwd, "/work/demo/sub");
    assertEquals(new Date(events[0].at).toISOString(), "2025-08-18T01:16:13.522Z");
    assertEquals(rollout.skipped(), {});
    assertEquals(rollout.conversation().map(({ role }) => role), [
      "user",
      ...Array(6).fill("assistant"),
      "assistant",
    ]);
  });

  it("tell of commands and patches by events, one beside the call's output", () => {
    using rollout = new Rollout(THREAD, [
      meta(THREAD),
      event("task_started", { turn_id: TURN }),
      record("turn_context", { turn_id: TURN, cwd: "/work/demo", model: "gpt-5.4" }),
      event("user_message", {
        message:
          "# Context from my IDE setup:\n\n## Open tabs:\n- a\n\n## My request for Codex:\nGo\n",
      }),
      item(call("exec_command", "call_a", { cmd: "git commit -m X" })),
      event("exec_command_end", {
        call_id: "call_a",
        command: ["/bin/zsh", "-lc", "git commit -m X"],
        cwd: "/work/demo",
        aggregated_output: "[main 89abcde] X\n",
        exit_code: 0,
        status: "completed",
      }),
      item(output("call_a", "Process exited with code 0\nOutput:\n[main 89abcde] X\n")),
      item({
        type: "custom_tool_call",
        call_id: "call_b",
        name: "apply_patch",
        input: "*** Begin Patch\n*** Update File: a\n@@\n-x\n+y\n*** End Patch\n",
      }),
      event("patch_apply_end", {
        call_id: "call_b",
        success: true,
        changes: { "/work/demo/a": { update: { unified_diff: "@@ -1 +1 @@\n-x\n+y\n" } } },
      }),
      item({ ...output("call_b", "Exit code: 0\nOutput:\nok\n"), type: "custom_tool_call_output" }),
      // In this version nothing but the call told of a patch.
      item({
        type: "custom_tool_call",
        call_id: "call_c",
        name: "apply_patch",
        input: "*** Begin Patch\n*** Update File: b\n*** Move to: c\n@@\n same\n-x\n+y\n+z\n" +
          "*** End Patch\n",
      }),
      item({ ...output("call_c", "Exit code: 0\nOutput:\nok\n"), type: "custom_tool_call_output" }),
      event("agent_message", { message: "Done." }),
      event("thread_name_updated", { thread_id: THREAD, thread_name: "Fix it" }),
    ]);
    const { facts, events } = rollout.session();
    assertEquals([facts.generatedTitle, facts.models], ["Fix it", { "gpt-5.4": 4 }]);
    assertEquals(events.map(summary), [
      "prompt Go",
      "command git commit -m X",
      "commit 89abcde",
      "edit /work/demo/a",
      "edit /work/demo/c",
    ]);
    const [, second] = events.filter((event) => event.kind === "edit");
    assertEquals(
      [second.movedFrom, second.added.length, second.removed.length],
      ["/work/demo/b", 2, 1],
    );
    assertEquals(rollout.conversation().flatMap(({ blocks }) => blocks.map(({ kind }) => kind)), [
      "text",
      "call",
      "result",
      "call",
      "result",
      "result",
      "call",
      "result",
      "text",
    ]);
  });

  it("keep of code mode the program alone", () => {
    const program = "// don't\nconst r = await tools.exec_command({\n" +
      '  "cmd": "git commit -m \\"Fix \\u0041\\"", workdir: `/work/demo/sub`\n});\n' +
      "text(JSON.stringify(r));\n";
    const printed = JSON.stringify({ exit_code: 0, output: "[main 7654321] Fix A\n" });
    using rollout = new Rollout(THREAD, [
      meta(THREAD),
      item({ type: "custom_tool_call", call_id: "call_a", name: "exec", input: program }),
      item({
        type: "custom_tool_call_output",
        call_id: "call_a",
        output: "Script running with cell ID 7\nWall time 1.0 seconds\nOutput:\n",
      }),
      item(call("wait", "call_b", { cell_id: "7" })),
      item(output("call_b", [
        { type: "input_text", text: "Script completed\nWall time 2.0 seconds\nOutput:\n" },
        { type: "input_text", text: printed },
      ])),
    ]);
    const { events } = rollout.session();
    assertEquals(events.map(summary), ['command git commit -m "Fix A"', "commit 7654321"]);
    assertEquals(events.map(({ call }) => call), ["call_a", "call_a"]);
    assertEquals(events[0].cwd, "/work/demo/sub");
  });

  it("leave out what a fork copied from its parent, by the age of its turns", () => {
    using rollout = new Rollout(CHILD, [
      meta(CHILD, { forked_from_id: THREAD }),
      ...parentRecords(),
      event("task_started", { turn_id: CHILD_TURN }),
      event("user_message", { message: "Mine" }),
      tokens(1_700),
    ]);
    const { facts, events, tokens: used } = rollout.session();
    assertEquals([facts.session, facts.forkedFrom], [CHILD, THREAD] as SessionId[]);
    assertEquals(events.map(summary), ["prompt Mine"]);
    assertEquals(used.map(({ input }) => input), [700]);
    assertEquals(rollout.conversation().length, 1);
  });

  it("leave out what a subagent copied, and end it with a pause if turns have no ids", () => {
    const source = { subagent: { thread_spawn: { parent_thread_id: THREAD, depth: 1 } } };
    using rollout = new Rollout(CHILD, [
      meta(CHILD, { source }),
      ...parentRecords().map((one) => {
        const { turn_id: _, ...payload } = one.payload as Record<string, unknown>;
        return { ...one, payload };
      }),
      { ...event("agent_message", { message: "Working" }), timestamp: "2026-05-31T11:08:00.000Z" },
      item(call("exec_command", "call_z", { cmd: "git commit -m Y" })),
    ]);
    const { facts, events } = rollout.session();
    assertEquals([facts.session, facts.externalIds], [THREAD, [CHILD]]);
    assertEquals(events.map((event) => [summary(event), event.subagent]), [
      ["command git commit -m Y", CHILD],
    ]);
  });

  it("repeat their first record when they are resumed", () => {
    using rollout = new Rollout(THREAD, [
      meta(THREAD),
      event("user_message", { message: "One" }),
      meta(THREAD, { git: { branch: "other" } }),
      event("user_message", { message: "Two" }),
    ]);
    const { facts, events } = rollout.session();
    assertEquals(facts.branches, { main: 1, other: 1 });
    assertEquals(events.map(summary), ["prompt One", "prompt Two"]);
  });

  it("count tokens once, though the same counts are told again or begin anew", () => {
    using rollout = new Rollout(THREAD, [
      meta(THREAD),
      event("user_message", { message: "One" }),
      tokens(1_000),
      tokens(1_000),
      tokens(1_500),
      tokens(300),
    ]);
    const used = rollout.session().tokens.map(({ input, output }) => [input, output]);
    assertEquals(used, [[1_000, 10], [500, 5], [300, 3]]);
  });

  it("that lost their first line belong to the thread that their name tells", () => {
    using rollout = new Rollout(THREAD, [
      record("turn_context", { cwd: "/work/demo", model: "gpt-5.4" }),
      event("user_message", { message: "One" }),
    ]);
    assertEquals(rollout.session().facts.session, THREAD as SessionId);
    assertEquals(rollout.session().events.map(summary), ["prompt One"]);
  });
});

interface ExpectedSession {
  id: string;
  parent?: string;
  commits: { hash: string; subject: string; seen: string }[];
  rewritten?: { short: string; subject: string }[];
}

type Sessions = ReadonlyMap<string, StoredSession>;

/** All that the sources under a root hold, by session: of one that several hold, the events of each. */
function sessionsUnder(root: string): Sessions {
  const all = new Map<string, StoredSession>();
  for (const source of codexReader.discover([root]).sources) {
    for (const [id, session] of readSource(codexReader, source).sessions) {
      const before = all.get(id);
      before?.events.push(...session.events);
      before?.tokens.push(...session.tokens);
      before?.facts.externalIds.push(...session.facts.externalIds);
      if (before === undefined) all.set(id, session);
    }
  }
  return all;
}

function eventsOf<Kind extends SessionEvent["kind"]>(
  sessions: Sessions,
  id: string,
  kind: Kind,
): Extract<SessionEvent, { kind: Kind }>[] {
  const events = sessions.get(id)!.events.filter((event) => event.kind === kind);
  return events as Extract<SessionEvent, { kind: Kind }>[];
}

function promptsOf(sessions: Sessions, id: string): string[] {
  return eventsOf(sessions, id, "prompt").map(({ text }) => text);
}

function editsOf(sessions: Sessions, id: string): [string, number, number][] {
  return eventsOf(sessions, id, "edit")
    .map(({ path, added, removed }) => [path, added.length, removed.length]);
}

/** The end of each command that failed, why, and its exit code. */
function failuresOf(sessions: Sessions, id: string): [string, string, number | null][] {
  const commands = new Map(
    eventsOf(sessions, id, "command").map(({ call, command }) => [call, command]),
  );
  return eventsOf(sessions, id, "failure").map(({ call, reason, exitCode }) => [
    commands.get(call)!.replace(/^.*log\.txt && /, ""),
    reason,
    exitCode,
  ]);
}

function conversationOf(root: string, id: string) {
  const source = codexReader.discover([root]).sources.find(({ path }) => path.includes(id))!;
  return readConversation(codexReader, source, id as SessionId);
}

/** An event in a few words. */
function summary(event: SessionEvent): string {
  switch (event.kind) {
    case "prompt":
      return `prompt ${event.text}`;
    case "command":
      return `command ${event.command}`;
    case "commit":
      return `commit ${event.hash}`;
    case "edit":
      return `edit ${event.path}`;
    case "failure":
      return `failure ${event.reason} ${event.exitCode}`;
    default:
      return event.kind;
  }
}

type Json = Record<string, unknown>;

/** A rollout in a folder of its own. Records that have no time get one each, in their order. */
class Rollout implements Disposable {
  readonly #folder = new TemporaryFolder();
  readonly #thread: string;

  constructor(thread: string, records: readonly Json[]) {
    this.#thread = thread;
    const lines = records.map((one) => JSON.stringify(one) + "\n");
    Deno.mkdirSync(join(this.#folder.path, "sessions"));
    this.#folder.write(`sessions/rollout-2026-05-31T04-46-34-${thread}.jsonl`, lines.join(""));
  }

  session(): StoredSession {
    const [session] = readSource(codexReader, this.#source()).sessions.values();
    return session;
  }

  skipped() {
    return readSource(codexReader, this.#source()).skipped;
  }

  conversation() {
    return readConversation(codexReader, this.#source(), this.#thread as SessionId);
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }

  #source() {
    return codexReader.discover([this.#folder.path]).sources[0];
  }
}

function record(type: string, payload: Json): Json {
  return { timestamp: "2026-05-31T11:07:41.200Z", type, payload };
}

function meta(id: string, more: Json = {}): Json {
  const payload = { id, timestamp: "2026-05-31T11:07:41.112Z", cwd: "/work/demo" };
  return record("session_meta", { ...payload, git: { branch: "main" }, ...more });
}

function event(type: string, payload: Json): Json {
  return record("event_msg", { type, ...payload });
}

function item(payload: Json): Json {
  return record("response_item", payload);
}

function tokens(input: number): Json {
  const used = (input_tokens: number) => ({
    input_tokens,
    cached_input_tokens: 0,
    output_tokens: input_tokens / 100,
    total_tokens: input_tokens * 1.01,
  });
  const info = { total_token_usage: used(input), last_token_usage: used(300) };
  return event("token_count", { info });
}

function message(role: string, text: string): Json {
  return { type: "message", role, content: [{ type: "input_text", text }] };
}

function call(name: string, call_id: string, args: Json): Json {
  return { type: "function_call", name, arguments: JSON.stringify(args), call_id };
}

function output(call_id: string, output: unknown): Json {
  const printed = typeof output === "string" || Array.isArray(output)
    ? output
    : JSON.stringify(output);
  return { type: "function_call_output", call_id, output: printed };
}

/** A parent's records as a child begins with them: stamped anew, turns with their ids. */
function parentRecords(): Json[] {
  return [
    meta(THREAD),
    event("task_started", { turn_id: TURN }),
    record("turn_context", { turn_id: TURN, cwd: "/work/demo", model: "gpt-5.4" }),
    event("user_message", { message: "The parent's" }),
    item(call("exec_command", "call_p", { cmd: "git commit -m Z" })),
    item(output("call_p", "Process exited with code 0\nOutput:\n[main 1111111] Z\n")),
    tokens(1_000),
  ];
}
