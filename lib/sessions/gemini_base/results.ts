import { hashLine } from "../../domain/line_hashes.ts";
import type { EditLines } from "../../domain/session_events.ts";
import { isObject, type JsonObject, object, path, text } from "../../text/json.ts";
import { diffLines } from "../../text/line_diff.ts";
import { replacedLines, writtenLines } from "../edit_lines.ts";

/** What the model is told of a shell command. */
export interface ShellText {
  output: string;
  exitCode: number | null;
  /** The program stopped the command before it ended. */
  cutShort: boolean;
}

const UNTRUSTED = "<untrusted_context>\n";
const UNTRUSTED_END = "\n</untrusted_context>";
const CUT_SHORT = /^Command (?:was (?:automatically )?cancelled|timed out)/;
const OUTPUT_OF_CUT = / Below is the output before it (?:was cancelled|timed out):\n/;
const OUTPUT = /^(?:Output|Stdout): /m;
/** A line after the output; no version writes them all. */
const FIELD = /^(?:Stderr|Error|Exit Code|Signal|Background PIDs|Process Group PGID): /;
const EXIT_CODE = /^Exit Code: (-?\d{1,9})$/;

/** Separates the output of a shell command from the lines around it, which say how the command ended. */
export function readShellText(said: string): ShellText {
  const start = said.startsWith(UNTRUSTED) ? UNTRUSTED.length : 0;
  const whole = said.trimEnd();
  const end = whole.endsWith(UNTRUSTED_END) ? whole.length - UNTRUSTED_END.length : whole.length;
  const trusted = said.slice(start, Math.max(start, end));
  if (CUT_SHORT.test(trusted)) {
    const begun = OUTPUT_OF_CUT.exec(trusted);
    const output = begun === null ? "" : trusted.slice(begun.index + begun[0].length);
    return { output, exitCode: null, cutShort: true };
  }
  // The command may itself have lines that look like output; the folder follows it.
  const command = trusted.startsWith("Command: ") ? trusted.indexOf("\nDirectory: ") : 0;
  const rest = trusted.slice(Math.max(0, command));
  const printed = OUTPUT.exec(rest);
  if (printed === null) return { output: trusted, exitCode: null, cutShort: false };
  const { output, exitCode } = withoutFields(rest.slice(printed.index + printed[0].length));
  return { output: output === "(empty)" ? "" : output, exitCode, cutShort: false };
}

/** The text without the fields at its end, and the exit code if it is one of them. */
function withoutFields(text: string): { output: string; exitCode: number | null } {
  let exitCode: number | null = null;
  let end = text.length;
  for (let start = text.lastIndexOf("\n"); start >= 0; start = text.lastIndexOf("\n", end - 1)) {
    const line = text.slice(start + 1, end);
    if (!FIELD.test(line)) break;
    exitCode ??= Number(EXIT_CODE.exec(line)?.[1] ?? NaN);
    if (Number.isNaN(exitCode)) exitCode = null;
    end = start;
    if (end === 0) break;
  }
  return { output: text.slice(0, end), exitCode };
}

/** The text of a terminal's grid: lines of styled cells; null if it is no grid. */
export function gridText(grid: unknown): string | null {
  if (!Array.isArray(grid) || !grid.every(Array.isArray)) return null;
  const lines = grid.map((cells: unknown[]) =>
    cells.map((cell) => text(object(cell).text) ?? "").join("").trimEnd()
  );
  return lines.join("\n").trimEnd();
}

/** What an editing tool did to a file. */
export interface FileEdit {
  path: string;
  lines: EditLines;
  /** See `EditDetail.partial`. */
  partial: boolean;
}

/** The edit that a result records, by the file's texts before and after or by their diff; null if it records none. */
export function readShownEdit(display: unknown): FileEdit | null {
  if (!isObject(display)) return null;
  const file = path(display.filePath);
  const lines = file === null ? null : shownLines(display);
  return file === null || lines === null ? null : { path: file, lines, partial: false };
}

function shownLines(display: JsonObject): EditLines | null {
  const { originalContent: before, newContent: after, fileDiff } = display;
  // Qwen Code cuts texts of more than 16,000 characters in the middle. Their diff is not the edit.
  const whole = display.originalContentTruncated !== true && display.newContentTruncated !== true;
  if (whole && typeof after === "string" && (typeof before === "string" || before == null)) {
    const { added, removed } = diffLines(before ?? "", after);
    return {
      added: Uint32Array.from(added, hashLine),
      removed: Uint32Array.from(removed, hashLine),
    };
  }
  return typeof fileDiff === "string" && display.fileDiffTruncated !== true
    ? linesOfPatch(fileDiff)
    : null;
}

/** The lines that a unified diff of one file adds and removes; null if it has no hunk. */
function linesOfPatch(diff: string): EditLines | null {
  const start = diff.search(/^@@ /m);
  if (start < 0) return null;
  const added: number[] = [];
  const removed: number[] = [];
  for (const line of diff.slice(start).split("\n")) {
    if (line.startsWith("+")) added.push(hashLine(line.slice(1)));
    else if (line.startsWith("-")) removed.push(hashLine(line.slice(1)));
  }
  return { added: Uint32Array.from(added), removed: Uint32Array.from(removed) };
}

/** The edit that a call asks for. Its arguments do not say what a file held before it was overwritten. */
export function readAskedEdit(args: JsonObject): FileEdit | null {
  const file = path(args.file_path);
  const { content, old_string: before, new_string: after } = args;
  if (file === null) return null;
  if (typeof content === "string") {
    return { path: file, lines: writtenLines(withoutLastBreak(content)), partial: false };
  }
  if (typeof before !== "string" || typeof after !== "string") return null;
  if (before === "") {
    return { path: file, lines: writtenLines(withoutLastBreak(after)), partial: false };
  }
  return { path: file, lines: replacedLines(before, after), partial: true };
}

function withoutLastBreak(content: string): string {
  return content.endsWith("\n") ? content.slice(0, -1) : content;
}
