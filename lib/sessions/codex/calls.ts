import { isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { shellWord } from "../../shell/quote.ts";
import { resolvePath } from "../../text/paths.ts";
import { readProgram, type ShellRun } from "./code_mode.ts";

/** What a call of a tool asks for. */
export interface ToolCall {
  id: string;
  tool: string;
  /** The shell commands it runs, as far as they can be read. */
  commands: ShellRun[];
  /** A patch that it applies. */
  patch: string | null;
  /** The process or cell of an earlier call that it waits for or writes to. */
  continues: string | null;
  /** What it was called with; of commands, programs and patches only the text, as `command`. */
  input: JsonObject;
}

/** The records that call a tool, by their type. */
export const CALL_TYPES: ReadonlySet<unknown> = new Set([
  "function_call",
  "custom_tool_call",
  "local_shell_call",
]);

/** The records that say what came of a call, by their type. */
export const OUTPUT_TYPES: ReadonlySet<unknown> = new Set([
  "function_call_output",
  "custom_tool_call_output",
  "local_shell_call_output",
]);

const PATCH = /^\s*\*\*\* Begin Patch/m;

/**
 * Reads a call of a tool.
 *
 * @param cwd The folder that the agent works in.
 * @returns Null if it names no tool or has no id.
 */
export function readCall(item: JsonObject, cwd: string | null): ToolCall | null {
  const id = name(item.call_id) ?? name(item.id);
  const local = item.type === "local_shell_call";
  const tool = local ? "local_shell" : name(item.name);
  if (id === null || tool === null) return null;
  const call = { id, tool, commands: [], patch: null, continues: null };
  if (item.type === "custom_tool_call") {
    const input = text(item.input) ?? "";
    const shown = { command: input };
    if (tool === "exec") return { ...call, commands: readProgram(input, cwd), input: shown };
    return { ...call, patch: PATCH.test(input) ? input : null, input: shown };
  }
  const args = local ? object(item.action) : parseArguments(item.arguments);
  const asked = args.cmd ?? args.command ?? (Array.isArray(args.input) ? args.input : undefined);
  const command = SHELLS.has(tool) ? commandText(asked) : null;
  if (command !== null) {
    const folder = path(args.workdir) ?? path(args.working_directory);
    const run = { command, cwd: folder === null ? cwd : resolvePath(folder, cwd) };
    const patch = PATCH.test(command) ? command : null;
    return { ...call, commands: [run], patch, input: { command } };
  }
  if (tool === "apply_patch") {
    const patch = text(args.input);
    return { ...call, patch, input: { command: patch } };
  }
  return { ...call, continues: continued(tool, args), input: args };
}

const SHELLS: ReadonlySet<string> = new Set([
  "exec_command",
  "shell",
  "shell_command",
  "local_shell",
  "container.exec",
  "unified_exec",
]);

function parseArguments(value: unknown): JsonObject {
  if (typeof value !== "string") return object(value);
  try {
    return object(JSON.parse(value));
  } catch {
    return {};
  }
}

function continued(tool: string, args: JsonObject): string | null {
  const { session_id: process, cell_id: cell } = args;
  if (tool === "write_stdin" && process !== undefined) return `process ${process}`;
  return tool === "wait" && cell !== undefined ? `cell ${cell}` : null;
}

const SHELL = /(?:^|[\\/])(?:ba|z|da|k|fi)?sh(?:\.exe)?$/i;
const POWERSHELL = /(?:^|[\\/])(?:powershell|pwsh)(?:\.exe)?$/i;

/** The text of a command that is given as one, or as a program and its arguments; null if it is neither. */
export function commandText(command: unknown): string | null {
  if (typeof command === "string") return text(command);
  if (!Array.isArray(command) || !command.every((word) => typeof word === "string")) return null;
  const words: string[] = command;
  if (words.length === 0) return null;
  const last = words.at(-1)!;
  if (words.length >= 3 && SHELL.test(words[0]) && /^-\w*c$/.test(words[1])) return text(words[2]);
  if (words.length >= 3 && POWERSHELL.test(words[0])) return text(last);
  if (words.length === 2 && words[0] === "apply_patch") return text(last);
  return words.map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : shellWord(word)).join(" ");
}

/** What a call's output says of how it went. */
export type CallOutcome =
  /** It ran to its end; `exitCode` is null where none is told. */
  | { kind: "ended"; exitCode: number | null; output: string }
  /** It goes on: what it prints later is asked for by that process or cell. */
  | { kind: "running"; process: string; output: string }
  /** The user aborted it: whether it had begun is not told. */
  | { kind: "aborted"; output: string }
  /** It never ran: the user or a rule refused it, or it could not be done. */
  | { kind: "refused"; output: string };

const ABORTED = /^(?:Wall time: [\d.]+ seconds\n)?aborted(?: by user)?\b/;
const REFUSED =
  /^(?:exec_command failed\b|patch rejected|apply_patch verification failed|unsupported call|failed to parse function arguments)|\brejected by (?:the )?user\b|\bRejected\(/;
const OUTPUT = "\nOutput:\n";
const PROCESS = /^Process (?:exited with code (-?\d+)|running with session ID (\w+))$/m;
const CELL = /^Script running with cell ID (\w+)\n/;
const EXIT_CODE = /^Exit code: (-?\d+)\n/;

/** Reads the output of a call: a string, blocks of text, or JSON in a string. */
export function readOutput(output: unknown): CallOutcome {
  const { text: whole, exitCode } = outputText(output);
  const start = whole.slice(0, 2_000);
  if (ABORTED.test(start)) return { kind: "aborted", output: whole };
  const cell = CELL.exec(start)?.[1];
  // The command that may stand before has lines of its own.
  const body = whole.indexOf(OUTPUT, Math.max(0, start.indexOf("\nWall time: ")));
  const printed = body < 0 ? whole : whole.slice(body + OUTPUT.length);
  if (cell !== undefined) return { kind: "running", process: `cell ${cell}`, output: printed };
  const header = body < 0 ? start : whole.slice(0, body);
  const [, code, process] = PROCESS.exec(header) ?? EXIT_CODE.exec(header) ?? [];
  if (process !== undefined) {
    return { kind: "running", process: `process ${process}`, output: printed };
  }
  if (code !== undefined) return { kind: "ended", exitCode: Number(code), output: printed };
  if (exitCode === null && REFUSED.test(start.slice(0, 500))) {
    return { kind: "refused", output: whole };
  }
  return { kind: "ended", exitCode, output: printed };
}

/** An output's text, whether it is one text or blocks, with the exit code if that is told apart. */
function outputText(output: unknown): CommandOutput {
  if (typeof output === "string") return commandOutput(output);
  if (isObject(output)) return commandOutput(text(output.content) ?? text(output.output) ?? "");
  if (!Array.isArray(output)) return { text: "", exitCode: null };
  const parts = output.map((block) => commandOutput(text(object(block).text) ?? ""));
  const codes = parts.flatMap(({ exitCode }) => exitCode ?? []);
  return {
    text: parts.map(({ text }) => text).join("\n"),
    exitCode: codes.length === 1 ? codes[0] : null,
  };
}

interface CommandOutput {
  text: string;
  exitCode: number | null;
}

/** Older versions, and programs of code mode, hand over what a command printed as JSON. */
function commandOutput(printed: string): CommandOutput {
  const plain = { text: printed, exitCode: null };
  if (!/^[{[]/.test(printed) || !printed.includes('"output"')) return plain;
  let value: unknown;
  try {
    value = JSON.parse(printed);
  } catch {
    return plain;
  }
  const results = (Array.isArray(value) ? value : [value]).map(object)
    .filter(({ output }) => typeof output === "string");
  if (results.length === 0) return plain;
  const [{ exit_code: code = object(results[0].metadata).exit_code }] = results;
  return {
    text: results.map(({ output }) => output as string).join("\n"),
    exitCode: results.length === 1 && Number.isInteger(code) ? code as number : null,
  };
}
