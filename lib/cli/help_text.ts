import { VERSION } from "../domain/version.ts";
import { READERS } from "../sessions/registry.ts";
import type { Command, Flag } from "./command.ts";

/** The flags that every command takes: one for each setting, and `--help`. */
export const COMMON_FLAGS: Record<string, Flag> = {
  "port": { type: "string", value: "NUMBER", help: "where the server listens (47892)" },
  "host": {
    type: "string",
    value: "HOST",
    help: "127.0.0.1, localhost or ::1; 0.0.0.0 or :: with ASCRIBE_TOKEN set",
  },
  "data-dir": { type: "string", value: "FOLDER", help: "where the database is kept" },
  ...Object.fromEntries(READERS.map(({ title, roots }): [string, Flag] => [roots.flag, {
    type: "string",
    multiple: true,
    value: "FOLDER",
    help: `where sessions of ${title} are; several, separated by commas`,
  }])),
  "log-level": { type: "string", value: "LEVEL", help: "error, warn, info or debug" },
  "color": { type: "string", value: "WHEN", help: "always, never or auto (auto: on a terminal)" },
  "help": { type: "boolean", help: "what the command does and takes" },
};

/** What `ascribe help` prints, line by line. */
export function programHelp(commands: readonly Command[]): string[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "Ascribe shows which AI coding session every git commit came from.",
    "",
    "Usage: ascribe [COMMAND] [FLAGS]",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "ascribe help COMMAND says what a command takes. Without a command, ascribe serves the dashboard.",
  ];
}

/** What `ascribe help COMMAND` prints, line by line. */
export function commandHelp(command: Command): string[] {
  return [
    `Usage: ascribe ${command.usage}`,
    "",
    ...(command.details ?? `${command.summary}.`).split("\n"),
    ...flagLines("Flags", command.flags),
    ...flagLines("Settings", COMMON_FLAGS),
  ];
}

function flagLines(title: string, flags: Record<string, Flag>): string[] {
  const rows = Object.entries(flags).map(([name, { value, multiple, help }]) => ({
    name: value === undefined ? `--${name}` : `--${name} ${value}`,
    help: multiple ? `${help}; may be repeated` : help,
  }));
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(({ name }) => name.length));
  return ["", `${title}:`, ...rows.map(({ name, help }) => `  ${name.padEnd(width)}  ${help}`)];
}

/** The man page of commands, line by line, in the language of `man`. */
export function* manPage(commands: readonly Command[]): Generator<string> {
  yield `.TH ASCRIBE 1 "" "ascribe ${roff(VERSION)}" "User Commands"`;
  yield ".SH NAME";
  yield "ascribe \\- show which AI coding session every git commit came from";
  yield ".SH SYNOPSIS";
  yield ".B ascribe";
  yield "[COMMAND] [FLAGS]";
  yield ".SH COMMANDS";
  for (const { usage, summary, details, flags } of commands) {
    yield ".TP";
    yield `.B ascribe ${roff(usage)}`;
    yield `${roff(summary)}.`;
    if (details !== undefined) {
      yield ".IP";
      for (const line of details.split("\n")) yield line === "" ? ".IP" : roff(line);
    }
    yield* manFlags(flags);
  }
  yield ".SH SETTINGS";
  yield* manFlags(COMMON_FLAGS);
  yield ".SH EXIT STATUS";
  yield "0 done, 1 failed or nothing found, 2 wrong usage, 130 stopped by Ctrl\\-C.";
}

function* manFlags(flags: Record<string, Flag>): Generator<string> {
  if (Object.keys(flags).length === 0) return;
  yield ".RS";
  for (const [name, { value, help }] of Object.entries(flags)) {
    yield ".TP";
    yield `.B ${roff(`--${name}${value === undefined ? "" : ` ${value}`}`)}`;
    yield roff(help);
  }
  yield ".RE";
}

/** A text in which nothing is an instruction to `man`. */
function roff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^([.'])/, "\\&$1");
}
