import { parseArgs } from "node:util";
import { CONFIG_OPTIONS, type ConfigFlags, type ConfigKey } from "../config.ts";
import type { Command, Flag, Flags } from "./command.ts";
import { UsageError } from "./failure.ts";
import { closest } from "./closest.ts";

/** The flags that every command takes: one for each setting, and `--help`. */
export const COMMON_FLAGS: Record<string, Flag> = {
  "port": { type: "string", value: "NUMBER", help: "where the server listens (47892)" },
  "host": {
    type: "string",
    value: "HOST",
    help: "127.0.0.1, localhost or ::1; 0.0.0.0 or :: with ASCRIBE_TOKEN set",
  },
  "data-dir": { type: "string", value: "FOLDER", help: "where the database is kept" },
  "claude-dir": {
    type: "string",
    multiple: true,
    value: "FOLDER",
    help: "where transcripts are looked for; several, separated by commas (~/.claude)",
  },
  "log-level": { type: "string", value: "LEVEL", help: "error, warn, info or debug" },
  "help": { type: "boolean", help: "what the command does and takes" },
};

/** What the words after a command's name say. */
export interface ParsedFlags {
  flags: Flags;
  rest: string[];
  settings: ConfigFlags;
  help: boolean;
}

/**
 * Reads what stands after a command's name.
 *
 * @throws {UsageError} If a flag is unknown or lacks its value, or there are too few or too many words.
 */
export function parseFlags(command: Command, args: string[]): ParsedFlags {
  const known: Record<string, Flag> = { ...COMMON_FLAGS, ...command.flags };
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  );
  checkNames(args, { command, known });
  const { values, positionals } = parsed(() =>
    parseArgs({ args, options, allowPositionals: true, strict: true })
  );
  const flags: Flags = {
    on: (name) => values[name] === true,
    text: (name) => values[name] as string | undefined,
    texts: (name) => (values[name] ?? []) as string[],
  };
  const help = flags.on("help");
  if (!help) checkWords(positionals, command);
  return { flags, rest: positionals, settings: settingsOf(values), help };
}

function checkNames(
  args: string[],
  { command, known }: { command: Command; known: Record<string, Flag> },
): void {
  const end = args.indexOf("--");
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    const name = /^--([^=]+)/.exec(arg)?.[1] ?? (/^-[a-z]$/i.test(arg) ? arg.slice(1) : null);
    if (name === null || Object.hasOwn(known, name)) continue;
    const guess = closest(name, Object.keys(known));
    const hint = guess === null ? `see ascribe help ${command.name}` : `did you mean --${guess}?`;
    throw new UsageError(`ascribe ${command.name} has no flag ${arg.split("=")[0]}: ${hint}`);
  }
}

function parsed<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const said = error.message.split(/\.\s|\n/)[0];
    const dashed = /^Option '(--[\w-]+)' argument is ambiguous/.exec(said)?.[1];
    throw new UsageError(
      dashed === undefined
        ? said
        : `${dashed} lacks its value; one that begins with a dash is given as ${dashed}=VALUE`,
    );
  }
}

function checkWords(words: string[], command: Command): void {
  const { min, max } = command.words;
  if (words.length >= min && words.length <= max) return;
  const problem = words.length < min ? "is missing something" : `cannot use ${words[max]}`;
  throw new UsageError(`ascribe ${command.name} ${problem}: type ascribe ${command.usage}`);
}

function settingsOf(values: Record<string, unknown>): ConfigFlags {
  const settings: ConfigFlags = {};
  for (const [key, { flag }] of Object.entries(CONFIG_OPTIONS)) {
    const value = values[flag.slice(2)];
    if (value !== undefined) settings[key as ConfigKey] = [value].flat().join(",");
  }
  return settings;
}
