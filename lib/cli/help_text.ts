import type { Command, Flag } from "./command.ts";
import { COMMON_FLAGS } from "./flags.ts";

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
