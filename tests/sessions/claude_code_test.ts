import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SessionId } from "../../lib/domain/ids.ts";
import { hashLines } from "../../lib/domain/line_hashes.ts";
import type { SessionEvent } from "../../lib/domain/session_events.ts";
import { FastLines } from "../../lib/sessions/claude_code/fast_path/fast_lines.ts";
import { claudeCodeReader } from "../../lib/sessions/claude_code/reader.ts";
import { findDuplicates, type HeldMessages } from "../../lib/sessions/ownership.ts";
import { plain, readAll } from "./claude_code/reading.ts";
import { editsOf, readSessions } from "./expected.ts";
import { describeReader } from "./reader_contract.ts";
import { readConversation, readSource } from "./reading.ts";

const SAMPLES = fileURLToPath(new URL("../fixtures/agents/claude-code", import.meta.url));

describeReader({ reader: claudeCodeReader, sampleRoots: [SAMPLES] });

const sources = claudeCodeReader.discover([SAMPLES]).sources;
const sessions = readSessions(claudeCodeReader, SAMPLES);

function idOf(end: string): SessionId {
  return [...sessions.keys()].find((id) => id.endsWith(end))!;
}

function eventsOf(end: string): SessionEvent[] {
  return sessions.get(idOf(end))!.events;
}

function failuresOf(end: string): unknown[] {
  return eventsOf(end).flatMap((event) =>
    event.kind === "failure" ? [[event.call, event.reason, event.exitCode]] : []
  );
}

/** The messages that a session owns, of those that sources hold of the sessions given. */
function ownedBy(end: string, ...others: string[]): Set<number> {
  const held = sources.flatMap((source) =>
    [...readSource(claudeCodeReader, source).sessions].flatMap(
      ([session, { facts, messageHashes, messageTimes }]): HeldMessages[] =>
        [end, ...others].some((one) => session.endsWith(one))
          ? [{
            session,
            key: source.key,
            forkedFrom: facts.forkedFrom,
            bornAt: facts.bornAt,
            hashes: Float64Array.from(messageHashes),
            times: Float64Array.from(messageTimes),
          }]
          : [],
    )
  );
  const duplicates = findDuplicates(held);
  return new Set(
    held.flatMap(({ session, hashes }, i) =>
      session.endsWith(end) ? [...hashes].filter((hash) => !duplicates[i].has(hash)) : []
    ),
  );
}

/** What the calls of a session were that it owns: a name to tell them by. */
function ownedCalls(end: string, ...others: string[]): string[] {
  const owned = ownedBy(end, ...others);
  return [
    ...new Set(
      eventsOf(end).filter(({ message, call }) => call !== null && owned.has(message))
        .map(({ call }) => call!.split("_")[1]),
    ),
  ];
}

describe("lines of 2.1.332", () => {
  it("say the same whether they are parsed or not", () => {
    for (const { path } of sources) {
      assertEquals(plain(readAll(path)), plain(readAll(path, { parseAll: true })), path);
    }
  });

  it("are hardly ever parsed as a whole", () => {
    const { take } = FastLines.prototype;
    let lines = 0;
    let taken = 0;
    FastLines.prototype.take = function (start, end) {
      const took = take.call(this, start, end);
      lines++;
      if (took) taken++;
      return took;
    };
    try {
      for (const { path } of sources) readAll(path);
    } finally {
      FastLines.prototype.take = take;
    }
    assert(taken / lines > 0.95, `${taken} of ${lines}`);
  });
});

describe("edits through commands", () => {
  it("are the lines that the work tree shows", () => {
    assertEquals(editsOf(eventsOf("0501")), [
      ["/home/dev/w3/bashhand/a.txt", 1, 1],
      ["/home/dev/w3/bashhand/a.txt", 1, 1],
      ["/home/dev/w3/bashhand/quay.txt", 2, 0],
    ]);
    const [edit] = eventsOf("0501").filter(({ kind }) => kind === "edit");
    assert(edit.kind === "edit" && edit.by === "worktree");
    assertEquals(edit.added, hashLines("harbour pilots sign the tide ledger"));
  });

  it("come with the command that made them, though it runs no git", () => {
    const commands = eventsOf("0501").flatMap((event) =>
      event.kind === "command" ? [[event.command.split(" ")[0], event.call]] : []
    );
    assertEquals(commands.map(([program]) => program), ["sed", "python3", "printf"]);
    const edits = eventsOf("0501").filter(({ kind }) => kind === "edit");
    assertEquals(edits.map(({ call }) => call), commands.map(([, call]) => call));
  });

  it("know a file that was renamed", () => {
    const [moved, removed] = eventsOf("0026").filter(({ kind }) => kind === "edit");
    assert(moved.kind === "edit" && removed.kind === "edit");
    assertEquals([moved.movedFrom, moved.path, moved.added.length], [
      "/home/dev/w1/moves/a.txt",
      "/home/dev/w1/moves/renamed.txt",
      0,
    ]);
    assertEquals([removed.path, removed.removed.length], ["/home/dev/w1/moves/renamed.txt", 3]);
  });
});

describe("calls that never ran", () => {
  it("are told from calls that failed, and from those that were interrupted", () => {
    assertEquals(failuresOf("0102"), [
      ["toolu_denied_0_0_17", "denied", null],
      ["toolu_denied_2_0_19", "denied", null],
    ]);
    assertEquals(failuresOf("0103").map((failure) => (failure as unknown[])[1]), [
      "denied",
      "denied",
    ]);
    assertEquals(failuresOf("0802"), [
      ["toolu_rej_0_0_1", "denied", null],
      ["toolu_rejw_0_0_2", "denied", null],
    ]);
    assertEquals(failuresOf("0805").map((failure) => (failure as unknown[])[1]), ["interrupted"]);
    const failed = failuresOf("0013").map((failure) => (failure as unknown[]).slice(1));
    assert(failed.some(([reason, code]) => reason === "failed" && code === 1), `${failed}`);
  });
});

describe("forks", () => {
  it("without a word of it leave everything to the session that was born first", () => {
    assertEquals(ownedCalls("0401", "0402"), ["fk1", "fk3"]);
    assertEquals(ownedCalls("0402", "0401"), ["fk2"]);
    const born = (end: string) => new Date(sessions.get(idOf(end))!.facts.bornAt!).toISOString();
    assertEquals([born("0401"), born("0402")], [
      "2026-12-01T13:04:34.334Z",
      "2026-12-01T13:04:46.767Z",
    ]);
  });

  it("of the terminal UI name the session and keep its messages", () => {
    const fork = sessions.get(idOf("ab608"))!;
    assertEquals(fork.facts.forkedFrom, idOf("0802"));
    assertEquals(ownedCalls("ab608", "0802"), []);
    assertEquals(ownedCalls("0802", "ab608").slice(0, 2), ["rej", "rejw"]);
  });

  it("of the Agent SDK have messages of their own, which are known by the originals'", () => {
    assertEquals(sessions.get(idOf("dfa99e"))!.facts.forkedFrom, idOf("15ad"));
    assertEquals(ownedCalls("dfa99e", "15ad"), ["sdk2"]);
    assertEquals(ownedCalls("15ad", "dfa99e"), ["sdk", "sdk3"]);
  });
});

describe("subagents without results beside their messages", () => {
  it("have the whole lines of edits that replace parts of lines", () => {
    const edits = eventsOf("0503").filter((event) => event.kind === "edit");
    assertEquals(edits.map(({ subagent }) => subagent), ["a7194d7bc37956e11", "a7194d7bc37956e11"]);
    assertEquals(edits.map(({ partial, added }) => [partial, added]), [
      [false, hashLines("line two of the harbour pilots")],
      [false, hashLines("line three lighthouse keepers")],
    ]);
  });
});

describe("worktrees", () => {
  it("are known with the folder and the commit that they were made from", () => {
    assertEquals(sessions.get(idOf("0203"))!.facts.worktrees, [{
      path: "/home/dev/w2/stayswt/.claude/worktrees/stay",
      from: "/home/dev/w2/stayswt",
      head: "1439e4416ad41186da1c9ca293f6635bb37a2945",
    }]);
  });
});

describe("tokens", () => {
  it("count each answer once, by its message and its request", () => {
    const { tokens } = sessions.get(idOf("0401"))!;
    assertEquals(tokens.length, 6);
    assertEquals(new Set(tokens.map(({ key }) => key)).size, 6);
    for (const { model, input, output, cacheRead, cacheWrite } of tokens) {
      assertEquals([model, input, output, cacheRead, cacheWrite], [
        "claude-opus-5-5",
        100,
        20,
        0,
        0,
      ]);
    }
    const copied = sessions.get(idOf("0402"))!.tokens.map(({ key }) => key);
    assertEquals(copied.length, 6);
    assertEquals(tokens.slice(0, 3).map(({ key }) => key), copied.slice(0, 3));
  });
});

describe("a conversation of 2.1.332", () => {
  function shown(name: string) {
    const source = sources.find(({ path }) => path.endsWith(name))!;
    const [session] = readSource(claudeCodeReader, source).sessions.keys();
    return readConversation(claudeCodeReader, source, session).map(({ role, subagent, blocks }) => [
      role,
      subagent,
      blocks.map((block) =>
        `${block.kind} ${"text" in block ? block.text.slice(0, 30) : ""}`.trim()
      )
        .join(", "),
    ]);
  }

  it("has what was typed and refused, run in the shell, and noted", () => {
    const all = shown("0802.jsonl").filter(([role]) => role !== "assistant");
    assertEquals(all.slice(0, 4), [
      ["user", null, "text SCENARIO:rej please"],
      ["user", null, "result The user doesn't want to proce"],
      ["user", null, "notice [Request interrupted by user f"],
      ["user", null, "text SCENARIO:rejw please"],
    ]);
    const [call, result] = all.slice(-4).map(([, , blocks]) => blocks);
    assertEquals([call, result], ["call", "result [main b58bd4d] By the user in"]);
  });

  it("says where it was compacted", () => {
    const notices = shown("0101.jsonl").filter(([role]) => role === "system");
    assertEquals(notices.slice(0, 2).map(([, , text]) => text), [
      "notice Conversation compacted",
      "notice This session is being continue",
    ]);
  });

  it("shows a file's change as a diff, whichever tool made it", () => {
    const source = sources.find(({ path }) => path.endsWith("0501.jsonl"))!;
    const diffs = readConversation(claudeCodeReader, source, idOf("0501"))
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => block.kind === "result" && block.diff !== null ? [block.diff] : []);
    assertEquals(diffs.length, 3);
    assertEquals(
      diffs[0],
      "--- /home/dev/w3/bashhand/a.txt\n+++ /home/dev/w3/bashhand/a.txt\n@@ -1,3 +1,3 @@\n" +
        " line one\n-line two\n+harbour pilots sign the tide ledger\n line three\n",
    );
  });

  it("names the subagent whose it is", () => {
    const [source] = sources.filter(({ path }) => path.includes(join("0503", "subagents")));
    const all = readConversation(claudeCodeReader, source, idOf("0503"));
    assertEquals(new Set(all.map(({ subagent }) => subagent)), new Set(["a7194d7bc37956e11"]));
  });
});
