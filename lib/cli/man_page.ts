import { VERSION } from "../domain/version.ts";
import type { Command, Flag } from "./command.ts";
import { COMMON_FLAGS } from "./program.ts";

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
    yield* flagLines(flags);
  }
  yield ".SH SETTINGS";
  yield* flagLines(COMMON_FLAGS);
  yield ".SH EXIT STATUS";
  yield "0 done, 1 failed or nothing found, 2 wrong usage, 130 stopped by Ctrl\\-C.";
}

function* flagLines(flags: Record<string, Flag>): Generator<string> {
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
