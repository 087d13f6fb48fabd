import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { written } from "./lines.ts";
import { eventsOf, readText } from "./reading.ts";

describe("commits seen", () => {
  function commits(command: string, output: string, result?: object) {
    const text = written((lines) => lines.shell(command, output, { result }));
    return eventsOf(text, "commit").map(({ hash, branch, subject, amend, source }) => ({
      hash,
      branch,
      subject,
      amend,
      source,
    }));
  }
  const printed = (hash: string, subject: string, branch: string | null = "main") => ({
    hash,
    branch,
    subject,
    amend: false,
    source: "output" as "output" | "structured",
  });

  it("are read from what git printed", () => {
    assertEquals(commits("git commit -m x", "[main abc1234] Add a login\n 1 file changed"), [
      printed("abc1234", "Add a login"),
    ]);
    assertEquals(commits("git commit -m x", "[main (root-commit) abc1234] First"), [
      printed("abc1234", "First"),
    ]);
    assertEquals(commits("git commit -m x", "[detached HEAD abc1234] Loose"), [
      printed("abc1234", "Loose", null),
    ]);
    assertEquals(commits("git commit -m x", "[feature/a-b abc1234] [WIP] x"), [
      printed("abc1234", "[WIP] x", "feature/a-b"),
    ]);
  });

  it("tell an amended commit by its date line", () => {
    const output = "[main abc1234] Better\n Date: Thu Feb 12 10:00:00 2026 +0100\n 1 file changed";
    assertEquals(commits("git commit --amend", output), [
      { ...printed("abc1234", "Better"), amend: true },
    ]);
  });

  it("come from the tool's own record where there is one, and only once", () => {
    const gitOperation = { commit: { sha: "abc1234f", kind: "committed" } };
    assertEquals(commits("git commit -m x", "[main abc1234] Add", { gitOperation }), [
      { ...printed("abc1234f", "Add"), source: "structured" },
    ]);
    assertEquals(commits("git commit -qm x", "", { gitOperation }), [
      { ...printed("abc1234f", "Add", null), subject: null, source: "structured" },
    ]);
  });

  it("come from a script only with git's count of changes", () => {
    const output = "> release\n[main abc1234] v1.2.0\n 2 files changed, 4 insertions(+)";
    assertEquals(commits("npm run release", output), [printed("abc1234", "v1.2.0")]);
    assertEquals(commits("npm run release", "[worker 1234567] started"), []);
  });

  it("do not come from what a command only shows", () => {
    const output = "[main abc1234] Old\n 1 file changed, 1 insertion(+)";
    assertEquals(commits("cat notes.md", output), []);
    assertEquals(commits("git log -1 --format=x && git show", output), []);
  });

  it("do not come from a file that was read", () => {
    const text = written((lines) => {
      const id = lines.calls("Read", { file_path: "/home/me/app/log.txt" });
      lines.answers(id, "[main abc1234] Old\n 1 file changed");
    });
    assertEquals(eventsOf(text, "commit"), []);
  });

  it("belong to their call, though other lines stand between", () => {
    const text = written((lines) => {
      const first = lines.calls("Bash", { command: "git commit -m one" });
      const second = lines.calls("Bash", { command: "git commit -m two" });
      lines.says("Both are running");
      lines.answers(second, "[main bbb2222] two");
      lines.answers(first, "[main aaa1111] one");
    });
    const calls = eventsOf(text, "command").map(({ command, call }) => [call, command]);
    assertEquals(
      eventsOf(text, "commit").map(({ subject, call }) => [call, `git commit -m ${subject}`])
        .sort(),
      calls.sort(),
    );
  });

  it("are read though the command failed afterwards", () => {
    const text = written((lines) => {
      lines.shell("git commit -m x && npm test", "[main abc1234] x\nExit code 1", {
        isError: true,
      });
    });
    assertEquals(eventsOf(text, "commit").map(({ hash }) => hash), ["abc1234"]);
    assertEquals(eventsOf(text, "failure").map(({ reason }) => reason), ["failed"]);
  });
});

describe("failures", () => {
  it("tell a call that the user rejected from one that failed", () => {
    const text = written((lines) => {
      const rejected = lines.calls("Bash", { command: "git push --force" });
      lines.answers(rejected, "The user doesn't want to proceed with this tool use.", {
        isError: true,
      });
      const failed = lines.calls("Edit", { file_path: "/a", old_string: "x", new_string: "y" });
      lines.answers(failed, "<tool_use_error>File has not been read yet.</tool_use_error>", {
        isError: true,
      });
    });
    assertEquals(eventsOf(text, "failure").map(({ reason }) => reason), ["denied", "failed"]);
  });

  it("include calls that were interrupted", () => {
    const text = written((lines) => lines.shell("git push", "", { result: { interrupted: true } }));
    assertEquals(eventsOf(text, "failure").map(({ reason }) => reason), ["interrupted"]);
  });

  it("of calls that tell nothing else are not kept", () => {
    const text = written((lines) => lines.shell("npm test", "boom", { isError: true }));
    assertEquals(readText(text).events, []);
  });
});

describe("what was published", () => {
  it("is read from pushes and pull requests", () => {
    const text = written((lines) => {
      lines.shell("git push -u origin a", "To github.com:o/r.git\n * [new branch]      a -> a");
      lines.shell("git push", "To github.com:o/r.git\n   1234abc..5678def  main -> main");
      lines.shell("git push -f", "To x:r.git\n + 1234abc...5678def a -> b (forced update)");
      lines.shell("gh pr create --fill", "https://github.com/o/r/pull/12");
      lines.shell("git push", "", { result: { gitOperation: { push: { branch: "c" } } } });
      lines.raw({
        type: "pr-link",
        prNumber: 13,
        prUrl: "https://github.com/o/r/pull/13",
        prRepository: "o/r",
        timestamp: "2026-02-12T10:05:00.000Z",
      });
    });
    assertEquals(eventsOf(text, "published").map(({ branch, url }) => [branch, url]), [
      ["a", null],
      ["main", null],
      ["b", null],
      [null, "https://github.com/o/r/pull/12"],
      ["c", null],
      [null, "https://github.com/o/r/pull/13"],
    ]);
  });

  it("is not what a command only shows", () => {
    const text = written((lines) => {
      lines.shell("gh pr view 12", "https://github.com/o/r/pull/12");
      lines.shell("cat log", "To github.com:o/r.git\n   1234abc..5678def  main -> main");
    });
    assertEquals(eventsOf(text, "published"), []);
  });
});
