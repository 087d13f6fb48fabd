import { parseShell, programOf, type SimpleCommand } from "./parse.ts";

/** Programs that work on repositories. */
const PROGRAMS = "(?:git|gh|glab|jj|yadm)(?:\\.exe)?[\"']?";
/** A word that may be the call of one. */
const GIT = new RegExp(`(?:^|[^\\w.-])${PROGRAMS}\\s`);
/** The same in text that may be escaped as JSON. */
const GIT_SIGN = new RegExp(`${PROGRAMS}[\\s\\\\]`);
const PUBLISHES = /\bpush\b|\b[pm]r\s+(?:create|merge)\b/;
/** A redirection to a file, or what looks like one; most commands with a `>` hold only `2>&1` and `>/dev/null`. */
const REDIRECTION = /(?:^|[^=<>&\d-]|\b1|&)>(?!&|\s*(?:\/dev\/|\$null))/i;
/** Longer commands are read up to here. */
const MAX_READ = 65_536;

const READERS = new Set(
  ("cat bat head tail less more grep egrep fgrep rg ag ls find fd wc awk jq sort uniq cut tr diff cd pwd true test " +
    "stat file tree sed echo printf sleep which type").split(" "),
);
const READING_GIT = new Set(
  ("log show diff status reflog blame annotate rev-parse rev-list branch ls-files ls-tree ls-remote remote config " +
    "fetch grep describe shortlog cat-file for-each-ref show-ref name-rev whatchanged range-diff")
    .split(" "),
);

/** What a shell command may do that matters to a session's history. */
export interface ShellEffects {
  /** It runs git, or a program that works on git's repositories or a forge. */
  git: boolean;
  /** It writes a file through a redirection or a heredoc. */
  writes: boolean;
  /** It pushes, or opens or merges a pull request. */
  publishes: boolean;
}

/**
 * Sorts a shell command by what it may do. Made for many commands: one that holds no sign of any of it is not parsed.
 *
 * `git` and `publishes` go by words and may be true of a command that only mentions them.
 */
export function readShellCommand(command: string): ShellEffects {
  const git = GIT.test(command);
  const writes = command.includes("<<") ||
    command.includes(">") && REDIRECTION.test(command) && redirects(command);
  const publishes = git && PUBLISHES.test(command);
  return { git, writes, publishes };
}

/**
 * Tells whether a command may run git or write a file: a quick look before {@linkcode readShellCommand}, at text that
 * may still be escaped as JSON.
 */
export function mayHaveEffects(command: string): boolean {
  return command.includes(">") || command.includes("<<") || GIT_SIGN.test(command);
}

function redirects(command: string): boolean {
  return parseShell(command.slice(0, MAX_READ)).some(({ outputs }) =>
    outputs.some((file) => !/^(?:\/dev\/|\$null$)/i.test(file))
  );
}

/** Whether all that a shell command does is show something: what it prints is not its own doing. */
export function onlyReads(command: string): boolean {
  return parseShell(command.slice(0, MAX_READ)).every(isReading);
}

function isReading(command: SimpleCommand): boolean {
  const { name, args } = programOf(command);
  if (name === "git") return READING_GIT.has(subcommand(args));
  return name === "" || READERS.has(name);
}

function subcommand(args: readonly string[]): string {
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "-C" || args[i] === "-c") i++;
    else if (!args[i].startsWith("-")) return args[i];
  }
  return "";
}
