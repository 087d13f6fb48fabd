import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { commitMessage } from "../../lib/links/commit_message.ts";
import { traceShell } from "../../lib/links/shell/git_calls.ts";
import { parseShell } from "../../lib/links/shell/parse.ts";

/** The subjects of the commits that a command line asks for, with the folder of each. */
function commits(
  command: string,
  cwd: string | null = "/home/me/app",
): [string | null, string | null][] {
  const { git, written } = traceShell(command, cwd);
  return git.filter(({ verb }) => verb === "commit")
    .map((call) => [call.folder, commitMessage(call, written).subject]);
}

describe("commands that commit", () => {
  const here = "/home/me/app";
  const cases: [string, [string | null, string | null][]][] = [
    [`git commit -m "plain"`, [[here, "plain"]]],
    [`git commit -m'glued'`, [[here, "glued"]]],
    [`git commit -am "all"`, [[here, "all"]]],
    [`git commit -qam "quiet"`, [[here, "quiet"]]],
    [`git commit --message="long"`, [[here, "long"]]],
    [`git commit --message "long two"`, [[here, "long two"]]],
    [`git commit -m "one" -m "two"`, [[here, "one"]]],
    [`git commit -m "first\nstill first\n\nbody"`, [[here, "first still first"]]],
    [`git commit -m "a \\"quoted\\" word"`, [[here, 'a "quoted" word']]],
    [`git commit -m 'it'"'"'s'`, [[here, "it's"]]],
    [`git commit -m $'tab\\tand\\'s'`, [[here, "tab\tand's"]]],
    [`git commit -m "$(cat <<'EOF'\nfrom heredoc (x)\n\nbody\nEOF\n)"`, [[
      here,
      "from heredoc (x)",
    ]]],
    [`git commit -F - <<EOF\nfrom stdin\nEOF`, [[here, "from stdin"]]],
    [`git commit -F- <<-EOF\n\tindented\n\tEOF`, [[here, "indented"]]],
    [`cat > m.txt <<'E'\nin a file\nE\ngit commit -F m.txt`, [[here, "in a file"]]],
    [`git commit -F m.txt`, [[here, null]]],
    [`git commit`, [[here, null]]],
    [`git commit -m "at $(date)"`, [[here, null]]],
    [`git -C ../lib commit -m "there"`, [["/home/me/lib", "there"]]],
    [`git -c user.name=x --no-pager commit -m "options"`, [[here, "options"]]],
    [`git --git-dir=/r/.git --work-tree /r commit -m "elsewhere"`, [["/r", "elsewhere"]]],
    [`cd sub && git commit -m "below"`, [[`${here}/sub`, "below"]]],
    [`cd /a; cd b; git commit -m "two steps"`, [["/a/b", "two steps"]]],
    [`(cd sub && git commit -m "inner"); git commit -m "outer"`, [
      [`${here}/sub`, "inner"],
      [here, "outer"],
    ]],
    [`cd ~/lib && git commit -m "home"`, [["/home/me/lib", "home"]]],
    [`cd "$(git rev-parse --show-toplevel)" && git commit -m "top"`, [[here, "top"]]],
    [`cd $(mktemp -d)/x && git commit -m "scratch"`, [[null, "scratch"]]],
    [`D=/srv; cd $D/x && git commit -m "variable"`, [["/srv/x", "variable"]]],
    [`cd lib && git commit -m "a" && cd - && git commit -m "b"`, [[`${here}/lib`, "a"], [
      here,
      "b",
    ]]],
    [`GIT_EDITOR=true git commit -m "environment"`, [[here, "environment"]]],
    [`bash -c 'cd sub && git commit -m "nested"'`, [[`${here}/sub`, "nested"]]],
    [`if true; then git commit -m "conditional"; fi`, [[here, "conditional"]]],
    [`git add -A && \\\n  git commit -m "continued"`, [[here, "continued"]]],
    [`git commit -m @'\nPowerShell text\n'@`, [[here, "PowerShell text"]]],
    [`echo "git commit -m no" # git commit -m no`, []],
    [`git log --grep "commit -m x"`, []],
    [`git commit -m "fix: handle 2>&1 | tee" 2>&1 | tail -3`, [[here, "fix: handle 2>&1 | tee"]]],
    [`git commit --fixup=abc`, [[here, null]]],
    [`git commit -m "#12 begins with a number sign"`, [[here, "#12 begins with a number sign"]]],
  ];
  for (const [command, expected] of cases) {
    it(JSON.stringify(command), () => assertEquals(commits(command), expected));
  }

  it("says nothing of folders when it knows none", () => {
    assertEquals(commits("cd sub && git commit -m x", null), [[null, "x"]]);
  });

  it("understands Windows' folders", () => {
    assertEquals(commits("cd C:\\\\src\\\\lib; git commit -m x", "D:\\work"), [[
      "C:/src/lib",
      "x",
    ]]);
    assertEquals(commits("git commit -m x", "D:\\work\\app"), [["D:\\work\\app", "x"]]);
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."git commit -m'\"$(`)<<EOF\\\n;&|>cd {}#@") }),
        (text) => {
          parseShell(text);
          commits(text);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
