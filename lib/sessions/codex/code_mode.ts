import { resolvePath } from "../../text/paths.ts";

/** The most commands that are read out of one program, and the most characters of it that are looked at. */
const MAX_COMMANDS = 64;
const MAX_PROGRAM = 262_144;

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
    const key = keyBefore(program, start);
    const last = runs.at(-1);
    if (key === "cmd") runs.push({ command: value, cwd });
    else if (key === "workdir" && last !== undefined) last.cwd = resolvePath(value, cwd);
    else if (key === null && value.includes(" ")) others.push({ command: value, cwd });
    if (runs.length + others.length === MAX_COMMANDS) break;
  }
  return runs.length > 0 ? runs : others;
}

/** The name of the property whose value begins at a place, or null. */
function keyBefore(program: string, value: number): string | null {
  const before = program.slice(Math.max(0, value - 40), value).trimEnd();
  if (!before.endsWith(":")) return null;
  return /(\w+)["']?$/.exec(before.slice(0, -1).trimEnd())?.[1] ?? null;
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

/** A shell command that a call runs. */
export interface ShellRun {
  command: string;
  /** The folder it starts in; null if it is not known. */
  cwd: string | null;
}
