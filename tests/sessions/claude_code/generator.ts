import { type Layout, TranscriptLines } from "./lines.ts";
import { addOddity } from "./oddities.ts";
import { Random } from "../../support/random.ts";

/** What a made-up transcript is like. */
export interface GeneratorOptions {
  layout?: Layout;
  /** How many messages, about. @default {60} */
  messages?: number;
  sessionId?: string;
  start?: number;
}

/** Writes a transcript with every shape of line that Claude Code knows, as a seed determines. */
export function generateTranscript(seed: number, options: GeneratorOptions = {}): TranscriptLines {
  const random = new Random(seed);
  const layout = options.layout ?? random.pick<Layout>(["old", "new", "shuffled"]);
  const lines = new TranscriptLines({
    layout,
    sessionId: options.sessionId ?? random.uuid(),
    cwd: random.pick(["/home/me/app", "C:\\Users\\me\\app", "/home/mé/äpp", "/srv/{x}"]),
    gitBranch: random.pick([undefined, "", "main", "HEAD", "feature/ü"]),
    slug: random.pick([undefined, "zany-ember"]),
    agentId: random.chance(0.1) ? "a1b2c3d" : undefined,
    isSidechain: random.chance(0.1),
  }, seed + 1);
  if (options.start !== undefined) lines.at = options.start;
  const writer = new Writer(lines, random);
  for (let i = options.messages ?? 60; i > 0; i--) writer.step();
  return lines;
}

const WORDS = [
  "the",
  "login {",
  "}{",
  'says "hi"',
  "→ ü 漢字 😀",
  "\\n\\t",
  "line\nbreak",
  "\ud83c",
  '{"parentUuid":null}',
  '},"uuid":"x","timestamp":"y"',
  "1 file changed",
  "tab\there",
  "",
];

/** What stands beside the result of a call that did not end well. */
const DENIALS: readonly Record<string, unknown>[] = [
  {},
  { toolDenialKind: "user-rejected", toolDenialBeforeRun: true },
  { toolDenialKind: "user-rejected" },
  { toolDenialKind: "permission-rule", permissionDecision: { decision: "reject", source: "hook" } },
  { permissionDecision: { decision: "accept", source: "config" } },
  { toolDenialKind: 7, permissionDecision: "reject" },
];

class Writer {
  readonly #lines: TranscriptLines;
  readonly #random: Random;
  #open: { id: string; name: string }[] = [];

  constructor(lines: TranscriptLines, random: Random) {
    this.#lines = lines;
    this.#random = random;
  }

  step(): void {
    const random = this.#random;
    if (random.chance(0.05)) this.#lines.at += random.int(3 * 3_600_000) - 600_000;
    if (random.chance(0.03)) this.#lines.envelope.cwd = `/home/me/app/sub${random.int(3)}`;
    if (random.chance(0.03)) this.#lines.envelope.gitBranch = `branch-${random.int(3)}`;
    const kind = random.int(12);
    if (kind === 0) this.#prompt();
    else if (kind === 1) this.#lines.says(this.#text());
    else if (kind === 2) this.#lines.thinks();
    else if (kind === 3) this.#metadata();
    else if (kind === 4) this.#progress();
    else if (kind === 5) this.#agent();
    else if (kind < 9 || this.#open.length === 0) this.#call();
    else this.#answer();
    if (random.chance(0.02)) addOddity(this.#lines.lines, random);
  }

  #text(): string {
    const random = this.#random;
    return Array.from({ length: 1 + random.int(8) }, () => random.pick(WORDS)).join(" ");
  }

  #prompt(): void {
    const random = this.#random;
    const content = random.pick<unknown>([
      this.#text(),
      [{ type: "text", text: this.#text() }],
      "<command-name>/commit</command-name>\n<command-args>now</command-args>",
      "<bash-input>git commit -m x</bash-input>",
      "<bash-stdout>[main abc1234] x\n 1 file changed</bash-stdout>",
      [{ type: "image", source: { type: "base64", data: "aGk=" } }, { type: "text", text: "See" }],
    ]);
    const extra = random.pick<Record<string, unknown>>([
      { isMeta: true },
      { permissionMode: "default" },
      { origin: { kind: "human" }, sentAtMs: 1 },
      { origin: { kind: "task-notification" } },
      {
        forkedFrom: {
          sessionId: "0b0ba5e5-0000-4000-8000-00000000000f",
          messageUuid: random.uuid(),
        },
      },
    ]);
    this.#lines.prompt(content, { extra });
  }

  #input(name: string): unknown {
    const random = this.#random;
    const file_path = `/home/me/app/${random.int(5)}.ts`;
    switch (name) {
      case "Bash":
        return {
          command: random.pick([
            "git commit -m 'Add {'",
            "npm test",
            "cat a.txt",
            "cat > b.md <<'EOF'\n# {\"B\"}\nEOF",
            "git log --oneline",
            "gh pr create --fill",
            "make && git push",
          ]),
          description: this.#text(),
        };
      case "Edit":
        return { file_path, old_string: this.#text(), new_string: `${this.#text()}\nmore {` };
      case "MultiEdit":
        return { file_path, edits: [{ old_string: "a", new_string: this.#text() }] };
      case "Write":
        return { file_path, content: `${this.#text()}\n${this.#text()}` };
      case "NotebookEdit":
        return { notebook_path: file_path, new_source: this.#text() };
      case "Skill":
        return { skill: "commit", args: "" };
      case "TodoWrite":
        return { todos: [{ content: "a", type: "x" }, { content: "b", uuid: "c" }] };
      default:
        return { file_path, uuid: "not-mine", timestamp: "2020-01-01T00:00:00.000Z" };
    }
  }

  #toolName(): string {
    return this.#random.pick([
      "Bash",
      "Bash",
      "Bash",
      "Edit",
      "Edit",
      "MultiEdit",
      "Write",
      "NotebookEdit",
      "Skill",
      "Read",
      "Read",
      "TodoWrite",
      "mcp__x__y",
    ]);
  }

  #call(): void {
    const name = this.#toolName();
    if (this.#random.chance(0.05)) {
      this.#lines.blocks([
        { type: "thinking", thinking: "Both", signature: "x" },
        { type: "text", text: this.#text() },
        { type: "tool_use", id: "toolu_two", name, input: this.#input(name) },
      ]);
      return;
    }
    this.#open.push({ id: this.#lines.calls(name, this.#input(name)), name });
  }

  #answer(): void {
    const random = this.#random;
    const [{ id, name }] = this.#open.splice(random.int(this.#open.length), 1);
    const isError = random.chance(0.1);
    const output = random.pick([
      this.#text(),
      "[main abc1234] Add {\n 1 file changed, 1 insertion(+)",
      "To github.com:o/r.git\n   1234abc..5678def  a -> a",
      "https://github.com/o/r/pull/12",
    ]);
    const content = random.pick<unknown>([
      output,
      [{ type: "text", text: output }],
      [{ type: "text", text: output }, { type: "text", text: "more" }],
    ]);
    this.#lines.answers(id, content, {
      isError,
      result: isError ? `Error: ${output}` : this.#result(name, output),
      extra: isError ? random.pick(DENIALS) : random.chance(0.2) ? { sandboxed: false } : {},
    });
  }

  #result(name: string, output: string): unknown {
    const random = this.#random;
    const structuredPatch = random.pick<unknown>([
      [],
      [{ oldStart: 1, lines: [" same {", `-${this.#text()}`, "+new {", '+"quoted"'] }],
      [{ lines: ["+a"] }, { lines: ["-b"] }],
      "odd",
    ]);
    switch (name) {
      case "Bash":
        return {
          stdout: output,
          stderr: "",
          interrupted: random.chance(0.1),
          ...(random.chance(0.2)
            ? { gitOperation: { commit: { sha: "abc1234", kind: "committed", branch: "main" } } }
            : {}),
          ...(random.chance(0.2) ? { bashEditDiff: this.#difference() } : {}),
        };
      case "Edit":
      case "MultiEdit":
        return { filePath: "/a", originalFile: this.#text(), structuredPatch, userModified: false };
      case "Write":
        return { type: "update", content: output, structuredPatch, originalFile: null };
      default:
        return random.chance(0.3) ? undefined : { type: "text", uuid: "x", text: output };
    }
  }

  #difference(): unknown {
    const hunks = [{ oldStart: 1, lines: [" same", "-old {", `+${this.#text()}`] }];
    return this.#random.pick<unknown>([
      { files: [{ filePath: "/home/me/app/a.ts", hunks }], moreFiles: 0 },
      {
        files: [
          { filePath: "/home/me/app/b.ts", hunks: [{ lines: ["-moved"] }], deleted: true },
          { filePath: "/home/me/app/c.ts", hunks: [{ lines: ["+moved"] }], created: true },
        ],
      },
      { files: [], moreFiles: 0, skipped: true },
      { files: "odd" },
    ]);
  }

  #progress(): void {
    this.#lines.add({
      type: "progress",
      data: this.#random.pick<Record<string, unknown>>([
        { type: "hook_progress", hookEvent: "Stop", command: 'x {"y":1}' },
        { type: "bash_progress", output: this.#text(), fullOutput: "git commit" },
        { type: "unheard_of" },
      ]),
      toolUseID: "t",
      parentToolUseID: "p",
    });
  }

  #agent(): void {
    const random = this.#random;
    const name = this.#toolName();
    const uuid = random.uuid();
    const timestamp = new Date(this.#lines.at).toISOString();
    const use = {
      type: "tool_use",
      id: `toolu_${uuid.slice(0, 8)}`,
      name,
      input: this.#input(name),
    };
    const result = { tool_use_id: use.id, type: "tool_result", content: this.#text() };
    const inner = random.pick<Record<string, unknown>>([
      {
        type: "assistant",
        timestamp,
        message: {
          model: "claude-haiku-4-5",
          id: "msg_1",
          type: "message",
          role: "assistant",
          content: [use],
          stop_reason: null,
        },
        requestId: "req_1",
        uuid,
      },
      { type: "user", message: { role: "user", content: [result] }, uuid, timestamp },
      {
        type: "user",
        message: { role: "user", content: [{ type: "text", text: this.#text() }] },
        uuid,
        timestamp,
      },
      {
        type: "user",
        message: { role: "user", content: [result] },
        uuid,
        timestamp,
        toolUseResult: { stdout: "[main abc1234] x" },
      },
    ]);
    this.#lines.agentProgress(inner, random.pick(["a1", "b2"]));
  }

  #metadata(): void {
    const random = this.#random;
    const { sessionId } = this.#lines.envelope;
    this.#lines.raw(random.pick<unknown>([
      { type: "file-history-snapshot", messageId: "m", snapshot: { trackedFileBackups: {} } },
      { type: "queue-operation", operation: "enqueue", sessionId, content: this.#text() },
      { type: "custom-title", customTitle: this.#text(), sessionId },
      { type: "ai-title", aiTitle: "A title", sessionId },
      { type: "last-prompt", lastPrompt: this.#text(), sessionId },
      { type: "bridge-session", sessionId, bridgeSessionId: "cse_01abc" },
      { type: "summary", summary: this.#text(), leafUuid: random.uuid() },
      { type: "never-seen-before", sessionId },
      {
        type: "queue-operation",
        operation: "dequeue",
        timestamp: "2026-02-12T09:00:00.000Z",
        sessionId,
      },
      {
        type: "api-request-shape",
        sessionId,
        timestamp: "2026-02-12T09:30:00.000Z",
        shape: { a: [{}] },
      },
      {
        type: "worktree-state",
        worktreeSession: { originalCwd: "/home/me/app", worktreePath: "/home/me/tree" },
        sessionId,
      },
    ]));
    if (random.chance(0.3)) {
      this.#lines.add({ type: "system", subtype: "turn_duration", durationMs: 5 });
    }
    if (random.chance(0.3)) {
      this.#lines.add({ attachment: { type: "hook_success", content: "x" }, type: "attachment" });
    }
  }
}
