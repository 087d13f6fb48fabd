import { READERS } from "../sessions/registry.ts";
import { CONFIG_OPTIONS, type ConfigKey } from "../domain/settings.ts";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type ConfigFlags, readConfig, readGitEnvironment } from "../config.ts";
import { gitCandidates } from "../git/run/environment.ts";
import { errorMessage } from "../text/errors.ts";
import {
  type Command,
  CommandFailure,
  EXIT,
  type Flag,
  type Flags,
  type Host,
  UsageError,
} from "./command.ts";
import { commandHelp, COMMON_FLAGS } from "./help_text.ts";
import { closest } from "./closest.ts";
import { createOutput, type Output, OutputClosed } from "./output.ts";

/** What the words after a command's name say. */
export interface ParsedFlags {
  flags: Flags;
  rest: string[];
  paths: string[];
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
  const end = args.indexOf("--");
  const behind = command.paths && end >= 0 ? args.length - end - 1 : 0;
  const rest = positionals.slice(0, positionals.length - behind);
  if (!help) checkWords(rest, command);
  const paths = positionals.slice(rest.length);
  return { flags, rest, paths, settings: settingsOf(values), help };
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
        : `${dashed} needs a value (one that begins with a dash: ${dashed}=VALUE)`,
    );
  }
}

function checkWords(words: string[], command: Command): void {
  const { min, max } = command.words;
  if (words.length >= min && words.length <= max) return;
  const names = command.usage.match(/\b[A-Z][A-Z:-]*\b/g) ?? [];
  const problem = words.length < min
    ? `missing argument ${names[words.length] ?? ""}`.trimEnd()
    : `unexpected argument ${words[max]}`;
  throw new UsageError(`${problem}. Usage: ascribe ${command.usage}`);
}

function settingsOf(values: Record<string, unknown>): ConfigFlags {
  const settings: ConfigFlags = {};
  for (const [key, { flag }] of Object.entries(CONFIG_OPTIONS)) {
    const value = values[flag.slice(2)];
    if (value !== undefined) settings[key as ConfigKey] = [value].flat().join(",");
  }
  for (const { id, roots } of READERS) {
    const value = values[roots.flag];
    if (value !== undefined) {
      settings.agents = { ...settings.agents, [id]: [value].flat().join(",") };
    }
  }
  return settings;
}

/** Every command by its name, in the order of its help. What one works with is loaded only once it is called. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  why: async () => (await import("./commands/why.ts")).why,
  blame: async () => (await import("./commands/blame.ts")).blame,
  log: async () => (await import("./commands/log.ts")).log,
  show: async () => (await import("./commands/log.ts")).show,
  range: async () => (await import("./commands/range.ts")).range,
  sessions: async () => (await import("./commands/sessions.ts")).sessions,
  session: async () => (await import("./commands/sessions.ts")).session,
  resume: async () => (await import("./commands/sessions.ts")).resume,
  links: async () => (await import("./commands/links.ts")).links,
  edits: async () => (await import("./commands/edits.ts")).edits,
  repositories: async () => (await import("./commands/repositories.ts")).repositories,
  status: async () => (await import("./commands/status.ts")).status,
  serve: async () => (await import("./commands/serve.ts")).serve,
  sync: async () => (await import("./commands/sync.ts")).sync,
  index: async () => (await import("./commands/index.ts")).index,
  sample: async () => (await import("./commands/sample.ts")).sample,
  erase: async () => (await import("./commands/erase.ts")).erase,
  completions: async () => (await import("./commands/completions.ts")).completions,
  help: async () => (await import("./commands/help.ts")).help,
  version: async () => (await import("./commands/version.ts")).version,
};

/** Every command, in the order of its help. */
export async function allCommands(): Promise<Command[]> {
  return await Promise.all(Object.values(COMMANDS).map((load) => load()));
}

/**
 * The command of this name.
 *
 * @throws {UsageError} If there is none.
 */
export async function commandNamed(name: string): Promise<Command> {
  if (Object.hasOwn(COMMANDS, name)) return await COMMANDS[name]();
  const guess = closest(name, Object.keys(COMMANDS));
  const hint = guess === null ? "ascribe help lists the commands" : `did you mean ${guess}?`;
  throw new UsageError(`There is no command ${JSON.stringify(name)}: ${hint}`);
}

/**
 * Runs the command that the arguments name; `serve` where they name none.
 *
 * @param output Where it writes. @default the standard output and error of the process
 * @returns The exit code: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.
 */
export async function run(
  args: string[],
  host: Host,
  output: Output = standardOutput(),
): Promise<number> {
  let debug = false;
  let dataDir: string | null = null;
  try {
    const { name, rest, cwd } = wordsOf(args);
    const command = await commandNamed(name);
    const { flags, rest: words, paths, settings, help } = parseFlags(command, rest);
    output.color = colorOf(flags.text("color"), output);
    if (help) {
      for (const line of commandHelp(command)) output.print(line);
      return EXIT.ok;
    }
    if (command.runsGit) requireGit();
    const outcome = readConfig(settings);
    if (outcome.kind === "invalid") throw new UsageError(outcome.message);
    const { config } = outcome;
    debug = config.logLevel === "debug";
    dataDir = config.dataDir;
    const call = { flags, rest: words, paths, cwd, commands: allCommands, config, output, host };
    if (!command.stops) return await command.run({ ...call, signal: new AbortController().signal });
    using interrupt = listenForCtrlC();
    return await command.run({ ...call, signal: interrupt.signal });
  } catch (error) {
    if (error instanceof OutputClosed) return EXIT.ok;
    if (error instanceof UsageError) {
      output.log(`ascribe: ${error.message}`);
      return EXIT.usage;
    }
    if (error instanceof CommandFailure) {
      output.log(`ascribe: ${error.message}`);
      return EXIT.failed;
    }
    if (error instanceof Deno.errors.NotCapable) {
      output.log(`ascribe: ${missingRight(error.message)}`);
      return EXIT.failed;
    }
    const message = dataDir === null
      ? errorMessage(error)
      : (await import("../store/open.ts")).failureMessage(error, dataDir);
    output.log(`ascribe: ${message || "unknown error (run with --log-level debug)"}`);
    const stack = debug && error instanceof Error ? error.stack ?? "" : "";
    for (const line of stack.split("\n")) if (line !== "") output.log(line);
    return EXIT.failed;
  }
}

/** Whether styles are written: as `--color` says, else on a terminal whose user has not set NO_COLOR. */
function colorOf(when: string | undefined, { terminal }: Output): boolean {
  if (when === undefined || when === "auto") return terminal && !Deno.noColor;
  if (when === "always" || when === "never") return when === "always";
  throw new UsageError(`--color must be always, never or auto, not ${JSON.stringify(when)}`);
}

function standardOutput(): Output {
  return createOutput({
    stdout: Deno.stdout,
    stderr: Deno.stderr,
    columns: () => Deno.consoleSize().columns,
  });
}

/** Without git these commands would begin, and fail later in worse words. */
function requireGit(): void {
  const { state } = Deno.permissions.querySync({ name: "run", command: "git" });
  if (state === "granted") return;
  // A right to run what is not there is none.
  const there = gitCandidates(readGitEnvironment()).some(isFile);
  throw new CommandFailure(
    there
      ? missingRight("Requires run access to git, see --allow-run=git")
      : "git was not found in PATH. Install git, then start Ascribe again.",
  );
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}

function missingRight(what: string): string {
  return `Ascribe was started without a right that it needs. Start it with deno task start. (${what})`;
}

/** Aborts a signal at the first Ctrl-C; a second one ends what does not end by itself. */
function listenForCtrlC(): { signal: AbortSignal } & Disposable {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) Deno.exit(EXIT.stopped);
    stop.abort();
  };
  const names = signals();
  for (const name of names) Deno.addSignalListener(name, onSignal);
  return {
    signal: stop.signal,
    [Symbol.dispose]() {
      for (const name of names) Deno.removeSignalListener(name, onSignal);
    },
  };
}

function signals(): Deno.Signal[] {
  return Deno.build.os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM", ...hangUp()];
}

/** A terminal that is closed ends what runs in it. What `nohup` or a service started has none, and goes on. */
function hangUp(): Deno.Signal[] {
  const watched = [Deno.stdin, Deno.stdout, Deno.stderr].some((end) => end.isTerminal());
  return watched ? ["SIGHUP"] : [];
}

/** Which command the arguments name, what follows it, and the folder that `-C` says to work in, as git's does. */
function wordsOf(args: string[]): { name: string; rest: string[]; cwd: string } {
  let cwd = Deno.cwd();
  while (args[0] === "-C") {
    if (args.length === 1) throw new UsageError("-C needs a folder");
    cwd = resolve(cwd, args[1]);
    args = args.slice(2);
  }
  const [first = "serve", ...rest] = args;
  if (first === "--version" || first === "-V") return { name: "version", rest, cwd };
  if (first === "--help" || first === "-h") return { name: "help", rest, cwd };
  return first.startsWith("-") ? { name: "serve", rest: args, cwd } : { name: first, rest, cwd };
}
