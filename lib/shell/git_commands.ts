import { joinPath } from "../text/paths.ts";
import { type Program, UNKNOWN } from "./parse.ts";

/** A run of git that a command line asks for; of jj, gh and yadm, what comes to the same. */
export interface GitCall {
  /** The folder by which its repository is found; null if only running the command could tell. */
  folder: string | null;
  /** The subcommand, such as `commit`. */
  verb: string;
  args: string[];
  /** The heredocs that fed it. */
  heredocs: string[];
  /** Whether it rewrites the commit that it speaks of, though no option says so: jj's commands do. @default {false} */
  rewrites?: boolean;
}

/** Where a command stands, and what the environment tells git. */
export interface GitPlaces {
  folder: string | null;
  home: string | null;
  /** The values of `GIT_DIR` and `GIT_WORK_TREE`. */
  gitDir: string | null;
  workTree: string | null;
  /** The absolute form of a path as a command spells it, seen from a folder. */
  resolve(spelled: string, folder: string | null): string | null;
}

/** Reads the call of git out of a program's arguments; null for another program, or if git is asked for nothing. */
export function readGitCall(
  { name, args }: Program,
  { heredocs, places }: { heredocs: string[]; places: GitPlaces },
): GitCall | null {
  switch (name) {
    case "git":
      return gitCall(args, { heredocs, places });
    case "yadm": {
      if (places.home === null) return null;
      const gitDir = `${places.home}/.local/share/yadm/repo.git`;
      return gitCall(args, { heredocs, places: { ...places, gitDir, workTree: places.home } });
    }
    case "jj":
      return jjCall(args, { heredocs, places });
    case "gh":
      return pullRequestCall(args, { heredocs, places });
    default:
      return null;
  }
}

/** git's options before the subcommand that take the next word. */
const VALUED = new Set(["-c", "--namespace", "--config-env", "--attr-source"]);

function gitCall(
  args: readonly string[],
  { heredocs, places }: { heredocs: string[]; places: GitPlaces },
): GitCall | null {
  let { folder, gitDir, workTree } = places;
  let at = 0;
  for (; at < args.length && args[at].startsWith("-"); at++) {
    const [option, glued] = splitOption(args[at]);
    if (option === "-C") folder = from(folder, args[++at], places);
    else if (option === "--git-dir") gitDir = glued ?? args[++at] ?? null;
    else if (option === "--work-tree") workTree = glued ?? args[++at] ?? null;
    else if (VALUED.has(args[at])) at++;
  }
  const verb = args[at];
  if (verb === undefined) return null;
  // Wherever git stands, the repository is the one of its folder; a work tree alone says where to look for it.
  if (gitDir !== null) folder = holderOf(from(folder, gitDir, places));
  else if (workTree !== null) folder = from(folder, workTree, places);
  return { folder, verb, args: args.slice(at + 1), heredocs };
}

/** The folder of a repository's `.git`; that of a bare repository is itself. */
function holderOf(gitDir: string | null): string | null {
  return gitDir?.replace(/[\\/]\.git(?:[\\/]worktrees[\\/][^\\/]+)?[\\/]?$/, "") ?? null;
}

/** A path seen from a folder; the folder itself if only the shell knows the path. */
function from(folder: string | null, path: string | undefined, places: GitPlaces): string | null {
  return path === undefined || path === UNKNOWN ? folder : places.resolve(path, folder);
}

function splitOption(arg: string): [option: string, value: string | undefined] {
  const equals = arg.startsWith("--") ? arg.indexOf("=") : -1;
  return equals < 0 ? [arg, undefined] : [arg.slice(0, equals), arg.slice(equals + 1)];
}

/** jj's subcommands that give a commit its message, with their short forms. */
const JJ_VERBS = new Map([
  ["commit", "commit"],
  ["ci", "commit"],
  ["describe", "commit"],
  ["desc", "commit"],
]);
const JJ_VALUED = new Set(["--at-operation", "--at-op", "--color", "--config", "--config-file"]);

function jjCall(
  args: readonly string[],
  { heredocs, places }: { heredocs: string[]; places: GitPlaces },
): GitCall | null {
  let folder = places.folder;
  let at = 0;
  for (; at < args.length && args[at].startsWith("-"); at++) {
    const [option, glued] = splitOption(args[at]);
    if (option === "-R" || option === "--repository") {
      folder = from(places.folder, glued ?? args[++at], places);
    } else if (JJ_VALUED.has(args[at])) at++;
  }
  const verb = JJ_VERBS.get(args[at]);
  if (verb === undefined) return null;
  return { folder, verb, args: args.slice(at + 1), heredocs, rewrites: true };
}

/** Reads what `gh pr` does to commits or to the work tree. */
function pullRequestCall(
  args: readonly string[],
  given: { heredocs: string[]; places: GitPlaces },
): GitCall | null {
  const [noun, verb, ...rest] = args;
  if (noun !== "pr") return null;
  if (verb === "merge") return mergeCall(rest, given);
  if (verb !== "checkout" && verb !== "co") return null;
  return { folder: given.places.folder, verb: "checkout", args: rest, heredocs: [] };
}

/** Reads `gh pr merge`, after which the forge makes the commit: a merge, or a squash with the subject given. */
function mergeCall(
  args: readonly string[],
  { heredocs, places }: { heredocs: string[]; places: GitPlaces },
): GitCall | null {
  let folder = places.folder;
  let subject: string | null = null;
  let target: string | null = null;
  let how = "merge";
  for (let at = 0; at < args.length; at++) {
    const [option, glued] = splitOption(args[at]);
    if (option === "-s" || option === "--squash") how = "squash";
    else if (option === "-r" || option === "--rebase") how = "rebase";
    else if (option === "-R" || option === "--repo") {
      folder = null;
      if (glued === undefined) at++;
    } else if (option === "-t" || option === "--subject") subject = glued ?? args[++at] ?? null;
    else if (GH_VALUED.has(args[at])) at++;
    else if (!option.startsWith("-")) target = /(\d+)$/.exec(option)?.[1] ?? option;
  }
  if (how === "rebase") return null;
  if (subject !== null) return { folder, verb: "commit", args: ["-m", subject], heredocs };
  if (how === "squash") return null;
  return { folder, verb: "merge", args: target === null ? [] : [`#${target}`], heredocs };
}

const GH_VALUED = new Set([
  "-b",
  "--body",
  "-F",
  "--body-file",
  "-A",
  "--author-email",
  "--match-head-commit",
]);

/** The subcommands that make a commit from their arguments. */
export type CommitVerb = "commit" | "merge" | "revert" | "cherry-pick";

const COMMIT_VERBS: ReadonlySet<string> = new Set<CommitVerb>([
  "commit",
  "merge",
  "revert",
  "cherry-pick",
]);
/** Options with which such a command makes no commit. */
const NOT_COMMITTING: ReadonlySet<string> = new Set([
  "--dry-run",
  "--abort",
  "--quit",
  "--skip",
  "--no-commit",
  "--help",
  "-h",
]);
/** The subcommands that recreate commits whose changes were written before. */
const REWRITING: ReadonlySet<string> = new Set(["rebase", "replay", "history"]);

/** Tells whether a call makes a commit of its own. */
export function makesCommit({ verb, args }: GitCall): boolean {
  return COMMIT_VERBS.has(verb) && !args.some((arg) => NOT_COMMITTING.has(arg));
}

/** Whether a call recreates commits that were there before. */
export function rewritesCommits({ verb }: GitCall): boolean {
  return REWRITING.has(verb);
}

/** The subcommands that put into the work tree what was written before, whatever their options. */
const BRINGING: ReadonlySet<string> = new Set([
  "am",
  "bisect",
  "checkout-index",
  "cherry-pick",
  "clone",
  "merge",
  "pull",
  "read-tree",
  "rebase",
  "revert",
  "submodule",
  "subtree",
]);
const KEEPING_STASHES: ReadonlySet<string> = new Set([
  "list",
  "show",
  "drop",
  "clear",
  "create",
  "store",
]);

/**
 * Tells whether a call puts into the work tree, or takes out of it, what was written before: the tree's difference is no
 * writing of whoever runs it.
 */
export function bringsWork({ verb, args }: GitCall): boolean {
  const names = args.filter((arg) => !arg.startsWith("-"));
  switch (verb) {
    case "checkout":
      // A new branch from where one stands changes no file.
      return !args.some((arg) => /^-[bB]|^--orphan$/.test(arg)) || names.length > 1;
    case "switch":
      return !args.some((arg) => /^-[cC]|^--(?:force-)?create$|^--orphan$/.test(arg)) ||
        names.length > 1;
    case "restore":
      return !args.some((arg) => arg === "--staged" || arg === "-S") ||
        args.some((arg) => arg === "--worktree" || arg === "-W");
    case "reset":
      return args.some((arg) => arg === "--hard" || arg === "--merge" || arg === "--keep");
    case "stash":
      return !KEEPING_STASHES.has(names[0]);
    default:
      return BRINGING.has(verb);
  }
}

/** What a `git commit` command tells of the commit it asks for. */
export interface CommitMessage {
  /** The message's first paragraph on one line, or null where the command does not hold it. */
  subject: string | null;
  amend: boolean;
}

/** Options of `git commit` that take a value in the next word. */
const COMMIT_VALUED = new Set([
  "-C",
  "-c",
  "-t",
  "-F",
  "-m",
  "--author",
  "--date",
  "--cleanup",
  "--fixup",
  "--squash",
  "--trailer",
  "--reuse-message",
  "--reedit-message",
  "--template",
  "--pathspec-from-file",
]);

/**
 * Reads the message out of a `git commit` command: `-m`, several `-m`, `-am`, `--message=`, `-F` with a heredoc or with
 * a file that the same command line wrote.
 *
 * @param written The files that the command line wrote before.
 */
export function commitMessage(
  { args, folder, heredocs, rewrites = false }: GitCall,
  written: readonly { path: string | null; text: string }[],
): CommitMessage {
  const paragraphs: string[] = [];
  let file: string | null = null;
  let amend = rewrites;
  let fixup: string | null = null;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--") break;
    if (arg === "--amend") amend = true;
    else if (arg === "--message") paragraphs.push(args[++i] ?? "");
    else if (arg.startsWith("--message=")) paragraphs.push(arg.slice(10));
    else if (arg === "--file") file = args[++i] ?? null;
    else if (arg.startsWith("--file=")) file = arg.slice(7);
    else if (arg.startsWith("--fixup=")) fixup = arg.slice(8);
    else if (/^-[a-zA-Z]*m/.test(arg) && !arg.startsWith("--")) {
      const glued = arg.slice(arg.indexOf("m") + 1);
      paragraphs.push(glued !== "" ? glued : args[++i] ?? "");
    } else if (/^-[a-zA-Z]*F/.test(arg) && !arg.startsWith("--")) {
      const glued = arg.slice(arg.indexOf("F") + 1);
      file = glued !== "" ? glued : args[++i] ?? null;
    } else if (COMMIT_VALUED.has(arg)) i++;
  }
  if (fixup !== null) return { subject: null, amend };
  const text = paragraphs.length > 0 ? paragraphs.join("\n\n") : fileText(file);
  return { subject: subjectOf(text), amend };

  function fileText(name: string | null): string | null {
    if (name === null) return null;
    if (name === "-" || name === "/dev/stdin") return heredocs[0] ?? null;
    const path = joinPath(folder, name);
    return written.findLast((one) => one.path === path)?.text ?? null;
  }
}

/** The first paragraph on one line, as git makes it a subject; null where only running the command could tell it. */
function subjectOf(text: string | null): string | null {
  const paragraph = text?.trim().split(/\n\s*\n/, 1)[0].replace(/\s*\n\s*/g, " ") ?? "";
  return paragraph === "" || paragraph.includes(UNKNOWN) ? null : paragraph;
}
