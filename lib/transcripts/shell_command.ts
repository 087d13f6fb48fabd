import { clip } from "../text/clip.ts";

const GIT = /(?:^|[^\w.-])(?:git|gh)(?:\.exe)?["']?\s/;
const QUOTED = /'[^']*'|"(?:[^"\\]|\\.)*"/g;
const REDIRECT = /(?:^|[^=<>&|\d-])[1&]?>>?\|?\s*(?![\s&>(=]|\/dev\/|\$null)[^\s;&|]/i;

const READERS = new Set(
  ("cat bat head tail less more grep egrep fgrep rg ag ls find fd wc awk jq sort uniq cut tr diff cd pwd true test " +
    "stat file tree sed echo printf sleep which type").split(" "),
);
const READING_GIT = new Set(
  ("log show diff status reflog blame annotate rev-parse rev-list branch ls-files ls-tree ls-remote remote config " +
    "fetch grep describe shortlog cat-file for-each-ref show-ref name-rev whatchanged range-diff")
    .split(" "),
);

/** What a shell command does that matters here. */
export interface ShellCommand {
  /** It speaks to git or GitHub. */
  git: boolean;
  /** It writes a file through a redirection or a heredoc. */
  writes: boolean;
  /** It pushes or opens a pull request. */
  publishes: boolean;
}

/** Sorts a shell command by what it may do. Quoted text and heredocs are no commands. */
export function readShellCommand(command: string): ShellCommand {
  const git = GIT.test(command);
  const writes = command.includes("<<") || command.includes(">") && REDIRECT.test(bare(command));
  const publishes = git && /\bpush\b|\bpr\s+create\b/.test(command);
  return { git, writes, publishes };
}

/** Whether all that a shell command does is show something: what it prints is not its own doing. */
export function onlyReads(command: string): boolean {
  return bare(command).split(/&&|\|\||[;|&\n]/).every(isReading);
}

/** A command without what is quoted in it. */
function bare(command: string): string {
  return clip(stripHeredocs(command)).replace(QUOTED, "''");
}

function isReading(simple: string): boolean {
  const words = simple.trim().split(/\s+/).filter((word) => !/^\w+=/.test(word));
  const name = words[0];
  if (name === undefined || name === "" || name.startsWith("#")) return true;
  if (/^git(?:\.exe)?$/.test(name)) return READING_GIT.has(gitSubcommand(words));
  return READERS.has(name);
}

function gitSubcommand(words: string[]): string {
  for (let i = 1; i < words.length; i++) {
    if (words[i] === "-C" || words[i] === "-c") i++;
    else if (!words[i].startsWith("-")) return words[i];
  }
  return "";
}

function stripHeredocs(command: string): string {
  if (!command.includes("<<")) return command;
  const kept: string[] = [];
  let until: string | null = null;
  for (const line of command.split("\n")) {
    if (until !== null) {
      if (line.trim() === until) until = null;
      continue;
    }
    kept.push(line);
    until = /<<-?\s*(["']?)([\w.-]+)\1/.exec(line)?.[2] ?? null;
  }
  return kept.join("\n");
}
