import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { mayHaveEffects, onlyReads, readShellCommand } from "../../lib/shell/effects.ts";

describe("what a shell command may do", () => {
  const cases: [string, { git?: boolean; writes?: boolean; publishes?: boolean }][] = [
    ["npm test", {}],
    ["git status", { git: true }],
    ["cd x && git.exe add .", { git: true }],
    [`bash -lc "git commit -m x"`, { git: true }],
    ["jj commit -m x", { git: true }],
    ["yadm add .bashrc", { git: true }],
    ["cat digit.txt .gitignore", {}],
    ["git push -u origin a", { git: true, publishes: true }],
    ["gh pr create --fill", { git: true, publishes: true }],
    ["gh pr merge 12 --squash", { git: true, publishes: true }],
    ["glab mr create --fill", { git: true, publishes: true }],
    ["docker push x", {}],
    ["cat > a <<'EOF'\nx\nEOF", { writes: true }],
    ["echo x > a", { writes: true }],
    ["echo x >> a", { writes: true }],
    ["npm test &> log.txt", { writes: true }],
    ["npm test 1> log.txt", { writes: true }],
    [`echo x >"a b"`, { writes: true }],
    ["npm test 2>&1 | tail", {}],
    ["npm test 2> errors.txt", {}],
    ["npm test > /dev/null 2>&1", {}],
    ["npm test > $null", {}],
    [`grep "a > b" c`, {}],
    [`node -e 'x => y > z'`, {}],
    ["for ((i = 0; i > 3; i++)); do ls; done", {}],
    ["[[ a > b ]]", {}],
  ];
  for (const [command, expected] of cases) {
    it(JSON.stringify(command), () => {
      assertEquals(readShellCommand(command), {
        git: false,
        writes: false,
        publishes: false,
        ...expected,
      });
    });
  }
});

describe("a quick look at a command", () => {
  const matter = [
    "git status",
    "cat a > b",
    "cat > a <<EOF\nx\nEOF",
    'sh -c "gh pr create"',
    "jj\tst",
  ];
  for (const command of matter) {
    it(`sees what ${JSON.stringify(command)} may do, as it is and as JSON`, () => {
      assertEquals(mayHaveEffects(command), true);
      assertEquals(mayHaveEffects(JSON.stringify(command)), true);
      assertEquals(mayHaveEffects(JSON.stringify(JSON.stringify(command))), true);
    });
  }
  it("sees nothing in a command that runs neither git nor writes", () => {
    assertEquals(mayHaveEffects(JSON.stringify("sed -n '1,9p' digits.txt && npm test")), false);
  });
});

describe("a command that only reads", () => {
  const reads = [
    "",
    "git log --oneline | head -3",
    "git -C /x -c a=b show abc 2>&1",
    "cd x && cat notes.md; echo done # git commit",
    `grep "git commit -m x" log`,
    "time git diff",
    "/usr/bin/grep -r x | sort -u",
  ];
  const does = [
    "git commit -m x",
    "git log && git push",
    "npm run release",
    "echo $(git commit -m x)",
    "sudo git commit -m x",
    "GIT_DIR=/x git add . | cat",
    "(cd x; git merge y)",
  ];
  for (const command of reads) {
    it(JSON.stringify(command), () => assertEquals(onlyReads(command), true));
  }
  for (const command of does) {
    it(`is not ${JSON.stringify(command)}`, () => assertEquals(onlyReads(command), false));
  }
});
