import type { EditLines } from "../../domain/session_events.ts";
import { isObject, type JsonObject, object } from "../../text/json.ts";
import { contentText } from "../conversation_blocks.ts";
import { textChanges } from "../edit_lines.ts";

/** Where a line stands in its file. */
export interface LinePlace {
  offset: number;
  length: number;
}

/** A call that read, wrote or edited a file. JSON. */
export interface TextStep extends LinePlace {
  kind: "read" | "write" | "edit";
  call: string;
}

/** How many files are kept for the next reading, those that were looked at last. */
const MAX_FILES = 256;
/** How many steps before an edit its text is told from. */
const MAX_STEPS = 16;

/**
 * What subagents saw of the files that they edit. Their results mostly have no patch, and an edit alone may be of parts of
 * lines: which lines these are is told by what was read before. Of texts only their places in the transcript are kept.
 */
export class KnownTexts {
  readonly #files: Map<string, TextStep[]>;

  /** @param state That of an earlier reading. */
  constructor(state: readonly [string, TextStep[]][] = []) {
    this.#files = new Map(state.map(([path, steps]) => [path, [...steps]]));
  }

  /** Takes note of a step. */
  add(path: string, step: TextStep): void {
    const steps = this.#files.get(path) ?? [];
    steps.push(step);
    this.#files.delete(path);
    this.#files.set(path, steps);
  }

  /** What the next reading goes on from: JSON. */
  state(): [string, TextStep[]][] {
    for (const [path, steps] of this.#files) this.#files.set(path, steps.slice(-MAX_STEPS));
    for (const path of this.#files.keys()) {
      if (this.#files.size <= MAX_FILES) break;
      this.#files.delete(path);
    }
    return [...this.#files];
  }

  /**
   * The whole lines that edits changed, by call; those whose text is not known are left out.
   *
   * @param wanted The edits' calls, by path.
   * @param read Reads a line again; null if it is none any more.
   */
  linesOf(
    wanted: ReadonlyMap<string, ReadonlySet<string>>,
    read: (place: LinePlace) => JsonObject | null,
  ): Map<string, EditLines> {
    const found = new Map<string, EditLines>();
    for (const [path, calls] of wanted) {
      const steps = this.#files.get(path) ?? [];
      const blocks = steps.map(() => undefined as JsonObject | null | undefined);
      const blockAt = (i: number) => blocks[i] ??= blockOf(read(steps[i]), steps[i]);
      steps.forEach(({ kind, call }, i) => {
        if (kind !== "edit" || !calls.has(call)) return;
        const input = object(blockAt(i)?.input);
        let changed: EditLines | null = null;
        for (let from = i - 1; from > i - MAX_STEPS && from >= 0 && changed === null; from--) {
          if (steps[from].kind === "edit") continue;
          let text = textOf(blockAt(from), steps[from]);
          for (let at = from + 1; at < i && text !== null; at++) {
            if (steps[at].kind === "edit") text = edited(text, object(blockAt(at)?.input)) ?? text;
          }
          const after = text === null ? null : edited(text, input);
          if (after !== null) changed = textChanges(text!, after);
        }
        if (changed !== null) found.set(call, changed);
      });
    }
    return found;
  }
}

/** The text that a file had after it was read or written. */
function textOf(block: JsonObject | null, { kind }: TextStep): string | null {
  if (block === null) return null;
  const text = kind === "read" ? shownText(block.content) : object(block.input).content;
  return typeof text === "string" ? text : null;
}

/** The block of a step in the line that holds it, or in one of the messages of a progress line. */
function blockOf(line: JsonObject | null, { kind, call }: TextStep): JsonObject | null {
  if (line === null) return null;
  const key = kind === "read" ? "tool_use_id" : "id";
  const { message, normalizedMessages } = object(line.data);
  const earlier = Array.isArray(normalizedMessages) ? normalizedMessages : [];
  for (const holder of [line, message, ...earlier]) {
    const { content } = object(object(holder).message);
    if (!Array.isArray(content)) continue;
    const block = content.find((one) => isObject(one) && one[key] === call);
    if (block !== undefined) return block;
  }
  return null;
}

const NUMBERED = /^ *\d+[\t→]/;

/** The text that a result shows with a number before every line; null if it shows none. */
function shownText(content: unknown): string | null {
  const lines = contentText(content).split("\n");
  const numbered = lines.filter((line) => NUMBERED.test(line));
  return numbered.length === 0
    ? null
    : numbered.map((line) => line.replace(NUMBERED, "")).join("\n");
}

/** The text after an edit; null where what it replaces does not stand in it. */
function edited(text: string, input: JsonObject): string | null {
  const edits = Array.isArray(input.edits) ? input.edits : [input];
  let after = text;
  for (const edit of edits) {
    const { old_string: before, new_string: written, replace_all: all } = object(edit);
    if (typeof before !== "string" || typeof written !== "string" || before === "") return null;
    if (!after.includes(before)) return null;
    after = all === true
      ? after.replaceAll(before, () => written)
      : after.replace(before, () => written);
  }
  return after;
}
