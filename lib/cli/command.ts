import type { GitSync, Indexing } from "../sync/git_sync.ts";
import type { Database } from "../store/database.ts";
import type { GitReading } from "../git/read/reading.ts";
import type { Config } from "../domain/settings.ts";

import type { Handler } from "../http/secure.ts";
import type { Output } from "./output.ts";

/** The user asked for something that cannot be: one line says what to type instead, and the exit code is 2. */
export class UsageError extends Error {}

/** What was asked for did not work: one line says why and what to do, and the exit code is 1. */
export class CommandFailure extends Error {}

/** How the program ends. `stopped` is what shells make of Ctrl-C: 128 and the signal's number. */
export const EXIT = { ok: 0, failed: 1, usage: 2, stopped: 130 } as const;

/** A flag of a command. `type` is what `parseArgs` calls it. */
export interface Flag {
  type: "boolean" | "string";
  /** May be given several times. */
  multiple?: boolean;
  /** What stands for the value in the help: `NAME`. */
  value?: string;
  help: string;
}

/** What a command is called with. */
export interface Call {
  flags: Flags;
  /** What stands beside the flags. */
  rest: string[];
  /** What stands behind `--`, for commands that take paths there. */
  paths: string[];
  /** The folder that is worked in. */
  cwd: string;
  /** Every command, in the order of the help. */
  commands(): Promise<Command[]>;
  config: Config;
  output: Output;
  host: Host;
  /** Aborted by Ctrl-C, for commands that stop by themselves. */
  signal: AbortSignal;
}

/** Flags as they were typed, each read as its type says. */
export interface Flags {
  on(name: string): boolean;
  text(name: string): string | undefined;
  texts(name: string): string[];
}

/** What only the program itself can give, since `lib/` knows nothing of the app. */
export interface Host {
  handlerFor(services: OpenServices): Handler | Promise<Handler>;
}

/** One command of the program. */
export interface Command {
  name: string;
  /** One line, for the list of commands. */
  summary: string;
  /** What comes after the name: `links [--format json]`. */
  usage: string;
  /** What its help says besides. */
  details?: string;
  flags: Record<string, Flag>;
  /** How many words may stand beside the flags. */
  words: { min: number; max: number };
  /** Whether it takes paths behind `--`. @default {false} */
  paths?: boolean;
  /** Whether it ends by itself once `signal` is aborted; Ctrl-C ends the others at once. @default {false} */
  stops?: boolean;
  /** Whether it runs git, without which it does not begin. @default {false} */
  runsGit?: boolean;
  /** @returns The exit code. */
  run(call: Call): Promise<number> | number;
}

/** What a server works with while it runs. */
export interface OpenServices {
  readonly store: Database;
  readonly gitSync: GitSync;
  readonly indexing: Indexing;
  readonly git: GitReading;
  /** Whether it is the sample workspace that the store holds. */
  readonly sample: boolean;
  readonly config: Config;
}
