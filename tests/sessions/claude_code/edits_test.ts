import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { hashLines } from "../../../lib/domain/line_hashes.ts";
import { type TranscriptLines, written } from "./lines.ts";
import { eventsOf, readText } from "./reading.ts";

function hashes(text: string): number[] {
  return [...hashLines(text)];
}

describe("edits", () => {
  function edits(write: (lines: TranscriptLines) => void) {
    return eventsOf(written(write), "edit").map(({ by, path, added, removed }) => ({
      by,
      path,
      added: [...added],
      removed: [...removed],
    }));
  }

  it("have the lines that were written and replaced, without those that stay", () => {
    assertEquals(
      edits((lines) => {
        lines.calls("Edit", {
          file_path: "/home/me/app/a.ts",
          old_string: "const a = 1;\nreturn before;",
          new_string: "const a = 1;\nreturn after;",
        });
      }),
      [{
        by: "tool",
        path: "/home/me/app/a.ts",
        added: hashes("return after;"),
        removed: hashes("return before;"),
      }],
    );
  });

  it("have whole lines where the result has a patch", () => {
    const structuredPatch = [{
      oldStart: 1,
      oldLines: 2,
      newStart: 1,
      newLines: 2,
      lines: [" function log() {", "-  print(before)", "+  print(after) // now {"],
    }];
    const result = {
      filePath: "/home/me/app/a.ts",
      oldString: "before",
      newString: "after",
      originalFile: "function log() {\n  print(before)\n}\n",
      structuredPatch,
      userModified: false,
      replaceAll: false,
    };
    assertEquals(
      edits((lines) => {
        const id = lines.calls("Edit", {
          file_path: "/home/me/app/a.ts",
          old_string: "before",
          new_string: "after",
        });
        lines.answers(id, "The file has been updated.", { result });
      }),
      [{
        by: "tool",
        path: "/home/me/app/a.ts",
        added: hashes("  print(after) // now {"),
        removed: hashes("  print(before)"),
      }],
    );
  });

  it("of several places are one edit", () => {
    const [edit] = edits((lines) => {
      lines.calls("MultiEdit", {
        file_path: "/a.ts",
        edits: [
          { old_string: "one", new_string: "eins" },
          { old_string: "two", new_string: "zwei" },
          "no edit",
        ],
      });
    });
    assertEquals(edit.added, hashes("eins\nzwei"));
    assertEquals(edit.removed, hashes("one\ntwo"));
  });

  it("of a new file have all its lines", () => {
    const [edit] = edits((lines) => {
      const id = lines.calls("Write", { file_path: "/a.ts", content: "one\ntwo\n" });
      lines.answers(id, "File created", {
        result: { type: "create", filePath: "/a.ts", content: "one\ntwo\n", structuredPatch: [] },
      });
    });
    assertEquals(edit.added, hashes("one\ntwo\n"));
  });

  it("of a notebook have lines in both ways in which files spell them", () => {
    const [edit] = edits((lines) => {
      lines.calls("NotebookEdit", {
        notebook_path: "/home/me/app/a.ipynb",
        new_source: 'import os\nprint("hi")',
      });
    });
    assertEquals(edit.path, "/home/me/app/a.ipynb");
    const listed = '    "import os\\n",\n    "print(\\"hi\\")"';
    const whole = '   "source": "import os\\nprint(\\"hi\\")"';
    assertEquals(edit.added, hashes(`${listed}\n${whole}`));
  });

  it("may be a shell command's heredoc, relative to where it stands", () => {
    const command = "cd sub && cat > notes.md <<'EOF'\n# Notes\nmore\nEOF\ngit add .";
    assertEquals(edits((lines) => lines.shell(command, "")), [{
      by: "command",
      path: "/home/me/app/sub/notes.md",
      added: hashes("# Notes\nmore"),
      removed: [],
    }]);
  });

  it("are not what a heredoc hands to git", () => {
    const command = "git commit -m \"$(cat <<'EOF'\nAdd > b\nEOF\n)\"";
    assertEquals(edits((lines) => lines.shell(command, "")), []);
  });
});

describe("subagents", () => {
  it("tell what they do in their parent's progress lines", () => {
    const text = written((lines) => {
      lines.agentProgress({
        type: "assistant",
        timestamp: "2026-02-12T10:00:05.000Z",
        message: {
          model: "claude-haiku",
          role: "assistant",
          content: [{
            type: "tool_use",
            id: "toolu_sub1",
            name: "Bash",
            input: { command: "git commit -m x" },
          }],
        },
        uuid: "11111111-0000-4000-8000-000000000001",
      });
      lines.agentProgress({
        type: "user",
        message: {
          role: "user",
          content: [{
            tool_use_id: "toolu_sub1",
            type: "tool_result",
            content: "[main abc1234] x",
            is_error: false,
          }],
        },
        uuid: "11111111-0000-4000-8000-000000000002",
        timestamp: "2026-02-12T10:00:06.000Z",
      });
    });
    const { events } = readText(text);
    assertEquals(events.map(({ event }) => [event.kind, event.subagent]), [
      ["command", "a1b2c3d"],
      ["commit", "a1b2c3d"],
    ]);
  });

  it("are named by their lines", () => {
    const text = written((lines) => {
      lines.calls("Bash", { command: "git add a" }, { extra: { agentId: "abc" } });
      lines.calls("Bash", { command: "git add b" }, { extra: { isSidechain: true } });
      lines.calls("Bash", { command: "git add c" });
    });
    assertEquals(eventsOf(text, "command").map(({ subagent }) => subagent), [
      "abc",
      "sidechain",
      null,
    ]);
  });
});
