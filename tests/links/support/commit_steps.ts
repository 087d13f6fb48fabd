import { baseOf, ran, REFUSED } from "./session_steps.ts";
import { tipOf } from "../../support/repositories.ts";
import { runGit } from "./git_user.ts";
import type { Step, World } from "./world.ts";

/** How sessions commit in a story. */
export const COMMIT_STEPS: readonly Step[] = [
  [
    /^session (\w+) commits (.+?) as "(.*?)"(?: (quietly|with a heredoc|with a message file|with an editor|with two messages|with gitOperation|from outside|by git -C|with a subject that bash quotes|with a trailing push that fails))?$/,
    async (world, [name, files, subject, how]) => {
      const session = world.session(name);
      const cwd = baseOf(world, name);
      await stage(world, { files, cwd });
      const printed = await commit(world, { cwd, subject });
      const hash = tipOf(cwd);
      const quoted = subject.replace(/(["$`\\])/g, "\\$1");
      const plain = `git add -A && git commit -m "${quoted}"`;
      switch (how) {
        case undefined:
          return ran(world, session, plain, printed);
        case "quietly":
          return ran(world, session, `git add -A && git commit -q -m "${quoted}"`, "");
        case "with a heredoc":
          return ran(
            world,
            session,
            `git add -A && git commit -q -m "$(cat <<'EOF'\n${subject}\n\nBody.\nEOF\n)"`,
            "",
          );
        case "with a message file":
          return ran(
            world,
            session,
            `cat > /tmp/msg <<'EOF'\n${subject}\n\nBody.\nEOF\ngit commit -qaF /tmp/msg`,
            "",
          );
        case "with an editor":
          return ran(world, session, "git add -A && git commit -q", "");
        case "with two messages":
          return ran(world, session, `git commit -qam '${subject}' -m 'And why.'`, "");
        case "with gitOperation":
          return ran(world, session, plain, "", {
            gitOperation: { commit: { sha: hash.slice(0, 8), kind: "committed" } },
          });
        case "from outside": {
          session.cwd = world.root;
          return ran(world, session, `cd ${cwd} && ${plain}`, printed);
        }
        case "by git -C": {
          session.cwd = world.root;
          return ran(world, session, `git -C ${cwd} commit -aqm "${quoted}"`, "");
        }
        case "with a subject that bash quotes":
          return ran(world, session, `git commit -aqm ${ansi(subject)}`, "");
        case "with a trailing push that fails": {
          const call = session.call(world.now, "Bash", { command: `${plain} && git push` });
          return session.result(world.now + 500, call, {
            text: `Exit code 1\n${printed}fatal: no remote`,
            more: "Error: Exit code 1",
            failed: true,
          });
        }
      }
    },
  ],
  [
    /^session (\w+) commits (\S+) as "(.*?)" in (\w+)$/,
    async (world, [name, files, subject, repository]) => {
      const cwd = world.repository(repository);
      await stage(world, { files, cwd });
      const printed = await commit(world, { cwd, subject });
      ran(world, world.session(name), `cd ${cwd} && git commit -am "${subject}"`, printed);
    },
  ],
  [/^session (\w+) amends(?: as "(.*)")?$/, async (world, [name, subject]) => {
    const cwd = baseOf(world, name);
    await world.git(["add", "-A"], cwd);
    const message = subject === undefined ? ["--no-edit"] : ["-m", subject];
    const printed = await runGit(["commit", "--amend", ...message], { cwd, at: world.now });
    ran(
      world,
      world.session(name),
      `git add -A && git commit --amend ${message.join(" ")}`,
      printed,
    );
  }],
  [/^session (\w+) wants to commit as "(.*)" and is refused$/, (world, [name, subject]) => {
    const session = world.session(name);
    const call = session.call(world.now, "Bash", { command: `git commit -am "${subject}"` });
    session.result(world.now, call, { text: REFUSED, more: "Error: refused", failed: true });
  }],
  [/^session (\w+) cherry-picks "(.*)"$/, async (world, [name, subject]) => {
    const cwd = baseOf(world, name);
    const hash =
      (await world.git(["log", "--all", "-1", "--format=%H", `--grep=^${subject}$`], cwd)).trim();
    const printed = await world.git(["cherry-pick", hash], cwd);
    ran(world, world.session(name), `git cherry-pick ${hash.slice(0, 8)}`, printed, {
      gitOperation: { commit: { sha: tipOf(cwd).slice(0, 8), kind: "cherry-picked" } },
    });
  }],
  [/^session (\w+) merges (\S+)$/, async (world, [name, branch]) => {
    const cwd = baseOf(world, name);
    const printed = await world.git(["merge", "--no-ff", "--no-edit", branch], cwd);
    ran(world, world.session(name), `git merge --no-ff --no-edit ${branch}`, printed);
  }],
  [/^session (\w+) reverts the last commit$/, async (world, [name]) => {
    const cwd = baseOf(world, name);
    await world.git(["revert", "--no-edit", "HEAD"], cwd);
    ran(world, world.session(name), "git revert --no-edit HEAD --quiet", "");
  }],
  [/^session (\w+) rebases onto (\S+)$/, async (world, [name, branch]) => {
    const cwd = baseOf(world, name);
    await world.git(["rebase", "-q", branch], cwd);
    ran(world, world.session(name), `git rebase ${branch}`, "Successfully rebased.\n");
  }],
  [/^session (\w+) shows the last commit's line$/, (world, [name]) => {
    const hash = tipOf(baseOf(world, name)).slice(0, 7);
    ran(world, world.session(name), "cat notes.txt", `[main ${hash}] something\n`);
  }],
];

/** Stages `all`, or the files that are named. */
export async function stage(
  world: World,
  { files, cwd }: { files: string; cwd: string },
): Promise<void> {
  const paths = files === "all"
    ? ["-A"]
    : files.split(/,? and |, | /).map((file) => file.split(":").at(-1)!);
  await world.git(["add", ...paths], cwd);
}

function commit(
  world: World,
  { cwd, subject }: { cwd: string; subject: string },
): Promise<string> {
  return world.git(["commit", "--allow-empty", "-m", subject], cwd);
}

function ansi(text: string): string {
  return `$'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
