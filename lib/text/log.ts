import { LOG_LEVELS, type LogLevel } from "../domain/settings.ts";
import { escapeControl } from "./control_characters.ts";

/** Writes lines for the user who runs the program. Prompts, file contents and commit messages have no place in it. */
export type Log = Record<LogLevel, (message: string) => void>;

/**
 * Makes a log that writes one line a message: the time, the level, the message.
 *
 * @param options.write Where lines go. @default {console.error}
 */
export function createLog(
  level: LogLevel,
  options: { write?: (line: string) => void; now?: () => number } = {},
): Log {
  const { write = console.error, now = Date.now } = options;
  const shown = LOG_LEVELS.indexOf(level);
  const logger = (at: LogLevel) => (message: string) => {
    if (LOG_LEVELS.indexOf(at) > shown) return;
    const oneLine = message.replace(CONTROL_CHARACTERS, " ");
    write(`${new Date(now()).toISOString()} ${at.padEnd(5)} ${oneLine}`);
  };
  return {
    error: logger("error"),
    warn: logger("warn"),
    info: logger("info"),
    debug: logger("debug"),
  };
}

/** Writes what nobody expected, with its stack, so that nothing in it steers a terminal. */
export function logFault(fault: unknown): void {
  const lines = Deno.inspect(fault, { colors: false }).split("\n");
  console.error(lines.map(escapeControl).join("\n"));
}

/** What could forge a line or steer a terminal. */
// deno-lint-ignore no-control-regex
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
