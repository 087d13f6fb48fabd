import type { Dice } from "./dice.ts";
import type { AppliedEdit } from "./history.ts";
import type { Scene, SessionScene, Step, StepEdit } from "./story.ts";
import { type ToolCall, Transcript, type TranscriptOptions } from "./transcript.ts";
import { MARA, type TranscriptPages, type Workshop, type World } from "./world.ts";

/** Where a commit's hash stands until git has made it: replaced when the transcript is written. */
function hashOf(mark: number): string {
  return `⟦${mark}⟧`;
}

/** Puts hashes in the places that {@linkcode hashOf} left for them, as short as git prints them. */
export function withHashes(text: string, hashes: ReadonlyMap<number, string>): string {
  return text.replace(/⟦(\d+)⟧/g, (_, mark) => hashes.get(Number(mark))!.slice(0, 7));
}

/** What `git commit` prints. */
function commitOutput(
  commit: { mark: number; branch: string; subject: string; root: boolean },
  files: { edits: StepEdit[]; created: string[] },
): string {
  const paths = new Set(files.edits.map((edit) => edit.path));
  const added = files.edits.reduce((sum, edit) => sum + lineCount(edit.text), 0);
  const removed = files.edits.reduce((sum, edit) => sum + lineCount(edit.instead ?? ""), 0);
  const counts = [
    `${paths.size} file${paths.size === 1 ? "" : "s"} changed`,
    ...(added > 0 ? [`${added} insertion${added === 1 ? "" : "s"}(+)`] : []),
    ...(removed > 0 ? [`${removed} deletion${removed === 1 ? "" : "s"}(-)`] : []),
  ];
  return [
    `[${commit.branch}${commit.root ? " (root-commit)" : ""} ${
      hashOf(commit.mark)
    }] ${commit.subject}`,
    ` ${counts.join(", ")}`,
    ...files.created.map((path) => ` create mode 100644 ${path}`),
  ].join("\n");
}

/** The command by which an agent commits a message of several lines. */
function heredocCommit(message: string): string {
  return `git commit -m "$(cat <<'EOF'\n${message.trimEnd()}\nEOF\n)"`;
}

/** A word for the shell, in double quotes. */
function quoted(text: string): string {
  return `"${text.replace(/["\\$`]/g, "\\$&")}"`;
}

function lineCount(text: string): number {
  return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
}

/** The call by which an agent makes an edit. */
export function editCall(folder: string, edit: AppliedEdit): ToolCall {
  const filePath = `${folder}/${edit.path}`;
  if (edit.before === null) {
    return {
      name: "Write",
      input: { file_path: filePath, content: edit.after },
      content: `File created successfully at: ${filePath}`,
      result: { type: "create", filePath, content: edit.after, structuredPatch: [] },
    };
  }
  const { oldText, newText, before, hunk } = edit;
  return {
    name: "Edit",
    input: {
      replace_all: false,
      file_path: filePath,
      old_string: oldText,
      new_string: newText,
    },
    content: `The file ${filePath} has been updated successfully.`,
    result: {
      filePath,
      oldString: oldText,
      newString: newText,
      originalFile: before,
      structuredPatch: [hunk],
      userModified: false,
      replaceAll: false,
    },
  };
}

/** The call by which an agent looks at a file. */
export function readCall(folder: string, file: { path: string; text: string }): ToolCall {
  const filePath = `${folder}/${file.path}`;
  const lines = file.text.replace(/\n$/, "").split("\n");
  return {
    name: "Read",
    input: { file_path: filePath },
    content: lines.map((line, i) => `${String(i + 1).padStart(6)}→${line}`).join("\n"),
    result: {
      type: "text",
      file: {
        filePath,
        content: file.text,
        numLines: lines.length,
        startLine: 1,
        totalLines: lines.length,
      },
    },
  };
}

/** A shell command with what it printed. */
export function shellCall(
  command: string,
  options: { description: string; stdout: string; more?: Record<string, unknown> },
): ToolCall {
  const { description, stdout, more = {} } = options;
  return {
    name: "Bash",
    input: { command, description },
    content: stdout,
    result: { stdout, stderr: "", interrupted: false, isImage: false, ...more },
  };
}

const SECOND = 1_000;
/** Since this version a commit's hash is kept beside the output. */
const GIT_OPERATION_FROM = 159;
const CO_AUTHOR = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>";

/** A session at work: what it does to its repository, and what its transcript says of that. */
export class Session {
  readonly pages: TranscriptPages;
  readonly branch: string;
  readonly folder: string;
  readonly dice: Dice;
  readonly transcript: Transcript;
  readonly workshop: Workshop;
  readonly #world: World;
  readonly #scene: Scene & SessionScene;
  #created: string[] = [];
  #agent: { transcript: Transcript; id: string; call: string; startedAt: number } | null = null;
  #bridge: string | null = null;

  constructor(world: World, scene: Scene & SessionScene) {
    this.#world = world;
    this.#scene = scene;
    this.dice = world.dice(scene);
    this.workshop = world.workshop(scene.repo);
    this.branch = scene.branch?.name ?? "main";
    this.folder = worktreeFolder(world, scene);
    const cwd = scene.folder === undefined ? this.folder : `${this.folder}/${scene.folder}`;
    this.pages = { sessionId: this.dice.uuid(), cwd, agent: null, lines: [] };
    this.transcript = new Transcript({
      sessionId: this.pages.sessionId,
      cwd,
      branch: () => this.branch,
      version: world.agentVersion(scene.day),
      model: world.model(scene.day),
      dice: this.dice,
      write: (line) => this.pages.lines.push(line),
    });
  }

  begin(at: number): void {
    const { forks, repo, day, branch, worktree, remote } = this.#scene;
    this.#world.transcripts.push(this.pages);
    this.#world.sessions.set(`${repo} ${day}`, this.pages);
    if (forks !== undefined) this.#copy(this.#world.sessions.get(`${repo} ${forks}`)!);
    if (remote) {
      this.#bridge = this.dice.token("01");
      this.transcript.note({ type: "bridge-session", bridgeSessionId: `cse_${this.#bridge}` });
    }
    if (branch === undefined) return;
    this.workshop.history.start(branch.name);
    if (worktree === "kept") {
      this.#world.worktrees.push({ repo, folder: this.folder, branch: branch.name });
    }
    if (worktree !== undefined) return;
    const stdout = `Switched to a new branch '${branch.name}'`;
    const call = shellCall(`git switch -c ${branch.name}`, { description: "Branch off", stdout });
    this.transcript.user(at, `We'll do this on a branch, call it ${branch.name}.`);
    this.transcript.tool(at + 4 * SECOND, { ...call, tookMs: 80 });
  }

  ask(at: number, { ask }: Step): void {
    this.transcript.user(at, ask);
  }

  /** Looks at what is there before changing it, or hands the step to a subagent that does. */
  look(at: number, step: Step): void {
    const { path } = step.edits[0];
    const text = this.workshop.read(this.branch, path);
    if (this.#scene.agents !== undefined) this.#delegate(at, step);
    const worker = this.#worker;
    worker.say(at + 2 * SECOND, this.dice.pick(OPENINGS)(path));
    const call = text === null
      ? shellCall("git ls-files", { description: "List files", stdout: this.#fileList() })
      : readCall(this.folder, { path, text });
    worker.tool(at + 4 * SECOND, { ...call, tookMs: 70 });
  }

  edit(at: number, edit: StepEdit): void {
    const done = this.workshop.edit(this.branch, edit);
    if (done.before === null) this.#created.push(done.path);
    this.#worker.tool(at, { ...editCall(this.folder, done), tookMs: 120 });
  }

  check(at: number): void {
    const { check } = this.workshop.story;
    const stdout = this.dice.pick(["ok", "all tests passed", "passed, no warnings"]);
    const call = shellCall(check, { description: "Run the checks", stdout });
    this.#worker.tool(at, { ...call, tookMs: this.dice.between(900, 9_000) });
  }

  commit(at: number, step: Step): void {
    const { way } = this.#scene;
    const message = this.#message(step);
    if (way === "skill") {
      const skill = "commit-commands:commit";
      this.#worker.tool(at - 3 * SECOND, {
        name: "Skill",
        input: { skill },
        content: `Launching skill: ${skill}`,
        result: { success: true, commandName: skill },
        tookMs: 20,
      });
    }
    if (way === "slash") {
      const name = "<command-name>/commit</command-name>";
      this.transcript.user(at - 5 * SECOND, `<command-message>commit</command-message>\n${name}`);
    }
    const root = this.workshop.history.commits.length === 0;
    const commit = this.workshop.commit(this.branch, {
      author: MARA,
      at: wholeSecond(at) + SECOND,
      message,
      edits: step.edits,
      sessions: [this.pages.sessionId],
    });
    const { subject, edits } = step;
    const shown = { mark: commit.mark, branch: this.branch, subject, root };
    const quiet = way === "quiet" || way === "slash";
    const stdout = quiet ? "" : commitOutput(shown, { edits, created: this.#created });
    this.#created = [];
    const paths = [...new Set(edits.map((edit) => edit.path))].join(" ");
    const command = way === "heredoc"
      ? heredocCommit(message)
      : `git commit ${quiet ? "-q " : ""}-m ${quoted(subject)}`;
    const known = !quiet && this.#versionNumber() >= GIT_OPERATION_FROM;
    const more = known
      ? { gitOperation: { commit: { sha: hashOf(commit.mark), kind: "committed" } } }
      : {};
    const up = this.#scene.folder === undefined ? "" : `cd ${this.folder} && `;
    const call = shellCall(`${up}git add ${paths} && ${command}`, {
      description: "Commit",
      stdout,
      more,
    });
    this.#worker.tool(at, { ...call, tookMs: 1_600 });
  }

  /** The user reworks and commits what the session left behind; the transcript knows nothing of it. */
  commitByHand(at: number, { subject, edits }: Step): void {
    this.#created = [];
    const renames = Object.entries(this.#scene.renames ?? {});
    const replacedLines = edits.map((edit) => ({
      ...edit,
      text: renames.reduce((text, [from, to]) => text.replaceAll(from, to), edit.text),
    }));
    this.workshop.commit("main", {
      author: MARA,
      at: wholeSecond(at),
      message: `${subject}\n`,
      edits: replacedLines,
      sessions: [this.pages.sessionId],
    });
  }

  report(at: number, { subject, edits }: Step): void {
    const done = subject.replace(/^[^:]*: /, "");
    const text = this.dice.pick(CLOSINGS)(done, edits[0].path, this.workshop.story.check);
    if (this.#agent !== null) this.#returnFrom(at - 2 * SECOND, text);
    this.transcript.say(at, text);
  }

  end(): void {
    const { title } = this.#scene;
    if (title !== undefined) this.transcript.note({ type: "ai-title", aiTitle: title });
  }

  get #worker(): Transcript {
    return this.#agent?.transcript ?? this.transcript;
  }

  #message({ subject }: Step): string {
    if (this.#scene.way !== "heredoc") return `${subject}\n`;
    const page = this.#bridge === null
      ? []
      : [`Claude-Session: https://claude.ai/code/session_${this.#bridge}`];
    return `${[subject, "", ...page, CO_AUTHOR].join("\n")}\n`;
  }

  #versionNumber(): number {
    return Number(this.transcript.options.version.split(".")[2]);
  }

  #fileList(): string {
    return [...this.workshop.history.tip(this.branch).tree.keys()].sort().join("\n");
  }

  #copy(origin: TranscriptPages): void {
    for (const line of origin.lines) {
      const { uuid } = line;
      if (typeof uuid !== "string") continue;
      const forkedFrom = { sessionId: origin.sessionId, messageUuid: uuid };
      this.pages.lines.push({ ...line, sessionId: this.pages.sessionId, forkedFrom });
      this.transcript.follow(uuid);
    }
  }

  #delegate(at: number, step: Step): void {
    const id = this.dice.hex(7);
    const call = this.transcript.call(at, {
      name: this.#versionNumber() < 63 ? "Task" : "Agent",
      input: {
        description: "Carry out the step",
        prompt: step.ask,
        subagent_type: "general-purpose",
      },
    });
    const options: TranscriptOptions = {
      ...this.transcript.options,
      agent: id,
      write: this.#scene.agents === "files"
        ? this.#agentFile(id)
        : (line) => this.#writeProgress(line, { id, call }),
    };
    const transcript = new Transcript(options);
    this.#agent = { transcript, id, call, startedAt: at };
    transcript.user(at + SECOND, step.ask);
  }

  #agentFile(id: string): TranscriptOptions["write"] {
    const pages: TranscriptPages = { ...this.pages, agent: id, lines: [] };
    this.#world.transcripts.push(pages);
    return (line) => pages.lines.push(line);
  }

  #writeProgress(line: Record<string, unknown>, agent: { id: string; call: string }): void {
    const { type, message, uuid, timestamp, requestId, toolUseResult } = line;
    this.transcript.event(Date.parse(String(timestamp)), {
      type: "progress",
      data: {
        message: { type, timestamp, message, uuid, requestId, toolUseResult },
        normalizedMessages: [],
        type: "agent_progress",
        agentId: agent.id,
      },
      toolUseID: `agent_${agent.call.slice(6)}`,
      parentToolUseID: agent.call,
    });
  }

  #returnFrom(at: number, text: string): void {
    const { id, call, transcript, startedAt } = this.#agent!;
    transcript.say(at - SECOND, text);
    this.#agent = null;
    this.transcript.result(at, {
      id: call,
      content: [{ type: "text", text }],
      result: {
        status: "completed",
        agentId: id,
        content: [{ type: "text", text }],
        totalDurationMs: at - startedAt,
        totalTokens: this.dice.between(9_000, 40_000),
        totalToolUseCount: 4,
      },
    });
  }
}

function worktreeFolder(world: World, { repo, worktree, branch }: Scene & SessionScene): string {
  const folder = world.folder(repo);
  if (worktree === undefined) return folder;
  return worktree === "kept"
    ? `${folder}-${branch!.name}`
    : `${folder}/.claude/worktrees/${branch!.name}`;
}

function wholeSecond(at: number): number {
  return Math.floor(at / SECOND) * SECOND;
}

const OPENINGS: ((path: string) => string)[] = [
  (path) => `I'll look at ${path} first.`,
  (path) => `Let me see what is around ${path}.`,
  () => "Let me check how the neighbouring code does it.",
  (path) => `This belongs into ${path}, I think. Let me make sure.`,
];

const CLOSINGS: ((done: string, path: string, check: string) => string)[] = [
  (done, path) => `Done: ${done}. The change is in ${path}.`,
  (done, _, check) => `That is it: ${done}. ${check} passes.`,
  (done, path, check) => `${path} now holds the change (${done}), and ${check} passes.`,
  (done) => `Finished: ${done}. Say so if you want it differently.`,
];
