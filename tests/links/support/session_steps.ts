import { locationOf, patchOf, textOf, unescape, wordOf, write } from "./story_files.ts";
import type { TranscriptWriter } from "./transcript.ts";
import { sessionIdOf, type Step, type World } from "./world.ts";

/** What a session does in a story. */
export const SESSION_STEPS: readonly Step[] = [
  [/^session (\w+) edits (\S+)(?: with "(.*)")?$/, (world, [name, file, text]) => {
    const path = locationOf(world, file, baseOf(world, name));
    const before = textOf(path);
    const lines = text === undefined
      ? world.newLines(wordOf(name, file)).join("\n")
      : unescape(text);
    change(world, world.session(name), { path, before, after: `${before}${lines}\n` });
  }],
  [/^session (\w+) edits (\S+) spelled (\S+)$/, (world, [name, file, spelled]) => {
    const path = locationOf(world, file);
    const before = textOf(path);
    const after = `${before}${world.newLines(wordOf(name, file)).join("\n")}\n`;
    change(world, world.session(name), {
      path,
      before,
      after,
      spelled: spelled.replace("ROOT", world.root),
    });
  }],
  [/^session (\w+) is compacted$/, (world, [name]) => {
    const session = world.session(name);
    session.lines.push(...session.lines.slice());
  }],
  [/^session (\w+) writes (\S+) like (\S+)$/, (world, [name, file, model]) => {
    const path = locationOf(world, file, baseOf(world, name));
    const after = textOf(locationOf(world, model, baseOf(world, name)));
    change(world, world.session(name), { path, before: textOf(path), after });
  }],
  [/^session (\w+) replaces "(.*)" by "(.*)" in (\S+)$/, (world, [name, old, now, file]) => {
    const path = locationOf(world, file, baseOf(world, name));
    const before = textOf(path);
    const after = before.replace(unescape(old), unescape(now));
    change(world, world.session(name), {
      path,
      before,
      after,
      old: unescape(old),
      now: unescape(now),
    });
  }],
  [
    /^session (\w+) resolves the conflict in (\S+)(?: with "(.*)")?$/,
    (world, [name, file, text]) => {
      const path = locationOf(world, file, baseOf(world, name));
      const before = textOf(path);
      const after = before.replace(
        /<<<<<<< .*\n([^]*?)=======\n([^]*?)>>>>>>> .*\n/g,
        (_, ours: string, theirs: string) =>
          text === undefined ? ours + theirs : `${unescape(text)}\n`,
      );
      if (after === before) throw new Error(`There is no conflict in ${file}`);
      change(world, world.session(name), { path, before, after });
    },
  ],
  [/^session (\w+) takes the lines of (\S+) away$/, (world, [name, file]) => {
    const path = locationOf(world, file, baseOf(world, name));
    change(world, world.session(name), { path, before: textOf(path), after: "" });
  }],
  [/^session (\w+) tries to edit (\S+) and is refused$/, (world, [name, file]) => {
    const session = world.session(name);
    const path = locationOf(world, file, baseOf(world, name));
    const input = {
      file_path: path,
      old_string: "",
      new_string: world.newLines(wordOf(name, file)).join("\n"),
    };
    const call = session.call(world.now, "Edit", input);
    session.result(world.now, call, { text: REFUSED, more: "Error: refused", failed: true });
  }],
  [/^session (\w+) has a subagent edit (\S+)$/, (world, [name, file]) => {
    const session = world.session(name);
    const path = locationOf(world, file, baseOf(world, name));
    const before = textOf(path);
    const content = before + world.newLines(wordOf(name, file)).join("\n") + "\n";
    const from = session.lines.length;
    change(world, session, { path, before, after: content });
    for (const line of session.lines.slice(from)) wrapAsProgress(line);
  }],
  [/^session (\w+) writes (\S+) in the shell$/, (world, [name, file]) => {
    const path = locationOf(world, file, baseOf(world, name));
    const text = world.newLines(wordOf(name, file)).join("\n");
    write(path, `${text}\n`);
    ran(world, world.session(name), `cat > ${path} <<'EOF'\n${text}\nEOF`, "");
  }],
  [/^session (\w+) begins in (\S+)$/, (world, [name, folder]) => {
    world.beginSession(name, `${world.root}/${folder}`);
  }],
  [/^session (\w+) stands in (\S+)$/, (world, [name, folder]) => {
    const session = world.session(name);
    session.cwd = folder.startsWith("/") || folder.includes(":\\")
      ? folder
      : `${world.root}/${folder}`;
    session.prompt(world.now, "go on here");
  }],
  [/^session (\w+) is on branch (\S+)$/, (world, [name, branch]) => {
    world.session(name).branch = branch;
  }],
  [/^session (\w+) (?:talks|goes on)$/, (world, [name]) => {
    world.session(name).prompt(world.now, "what do you think?");
  }],
  [/^session (\w+) invokes (\S+)$/, (world, [name, skill]) => {
    const session = world.session(name);
    const call = session.call(world.now, "Skill", { skill });
    session.result(world.now, call, {
      text: `Launching skill: ${skill}`,
      more: { commandName: skill },
    });
  }],
  [/^session (\w+) is asked for (\/\S+)$/, (world, [name, command]) => {
    world.session(name).prompt(
      world.now,
      `<command-message>${
        command.slice(1)
      }</command-message>\n<command-name>${command}</command-name>`,
    );
  }],
  [/^session (\w+) runs `(.*)`(?: seeing "(.*)")?$/, (world, [name, command, seen]) => {
    ran(world, world.session(name), unescape(command), unescape(seen ?? ""));
  }],
  [/^session (\w+) is bridged as (\S+)$/, (world, [name, id]) => {
    world.session(name).meta({ type: "bridge-session", bridgeSessionId: id });
  }],
  [/^session (\w+) forks as (\w+)$/, (world, [name, copy]) => {
    const from = world.session(name);
    const to = world.session(copy);
    const own = to.lines.splice(0);
    for (const line of from.lines) to.lines.push({ ...line, sessionId: to.id });
    to.lines.push(
      ...own.map((line) => ({ ...line, forkedFrom: { sessionId: sessionIdOf(name) } })),
    );
  }],
];

/** What the tool says that a user stopped. */
export const REFUSED =
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file).";

/** The checkout that a session's files are in: the worktree it stands in, or the repository. */
export function baseOf(world: World, name: string): string {
  const { cwd } = world.session(name);
  for (
    let folder = cwd;
    folder.startsWith(`${world.root}/`);
    folder = folder.slice(0, folder.lastIndexOf("/"))
  ) {
    try {
      Deno.statSync(`${folder}/.git`);
      return folder;
    } catch {
      // Not a checkout: look above.
    }
  }
  return world.repository();
}

/** Lets a session run a command, which takes no time, and shows what it printed. */
export function ran(
  world: World,
  session: TranscriptWriter,
  command: string,
  stdout: string,
  more: object = {},
): void {
  const call = session.call(world.now, "Bash", { command, description: "as told" });
  session.result(world.now + 500, call, {
    text: stdout,
    more: { stdout, stderr: "", interrupted: false, ...more },
  });
}

function change(
  world: World,
  session: TranscriptWriter,
  { path, spelled = path, before, after, old, now }: {
    path: string;
    /** How the transcript spells the path. @default path */
    spelled?: string;
    before: string;
    after: string;
    old?: string;
    now?: string;
  },
): void {
  write(path, after);
  const create = before === "";
  const input = create
    ? { file_path: spelled, content: after }
    : { file_path: spelled, old_string: old ?? before, new_string: now ?? after };
  const call = session.call(world.now, create ? "Write" : "Edit", input);
  session.result(world.now, call, {
    text: `The file ${path} has been ${create ? "created" : "updated"} successfully.`,
    more: {
      filePath: spelled,
      structuredPatch: create ? [] : patchOf(before, after),
      ...(create ? { type: "create", content: after } : { userModified: false }),
    },
  });
}

/** Turns a line into the progress line that holds a subagent's message. */
function wrapAsProgress(line: Record<string, unknown>): void {
  const { type, message, uuid, timestamp, toolUseResult } = line;
  line.data = {
    type: "agent_progress",
    agentId: "a1b2c3d",
    message: { type, message, uuid, timestamp, toolUseResult },
  };
  line.type = "progress";
  line.uuid = `f0f0f0f0${String(uuid).slice(8)}`;
  delete line.message;
  delete line.toolUseResult;
}
