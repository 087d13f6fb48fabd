import { stage } from "./commit_steps.ts";
import { ME, runGit, TEAMMATE, WEB } from "./git_user.ts";
import { saveAlias } from "../../../lib/store/write/repository_aliases.ts";
import { locationOf, textOf, unescape, wordOf, write } from "./story_files.ts";
import type { Step, World } from "./world.ts";

/** What happens to repositories by hand, or elsewhere. */
export const HAND_STEPS: readonly Step[] = [
  [/^(\d+) (minute|hour|day)s? later$/, (world, [count, unit]) => {
    const ms =
      { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[unit as "minute" | "hour" | "day"];
    world.later(Number(count) * ms);
  }],
  [/^a colleague sits down at this machine$/, (world) => {
    world.person = TEAMMATE;
  }],
  [/^repository (\w+)$/, (world, [name]) => world.begin(name)],
  [/^repository (\w+) with (sha256)$/, (world, [name, format]) => world.begin(name, format)],
  [/^hand leaves only the last (\d+) commits? in (\S+)$/, async (world, [count, name]) => {
    const from = world.repository();
    await world.git(["clone", "-q", "--depth", count, `file://${from}`, world.repository(name)]);
  }],
  [/^hand initialises (\S+)$/, async (world, [name]) => {
    Deno.mkdirSync(world.repository(name));
    await world.git(["init", "-q"], world.repository(name));
  }],
  [/^hand edits (\S+)(?: with "(.*)")?$/, (world, [file, text]) => {
    const path = locationOf(world, file);
    const lines = text === undefined
      ? world.newLines(wordOf("hand", file)).join("\n")
      : unescape(text);
    write(path, `${textOf(path)}${lines}\n`);
  }],
  [/^hand writes (\S+) like (\S+)$/, (world, [file, model]) => {
    write(locationOf(world, file), textOf(locationOf(world, model)));
  }],
  [/^hand replaces "(.*)" by "(.*)" in (\S+)$/, (world, [old, now, file]) => {
    const path = locationOf(world, file);
    write(path, textOf(path).replaceAll(unescape(old), unescape(now)));
  }],
  [/^hand writes many files$/, (world) => {
    for (let i = 0; i < 300; i++) {
      write(locationOf(world, `many/file${i}.ts`), world.newLines(`many${i}`, 3).join("\n") + "\n");
    }
  }],
  [/^hand reformats (\S+)$/, (world, [file]) => {
    const path = locationOf(world, file);
    const lines = textOf(path).split("\n");
    write(
      path,
      lines.map((line) => line === "" ? "" : `    ${line.replaceAll('"', "'")}`).join("\n"),
    );
  }],
  [/^hand takes the last (\d+) lines of (\S+) away$/, (world, [count, file]) => {
    const path = locationOf(world, file);
    const lines = textOf(path).trimEnd().split("\n");
    write(path, lines.slice(0, -Number(count)).join("\n") + "\n");
  }],
  [/^hand renames (\S+) to (\S+)$/, async (world, [from, to]) => {
    await world.git(["mv", from, to]);
  }],
  [/^hand commits (\S+) on the web as "(.*)"$/, async (world, [file, subject]) => {
    const cwd = world.repository();
    await stage(world, { files: file, cwd });
    await runGit(["commit", "-q", "-m", subject], { cwd, at: world.now, by: WEB, author: ME });
  }],
  [/^hand commits all in (\S+) as "(.*)"$/, async (world, [folder, subject]) => {
    await world.git(["add", "-A"], `${world.root}/${folder}`);
    await world.git(["commit", "-q", "-m", subject], `${world.root}/${folder}`);
  }],
  [/^hand commits (.+?) as "(.*?)"(?: saying "(.*)")?$/, async (world, [files, subject, body]) => {
    const cwd = files.includes(":") ? world.repository(files.split(":")[0]) : world.repository();
    await stage(world, { files, cwd });
    const more = body === undefined ? [] : ["-m", unescape(body)];
    await world.git(["commit", "-q", "--allow-empty", "-m", subject, ...more], cwd);
  }],
  [/^teammate commits (.+?) as "(.*?)"$/, async (world, [files, subject]) => {
    const cwd = world.repository();
    for (const file of files.split(" ")) {
      const path = locationOf(world, file);
      write(path, `${textOf(path)}${world.newLines(wordOf("teammate", file)).join("\n")}\n`);
    }
    await stage(world, { files, cwd });
    await runGit(["commit", "-q", "-m", subject], { cwd, at: world.now, by: TEAMMATE });
  }],
  [/^hand amends(?: as "(.*)")?$/, async (world, [subject]) => {
    await world.git(["add", "-A"]);
    const message = subject === undefined ? ["--no-edit"] : ["-m", subject];
    await world.git(["commit", "-q", "--amend", "--allow-empty", ...message]);
  }],
  [
    /^hand commits all as "(.*)" by a clock that is (\d+) (minute|hour)s? slow$/,
    async (world, [subject, count, unit]) => {
      const cwd = world.repository();
      await stage(world, { files: "all", cwd });
      const late = Number(count) * { minute: 60_000, hour: 3_600_000 }[unit as "minute" | "hour"];
      await runGit(["commit", "-q", "-m", subject], { cwd, at: world.now - late });
    },
  ],
  [/^hand tries to merge (\S+)$/, async (world, [branch]) => {
    await world.git(["merge", "-q", "--no-ff", "--no-edit", branch]).catch(() => "");
  }],
  [/^hand tries to rebase onto (\S+)$/, async (world, [branch]) => {
    await world.git(["rebase", "-q", branch]).catch(() => "");
  }],
  [/^hand goes on rebasing$/, async (world) => {
    await world.git(["add", "-A"]);
    await world.git(["rebase", "--continue"]);
  }],
  [/^hand concludes the merge as "(.*)"$/, async (world, [subject]) => {
    await world.git(["add", "-A"]);
    await world.git(["commit", "-q", "-m", subject]);
  }],
  [/^hand amends with a new author time$/, async (world) => {
    await world.git(["commit", "-q", "--amend", "--no-edit", "--reset-author"]);
  }],
  [/^hand switches to new branch (\S+)$/, async (world, [branch]) => {
    await world.git(["switch", "-q", "-c", branch]);
  }],
  [/^hand switches to (\S+)$/, async (world, [branch]) => {
    await world.git(["switch", "-q", branch]);
  }],
  [/^hand rebases onto (\S+)$/, async (world, [branch]) => {
    await world.git(["rebase", "-q", branch]);
  }],
  [/^hand merges (\S+)$/, async (world, [branch]) => {
    await world.git(["merge", "-q", "--no-ff", "--no-edit", branch]);
  }],
  [
    /^hand merges (\S+) with a conflict and commits it as "(.*)"$/,
    async (world, [branch, subject]) => {
      await world.git(["merge", "-q", "--no-ff", "--no-edit", branch]).catch(() => "");
      await world.git(["add", "-A"]);
      await world.git(["commit", "-q", "-m", subject]);
    },
  ],
  [
    /^hand squashes (\S+) as "(.*?)"(?: listing "(.*)")?$/,
    async (world, [branch, subject, list]) => {
      await world.git(["merge", "-q", "--squash", branch]);
      const body = list === undefined
        ? []
        : ["-m", list.split(", ").map((one) => `* ${one}`).join("\n\n")];
      await world.git(["commit", "-q", "-m", subject, ...body]);
    },
  ],
  [/^hand deletes branch (\S+)$/, async (world, [branch]) => {
    await world.git(["branch", "-q", "-D", branch]);
  }],
  [/^hand cherry-picks "(.*)"$/, async (world, [subject]) => {
    await world.git(["cherry-pick", await hashOf(world, subject)]);
  }],
  [/^hand reverts "(.*?)"(?: as "([^"]*)")?$/, async (world, [subject, words]) => {
    const hash = await hashOf(world, subject);
    await world.git(["revert", "--no-edit", hash]);
    if (words === undefined) return;
    await world.git(["commit", "-q", "--amend", "-m", words, "-m", `This reverts commit ${hash}.`]);
  }],
  [/^hand filters all messages$/, async (world) => {
    const branch = (await world.git(["branch", "--show-current"])).trim();
    const hashes = (await world.git(["rev-list", "--reverse", "HEAD"])).trim().split("\n");
    let parent: string | null = null;
    for (const hash of hashes) {
      const [tree, author, email, at, ...subject] = (await world.git(
        ["log", "-1", "--format=%T%n%an%n%ae%n%at%n%B", hash],
      )).split("\n");
      const parents: string[] = parent === null ? [] : ["-p", parent];
      parent = (await runGit(["commit-tree", tree, ...parents], {
        cwd: world.repository(),
        at: world.now,
        author: { name: author, email },
        authorAt: Number(at) * 1000,
        input: `${subject.join("\n").trim()}\n\nFiltered.\n`,
      })).trim();
    }
    await world.git(["update-ref", `refs/heads/${branch}`, parent!]);
    await world.git(["reset", "-q", "--hard"]);
  }],
  [/^hand forgets what no branch holds$/, async (world) => {
    await world.git(["reflog", "expire", "--expire=now", "--all"]);
    await world.git(["gc", "-q", "--prune=now"]);
  }],
  [/^hand adds worktree (\S+)$/, async (world, [folder]) => {
    await world.git([
      "worktree",
      "add",
      "-q",
      `${world.root}/${folder}`,
      "-b",
      folder.replace(/.*\//, ""),
    ]);
  }],
  [/^hand removes worktree (\S+)$/, async (world, [folder]) => {
    await world.git(["worktree", "remove", "--force", `${world.root}/${folder}`]);
  }],
  [/^hand moves (\S+) to (\S+)$/, (world, [from, to]) => {
    Deno.renameSync(`${world.root}/${from}`, `${world.root}/${to}`);
  }],
  [/^the user says that (\S+) is now (\S+)$/, (world, [from, to]) => {
    const oldPath = from.includes("\\") ? from : `${world.root}/${from}`;
    saveAlias(world.db, { oldPath, newPath: `${world.root}/${to}` });
  }],
  [/^a sync runs$/, async (world) => {
    await world.sync();
  }],
  [/^the blob of (\S+) is lost$/, async (world, [file]) => {
    const hash = (await world.git(["rev-parse", `HEAD:${file}`])).trim();
    Deno.removeSync(`${world.repository()}/.git/objects/${hash.slice(0, 2)}/${hash.slice(2)}`);
  }],
  [/^the commit is noted with session (\w+)$/, async (world, [name]) => {
    const { id } = world.session(name);
    await world.git([
      "notes",
      "--ref=ai",
      "add",
      "-m",
      `a.ts\n  x 1-5\n---\n{"agent_id":{"id":"${id}"}}`,
    ]);
  }],
  [/^checkpoint (\w{12}) names session (\w+)$/, async (world, [checkpoint, name]) => {
    const { id } = world.session(name);
    const blob = (await runGit(["hash-object", "-w", "--stdin"], {
      cwd: world.repository(),
      at: world.now,
      input: JSON.stringify({ checkpoint_id: checkpoint, session_id: id }),
    })).trim();
    const path = `${checkpoint.slice(0, 2)}/${checkpoint.slice(2)}/0/metadata.json`;
    const env = { cwd: world.repository(), at: world.now };
    const tree = await treeOf(world, path, blob);
    const commit = (await runGit(["commit-tree", tree, "-m", `Checkpoint: ${checkpoint}`], env))
      .trim();
    await world.git(["update-ref", "refs/heads/entire/checkpoints/v1", commit]);
  }],
];

async function treeOf(world: World, path: string, blob: string): Promise<string> {
  const parts = path.split("/");
  let entry = `100644 blob ${blob}\t${parts.pop()}`;
  while (true) {
    const tree = (await runGit(["mktree"], {
      cwd: world.repository(),
      at: world.now,
      input: `${entry}\n`,
    })).trim();
    const folder = parts.pop();
    if (folder === undefined) return tree;
    entry = `040000 tree ${tree}\t${folder}`;
  }
}

async function hashOf(world: World, subject: string): Promise<string> {
  const log = await world.git(["log", "--branches", "--reflog", "--format=%H %s"]);
  const line = log.split("\n").find((one) => one.slice(41) === subject);
  if (line === undefined) throw new Error(`No commit has the subject ${subject}`);
  return line.slice(0, 40);
}
