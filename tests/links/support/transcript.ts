/** Writes one session's transcript in the form that Claude Code gives it. */
export class TranscriptWriter {
  readonly id: string;
  /** Where the session stands, as its transcript says. */
  cwd: string;
  branch = "main";
  readonly lines: Record<string, unknown>[] = [];
  #calls = 0;
  #messages = 0;

  constructor(id: string, cwd: string) {
    this.id = id;
    this.cwd = cwd;
  }

  /** What the user typed. */
  prompt(at: number, text: string): void {
    this.#add(at, "user", { message: { role: "user", content: text } });
  }

  /** A tool's call without its result, and the call's id. */
  call(at: number, name: string, input: object, more: object = {}): string {
    const id = `toolu_${this.id.slice(0, 8)}_${++this.#calls}`;
    this.#add(at, "assistant", {
      message: {
        id: `msg_${this.id.slice(0, 8)}_${this.#calls}`,
        role: "assistant",
        model: "claude-opus-4-5",
        content: [{ type: "tool_use", id, name, input }],
        usage: { input_tokens: 1, output_tokens: 1 },
      },
      ...more,
    });
    return id;
  }

  /** A tool's result. */
  result(
    at: number,
    call: string,
    { text, more = {}, failed = false }: { text: string; more?: object | string; failed?: boolean },
  ): void {
    this.#add(at, "user", {
      message: {
        role: "user",
        content: [{
          type: "tool_result",
          tool_use_id: call,
          content: text,
          ...(failed ? { is_error: true } : {}),
        }],
      },
      toolUseResult: more,
    });
  }

  /** A line without an envelope, such as `bridge-session`. */
  meta(line: Record<string, unknown>): void {
    this.lines.push({ ...line, sessionId: this.id });
  }

  /** The file's text. */
  text(): string {
    return this.lines.map((line) => JSON.stringify(line)).join("\n") + "\n";
  }

  #add(at: number, type: string, more: object): void {
    const uuid = uuidOf(`${this.id} ${++this.#messages}`);
    this.lines.push({
      parentUuid: null,
      isSidechain: false,
      userType: "external",
      cwd: this.cwd,
      sessionId: this.id,
      version: "2.1.39",
      gitBranch: this.branch,
      type,
      ...more,
      uuid,
      timestamp: new Date(at).toISOString(),
    });
  }
}

/** A UUID that a text alone decides, its digits as mixed as a random one's. */
function uuidOf(text: string): string {
  let hex = "";
  for (let word = 0; word < 4; word++) {
    let hash = 0x811c9dc5 ^ (word * 0x9e3779b9);
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      hash ^= hash >>> 13;
    }
    hex += (Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0).toString(16).padStart(8, "0");
  }
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
    .join("-");
}
