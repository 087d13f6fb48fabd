import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import { commitMessage, makesCommit, rewritesCommits } from "../../lib/shell/git_commands.ts";
import { traceShell } from "../../lib/shell/trace.ts";
import { parseShell } from "../../lib/shell/parse.ts";

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
    [`git commit -F - <<< "a here-string"`, [[here, "a here-string"]]],
    [`echo "echoed" > m.txt && git commit -F m.txt`, [[here, "echoed"]]],
    [`git commit -F - <<EOF\nunquoted: \\$HOME\nEOF`, [[here, "unquoted: $HOME"]]],
    [`OUT=$(git commit -m "substituted" 2>&1); echo "$OUT"`, [[here, "substituted"]]],
    [`N=$(cd sub && git commit -m "inner"); git commit -m "outer"`, [
      [`${here}/sub`, "inner"],
      [here, "outer"],
    ]],
    [`bash -lc "git commit -m 'login shell'"`, [[here, "login shell"]]],
    [`sudo -u me -- git commit -m "as another"`, [[here, "as another"]]],
    [`env -u X A=1 git commit -m "env"`, [[here, "env"]]],
    [`env -C ../lib git commit -m "moved"`, [["/home/me/lib", "moved"]]],
    [`time -p git commit -m "timed"`, [[here, "timed"]]],
    [`timeout -k 5 60 git commit -m "bounded"`, [[here, "bounded"]]],
    [`nice -n 10 nohup git commit -m "patient"`, [[here, "patient"]]],
    [`/usr/bin/env git.exe commit -m "by path"`, [[here, "by path"]]],
    [`if ((n > 1)); then git commit -m "counted" >/dev/null; fi`, [[here, "counted"]]],
    [`[[ a > b ]] && git commit -m "compared"`, [[here, "compared"]]],
    [`alias dot='git -C /srv/dot'; dot commit -m "an alias"`, [["/srv/dot", "an alias"]]],
    [`pushd ../lib && git commit -m "a" && popd && git commit -m "b"`, [
      ["/home/me/lib", "a"],
      [here, "b"],
    ]],
  ];
  for (const [command, expected] of cases) {
    it(JSON.stringify(command), () => assertEquals(commits(command), expected));
  }

  const dotfiles = "/home/me/.dotfiles";
  const apart: [string, string | null][] = [
    [`git --git-dir=$HOME/.dotfiles --work-tree=$HOME commit -m x`, dotfiles],
    [`git --work-tree=$HOME --git-dir=$HOME/.dotfiles commit -m x`, dotfiles],
    [`git --work-tree ~ --git-dir ~/.dotfiles/ commit -m x`, dotfiles],
    [`git --git-dir .dotfiles -C ~ commit -m x`, dotfiles],
    [`GIT_DIR=~/.dotfiles GIT_WORK_TREE=~ git commit -m x`, dotfiles],
    [`env GIT_WORK_TREE=$HOME GIT_DIR=$HOME/.dotfiles git commit -m x`, dotfiles],
    [`export GIT_DIR="$HOME/.dotfiles" GIT_WORK_TREE="$HOME"; git commit -m x`, dotfiles],
    [`GIT_DIR=$HOME/.dotfiles; export GIT_DIR; cd / && git commit -m x`, dotfiles],
    [`GIT_DIR=~/.dotfiles bash -c 'git commit -m x'`, dotfiles],
    [`$env:GIT_DIR = "/home/me/.dotfiles"; git commit -m x`, dotfiles],
    [`export GIT_DIR=~/.dotfiles; unset GIT_DIR; git commit -m x`, here],
    [`(export GIT_DIR=~/.dotfiles; git status); git commit -m x`, here],
    [`GIT_DIR=~/.dotfiles git status; git commit -m x`, here],
    [`GIT_DIR=~/.dotfiles; git commit -m x`, here],
    [`GIT_DIR=/r/.git git commit -m x`, "/r"],
    [`git --git-dir=/r/.git/worktrees/a commit -m x`, "/r"],
    [`git --work-tree=/r commit -m x`, "/r"],
    [`git --git-dir=$(locate) commit -m x`, here],
    [`yadm commit -m x`, "/home/me/.local/share/yadm/repo.git"],
  ];
  for (const [command, folder] of apart) {
    it(`finds the git-dir: ${command}`, () => assertEquals(commits(command), [[folder, "x"]]));
  }

  it("understands jj's commands, which rewrite a commit that is there", () => {
    const { git, written } = traceShell(
      `jj describe -m "one" && jj --no-pager -R /srv/r commit --message "two"; jj log`,
      here,
    );
    assertEquals(git.map((call) => [call.folder, commitMessage(call, written)]), [
      [here, { subject: "one", amend: true }],
      ["/srv/r", { subject: "two", amend: true }],
    ]);
  });

  it("understands which commit a merge on the forge makes", () => {
    const calls = (command: string) =>
      traceShell(command, here).git.map(({ folder, verb, args }) => [folder, verb, ...args]);
    assertEquals(calls("gh pr merge 12 --merge"), [[here, "merge", "#12"]]);
    assertEquals(calls("gh pr merge https://github.com/o/r/pull/7 -d"), [[here, "merge", "#7"]]);
    assertEquals(calls(`gh pr merge --squash --subject "feat: x" --body y`), [
      [here, "commit", "-m", "feat: x"],
    ]);
    assertEquals(calls("gh pr merge 12 --squash; gh pr merge 3 -r; gh pr view 4"), []);
    assertEquals(calls("gh pr merge 12 --repo o/r"), [[null, "merge", "#12"]]);
  });

  it("tells what makes a commit from what makes commits anew", () => {
    const kinds = (command: string) =>
      traceShell(command, here).git.map((call) => [makesCommit(call), rewritesCommits(call)]);
    assertEquals(kinds("git commit; git merge x; git revert x; git cherry-pick x"), [
      [true, false],
      [true, false],
      [true, false],
      [true, false],
    ]);
    assertEquals(kinds("git rebase main; git history reword HEAD~1; git replay --onto a b"), [
      [false, true],
      [false, true],
      [false, true],
    ]);
    assertEquals(kinds("git merge --abort; git commit --dry-run"), [[false, false], [
      false,
      false,
    ]]);
  });

  it("says nothing of folders when it knows none", () => {
    assertEquals(commits("cd sub && git commit -m x", null), [[null, "x"]]);
  });

  it("understands Windows' folders", () => {
    assertEquals(commits("cd C:\\\\src\\\\lib; git commit -m x", "D:\\work"), [[
      "C:/src/lib",
      "x",
    ]]);
    assertEquals(commits("git commit -m x", "D:\\work\\app"), [["D:\\work\\app", "x"]]);
    assertEquals(
      commits("Set-Location -Path C:\\src\\lib; git commit `\n  -m x; cd ..\\b", "D:\\work"),
      [["C:/src/lib", "x"]],
    );
    assertEquals(
      commits(`& "C:\\Program Files\\Git\\bin\\git.exe" -C ..\\lib commit -m x`, "D:\\a"),
      [
        ["D:/lib", "x"],
      ],
    );
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
