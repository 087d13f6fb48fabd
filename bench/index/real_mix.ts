import { randomFrom } from "../../tests/support/random.ts";

/** What real transcripts are made of: of a thousand lines, how many of each kind, and how long its text is. */
const MIX: readonly { kind: Kind; share: number; size: number }[] = [
  { kind: "bashProgress", share: 167, size: 400 },
  { kind: "thinking", share: 116, size: 1_700 },
  { kind: "read", share: 93, size: 7_000 },
  { kind: "text", share: 94, size: 500 },
  { kind: "hookProgress", share: 86, size: 150 },
  { kind: "agentProgress", share: 63, size: 6_500 },
  { kind: "bash", share: 58, size: 1_500 },
  { kind: "edit", share: 41, size: 1_000 },
  { kind: "snapshot", share: 31, size: 400 },
  { kind: "system", share: 25, size: 200 },
  { kind: "prompt", share: 24, size: 1_300 },
];
/** The calls among them have an answer each, a line of its own. */
const CALLS: ReadonlySet<Kind> = new Set(["read", "bash", "edit"]);
const START = Date.UTC(2026, 0, 5, 9);
const USAGE =
  '"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":9}';

type Kind =
  | "bashProgress"
  | "thinking"
  | "read"
  | "text"
  | "hookProgress"
  | "agentProgress"
  | "bash"
  | "edit"
  | "snapshot"
  | "system"
  | "prompt";

/** Writes transcripts whose lines are spelled and mixed as Claude Code's are. */
export async function writeRealMix(
  claudeDir: string,
  { transcripts, linesEach, seed }: { transcripts: number; linesEach: number; seed: number },
): Promise<void> {
  const folder = `${claudeDir}/projects/-srv-app`;
  await Deno.mkdir(folder, { recursive: true });
  for (let n = 0; n < transcripts; n++) {
    const mix = new RealMix(n, randomFrom(seed * 100_000 + n));
    while (mix.lines.length < linesEach) mix.add();
    await Deno.writeTextFile(`${folder}/${mix.session}.jsonl`, mix.lines.join(""));
  }
}

class RealMix {
  readonly session: string;
  readonly lines: string[] = [];
  readonly #random: () => number;
  readonly #at: number;
  #parent = "null";

  constructor(n: number, random: () => number) {
    this.#random = random;
    this.#at = START + n * 3_600_000;
    this.session = this.#uuid();
  }

  add(): void {
    let left = this.#random() * MIX.reduce((sum, { share }) => sum + share, 0);
    const { kind, size } = MIX.find(({ share }) => (left -= share) < 0) ?? MIX[0];
    const text = () => JSON.stringify(this.#source(size * (0.2 + 1.6 * this.#random())));
    if (CALLS.has(kind)) return this.#call(kind, text);
    const head = this.#head();
    const ids = this.#ids();
    switch (kind) {
      case "thinking":
        return this.#answer(`{"type":"thinking","thinking":${text()},"signature":"x"}`);
      case "text":
        return this.#answer(`{"type":"text","text":"So ${text().slice(1)}}`);
      case "prompt":
        return this.#push(
          `${head}"type":"user","message":{"role":"user","content":${text()}},${ids}}\n`,
        );
      case "system":
        return this.#push(
          `${head}"type":"system","subtype":"turn_duration","durationMs":9,${ids},"isMeta":false}\n`,
        );
      case "snapshot":
        return this.#push(
          `{"type":"file-history-snapshot","messageId":"${this.#uuid()}","snapshot":{"text":${text()}},"isSnapshotUpdate":false}\n`,
        );
      case "bashProgress":
      case "hookProgress": {
        const type = kind === "bashProgress" ? "bash_progress" : "hook_progress";
        return this.#push(
          `${head}"type":"progress","data":{"type":"${type}","output":${text()}},"toolUseID":"x",${ids}}\n`,
        );
      }
      case "agentProgress":
        return this.#push(
          `${head}"type":"progress","data":{"message":{"type":"user","message":{"role":"user","content":[{"tool_use_id":"toolu_${this.lines.length}","type":"tool_result","content":${text()}}]},${this.#ids()}},"normalizedMessages":[],"type":"agent_progress","prompt":"Look","agentId":"a1b2c3d"},"toolUseID":"x","parentToolUseID":"y",${ids}}\n`,
        );
      case "read":
      case "bash":
      case "edit":
        return;
      default:
        kind satisfies never;
    }
  }

  /** A tool's call and its answer. */
  #call(kind: Kind, text: () => string): void {
    const id = `toolu_${this.lines.length}`;
    const path = `/srv/app/src/part_${Math.floor(this.#random() * 60)}.ts`;
    const file = text();
    const [name, input, result] = kind === "read"
      ? [
        "Read",
        `"file_path":"${path}"`,
        `"type":"text","file":{"filePath":"${path}","content":${file}}`,
      ]
      : kind === "bash"
      ? [
        "Bash",
        `"command":"deno task test --filter part","description":"Run"`,
        `"stdout":${file},"stderr":"","interrupted":false,"isImage":false`,
      ]
      : ["Edit", ...this.#edit(path, file)];
    this.#answer(`{"type":"tool_use","id":"${id}","name":"${name}","input":{${input}}}`);
    const parent = this.#parent;
    this.#push(
      `${this.#head()}"type":"user","message":{"role":"user","content":[{"tool_use_id":"${id}","type":"tool_result","content":${file}}]},${this.#ids()},"toolUseResult":{${result}},"sourceToolAssistantUUID":${parent}}\n`,
    );
  }

  /** The input of an edit and what its result says: the file as it was, and a patch. */
  #edit(path: string, before: string): [string, string] {
    const written = this.#source(300).split("\n");
    const now = JSON.stringify(written.join("\n"));
    const patch = JSON.stringify([
      {
        oldStart: 1,
        oldLines: 1,
        newStart: 1,
        newLines: written.length,
        lines: written.map((line) => `+${line}`),
      },
    ]);
    const whole = JSON.stringify(this.#source(14_000));
    return [
      `"file_path":"${path}","old_string":${before},"new_string":${now}`,
      `"filePath":"${path}","oldString":${before},"newString":${now},"originalFile":${whole},"structuredPatch":${patch},"userModified":false,"replaceAll":false`,
    ];
  }

  #answer(block: string): void {
    const n = this.lines.length;
    this.#push(
      `${this.#head()}"message":{"model":"claude-opus-4-5","id":"msg_${n}","type":"message","role":"assistant","content":[${block}],${USAGE}},"requestId":"req_${n}","type":"assistant",${this.#ids()}}\n`,
    );
  }

  #head(): string {
    return `{"parentUuid":${this.#parent},"isSidechain":false,"userType":"external","cwd":"/srv/app","sessionId":"${this.session}","version":"2.1.39","gitBranch":"main",`;
  }

  #ids(): string {
    const uuid = this.#uuid();
    this.#parent = `"${uuid}"`;
    return `"uuid":"${uuid}","timestamp":"${
      new Date(this.#at + this.lines.length * 1_000).toISOString()
    }"`;
  }

  #push(line: string): void {
    this.lines.push(line);
  }

  /** Text like a program's, with quotes, tabs and braces, and one in six with letters beyond ASCII. */
  #source(length: number): string {
    const remark = this.#random() < 0.16 ? " // weighed → done ✓" : "";
    let text = "";
    while (text.length < length) {
      const n = Math.floor(this.#random() * 1e6);
      text += `\tif (part${n % 97}.weigh("${
        n.toString(36)
      }", { deep: true })) {${remark}\n\t\treturn value${n % 89};\n\t}\n`;
    }
    return text;
  }

  #uuid(): string {
    const digits = (length: number) =>
      Array.from({ length }, () => Math.floor(this.#random() * 16).toString(16)).join("");
    return `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`;
  }
}
