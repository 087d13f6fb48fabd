import { resolvePath } from "../../text/paths.ts";
import type { ShellRun } from "./calls.ts";

/** The most commands that are read out of one program, and the most characters of it that are looked at. */
const MAX_COMMANDS = 64;
const MAX_PROGRAM = 262_144;

/** The key that stands before a value. */
const KEY = /["']?(\w+)["']?\s*:\s*$/;

/**
 * Reads the shell commands out of a program that the model wrote in code mode: the strings it hands to `exec_command` as
 * `cmd`. If it hands over variables, every string of it that has a blank may be a command.
 *
 * Only for what has no better record: versions that kept the program alone, and calls that were cut short.
 */
export function readProgram(program: string, cwd: string | null): ShellRun[] {
  if (!program.includes("exec_command")) return [];
  const runs: ShellRun[] = [];
  const others: ShellRun[] = [];
  for (const { value, start } of stringsOf(program.slice(0, MAX_PROGRAM))) {
    const key = KEY.exec(program.slice(Math.max(0, start - 80), start))?.[1];
    const last = runs.at(-1);
    if (key === "cmd") runs.push({ command: value, cwd });
    else if (key === "workdir" && last !== undefined) last.cwd = resolvePath(value, cwd);
    else if (key === undefined && value.includes(" ")) others.push({ command: value, cwd });
    if (runs.length + others.length === MAX_COMMANDS) break;
  }
  return runs.length > 0 ? runs : others;
}

/** The strings of a program of JavaScript and where they begin; what a template puts in stays as it is spelled. */
function* stringsOf(program: string): Generator<{ value: string; start: number }> {
  const quote = /["'`]/g;
  for (let match = quote.exec(program); match !== null; match = quote.exec(program)) {
    const start = match.index;
    let end = start + 1;
    while (end < program.length && program[end] !== match[0]) {
      if (program[end] === "\n" && match[0] !== "`") break;
      end += program[end] === "\\" ? 2 : 1;
    }
    quote.lastIndex = end + 1;
    if (program[end] === match[0]) yield { value: unescape(program.slice(start + 1, end)), start };
  }
}

const ESCAPE = /\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2})|(\r?\n)|([\s\S]))/gi;
const ESCAPED: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", "0": "\0" };

function unescape(spelled: string): string {
  return spelled.replace(ESCAPE, (_, braced, four, two, lineBreak, char) => {
    if (lineBreak !== undefined) return "";
    if (char !== undefined) return Object.hasOwn(ESCAPED, char) ? ESCAPED[char] : char;
    const code = parseInt(braced ?? four ?? two, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}
