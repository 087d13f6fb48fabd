import { readConfig, readGitEnvironment } from "../config.ts";
import { gitCandidates } from "../git/environment.ts";
import type { Host } from "./command.ts";
import { commandNamed } from "./commands.ts";
import { CommandFailure, EXIT, UsageError } from "./failure.ts";
import { parseFlags } from "./flags.ts";
import { commandHelp } from "./help_text.ts";
import { createScreen, OutputClosed } from "./screen.ts";

/**
 * Runs the command that the arguments name; `serve` where they name none.
 *
 * @returns The exit code: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.
 */
export async function run(args: string[], host: Host): Promise<number> {
  const screen = createScreen({
    stdout: Deno.stdout,
    stderr: Deno.stderr,
    columns: () => Deno.consoleSize().columns,
  });
  let debug = false;
  try {
    const { name, rest } = wordsOf(args);
    const command = await commandNamed(name);
    const { flags, rest: words, settings, help } = parseFlags(command, rest);
    if (help) {
      for (const line of commandHelp(command)) screen.out(line);
      return EXIT.ok;
    }
    if (command.runsGit) requireGit();
    const outcome = readConfig(settings);
    if (outcome.kind === "invalid") throw new UsageError(outcome.message);
    const { config } = outcome;
    debug = config.logLevel === "debug";
    const call = { flags, rest: words, config, screen, host };
    if (!command.stops) return await command.run({ ...call, signal: new AbortController().signal });
    using interrupt = listenForCtrlC();
    return await command.run({ ...call, signal: interrupt.signal });
  } catch (error) {
    if (error instanceof OutputClosed) return EXIT.ok;
    if (error instanceof UsageError) {
      screen.note(`ascribe: ${error.message}`);
      return EXIT.usage;
    }
    if (error instanceof CommandFailure) {
      screen.note(`ascribe: ${error.message}`);
      return EXIT.failed;
    }
    if (error instanceof Deno.errors.NotCapable) {
      screen.note(`ascribe: ${missingRight(error.message)}`);
      return EXIT.failed;
    }
    const message = error instanceof Error ? error.message : String(error);
    screen.note(`ascribe: ${message || "it stopped for a reason that it does not know"}`);
    const stack = debug && error instanceof Error ? error.stack ?? "" : "";
    for (const line of stack.split("\n")) if (line !== "") screen.note(line);
    return EXIT.failed;
  }
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

/** Which command the arguments name, and what follows it. */
function wordsOf(args: string[]): { name: string; rest: string[] } {
  const [first = "serve", ...rest] = args;
  if (first === "--version" || first === "-V") return { name: "version", rest };
  if (first === "--help" || first === "-h") return { name: "help", rest };
  return first.startsWith("-") ? { name: "serve", rest: args } : { name: first, rest };
}
