import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { mayShowCommit, readCommits, readPublished } from "../../lib/shell/git_output.ts";

const HASH = "230dd059e1b059aefc0da06a2e5a7dbf22362f22";

/** The commits that a command shows by its output. */
function commits(command: string, output: string) {
  const found = readCommits(output, { certain: true, command });
  if (found.length > 0) assertEquals(mayShowCommit(JSON.stringify(output), { command }), true);
  return found.map(({ hash, branch, subject, amend }) => [hash, branch, subject, amend]);
}

describe("commits in a command's output", () => {
  it("are git's own report, wherever the command made them", () => {
    const output = "[main abc1234] Add a login\n 1 file changed, 1 insertion(+)";
    const expected = [["abc1234", "main", "Add a login", false]];
    assertEquals(commits("git -C ../lib commit -m 'Add a login'", output), expected);
    assertEquals(commits("git --git-dir=a --work-tree=b commit -m x", output), expected);
    assertEquals(commits("git log -1 && git show --stat", output), []);
    assertEquals(commits("git show --stat 2>&1 | head", output), []);
  });

  it("may be quiet, and shown by the same command line", () => {
    const log = "abc1234 feat: quiet\n1234567 an older one\n";
    const expected = [["abc1234", null, "feat: quiet", false]];
    assertEquals(commits(`git commit -qm "feat: quiet" && git log --oneline -2`, log), expected);
    assertEquals(
      commits(`git commit -q -F - <<'E'\nfeat: quiet\n\nbody\nE\ngit log --oneline -1`, log),
      expected,
    );
    assertEquals(
      commits(
        `git commit -qm "feat: quiet"; git log -1 --oneline`,
        `abc1234 (HEAD -> main) feat: quiet`,
      ),
      expected,
    );
    assertEquals(commits(`git commit -qm "feat: quiet" && git rev-parse HEAD`, `${HASH}\n`), [
      [HASH, null, "feat: quiet", false],
    ]);
    assertEquals(
      commits(
        `git commit -m "feat: quiet" && git log --oneline -2`,
        `[main abc1234] feat: quiet\n${log}`,
      ),
      [
        ["abc1234", "main", "feat: quiet", false],
      ],
    );
    assertEquals(commits("git log --oneline -2", log), []);
    assertEquals(commits(`git rev-parse HEAD; git commit -qm x`, `${HASH}\n`), []);
    assertEquals(commits("npm run commit", `${HASH} x`), []);
  });

  it("are jj's parent after a commit, and its working copy after a description", () => {
    const report = (at: string, parent: string) =>
      `Working copy  (@) now at: ${at}\nParent commit (@-)      : ${parent}\n`;
    const empty = "yqosqzyt 39e6cba3 (empty) (no description set)";
    assertEquals(commits(`jj commit -m "feat: x"`, report(empty, "qpvuntsm 230dd059 feat: x")), [
      ["230dd059", null, "feat: x", false],
    ]);
    assertEquals(commits(`jj commit`, "Parent commit (@-) : qpvuntsm 230dd059 feat: x"), [
      ["230dd059", null, "feat: x", false],
    ]);
    assertEquals(
      commits(
        `jj describe -m y`,
        report("qpvuntsm 230dd059 main* | y", "zzzzzzzz 00000000 (empty) x"),
      ),
      [["230dd059", "main", "y", true]],
    );
    assertEquals(
      commits("jj new main", report(empty, "qpvuntsm 230dd059 main | others' work")),
      [],
    );
    assertEquals(
      commits("jj commit -m x", report(empty, "zzzzzzzz 00000000 (no description set)")),
      [],
    );
  });

  it("are the new tips that a replay prints", () => {
    const output = `update refs/heads/topic ${HASH} ${"1".repeat(40)}\n`;
    assertEquals(commits("git replay --onto main main..topic", output), [[
      HASH,
      "topic",
      null,
      true,
    ]]);
    assertEquals(readCommits(output, { certain: false }), []);
  });
});

describe("what was published", () => {
  it("is read from pushes, pull requests and merges", () => {
    assertEquals(readPublished("To x:r.git\n   1234abc..5678def  main -> main"), {
      branch: "main",
      url: null,
    });
    assertEquals(readPublished("https://github.com/o/r/pull/12\n"), {
      branch: null,
      url: "https://github.com/o/r/pull/12",
    });
    assertEquals(
      readPublished(
        "✓ Squashed and merged pull request o/r#12 (x)\n✓ Deleted remote branch feature/x",
      ),
      { branch: "feature/x", url: null },
    );
    assertEquals(readPublished("Everything up-to-date"), null);
  });
});
