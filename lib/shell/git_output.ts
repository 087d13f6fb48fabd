import { onlyReads } from "./effects.ts";
import { commitMessage, makesCommit } from "./git_commands.ts";
import { traceShell } from "./trace.ts";

/** A commit that a command's output shows being made. */
export interface PrintedCommit {
  /** May be abbreviated. */
  hash: string;
  branch: string | null;
  /** Null if the output names the commit by its hash alone. */
  subject: string | null;
  amend: boolean;
}

/** What a command's output tells was published. */
export interface Published {
  branch: string | null;
  url: string | null;
}

/** `[branch abc1234] subject` */
const COMMIT =
  /^\[(?:(detached HEAD)|([^\s\]]{1,250}))( \(root-commit\))? ([0-9a-f]{7,64})\] (.*)$/gm;
const STAT = /^ \d+ files? changed/m;
/** What `git replay` and `git history` print for `git update-ref`: a branch, its new and its old tip. */
const REF_UPDATE = /^update refs\/heads\/(\S{1,250}) ([0-9a-f]{40,64}) [0-9a-f]{40,64}$/gm;
/** jj's two commits: a change's id, the hash, bookmarks, states, and the description's first line. */
const JJ_COMMIT =
  /^(Working copy|Parent commit)\s+\(@-?\)(?: now at)?\s*: [k-z]{8,32}\S* ([0-9a-f]{8,40}) (?:([^|\n]{1,250}) \| )?((?:\((?:empty|conflict|divergent)\) )*)(.*)$/gm;
/** A line of `git log --oneline`, or of `git rev-parse HEAD`. */
const ONE_LINE = /^(?:\* )?([0-9a-f]{7,64})(?: (?:\([^)\n]*\) )?(.+))?$/gm;

/** Signs of what {@linkcode readCommits} finds, also in output that is JSON's string. */
const MADE = / [0-9a-f]{7,64}\] $/;
const LONGEST_MADE = 67;
const HASH = /(?:^|[^\w.-]|\\n)[0-9a-f]{7,64}(?:[\s"\\]|$)/;
const QUIET = /\bcommit\b/;
const JJ = /\bjj\b/;

/**
 * Tells whether an output may show a commit being made: a quick look before {@linkcode readCommits}, at text that may
 * still be escaped as JSON.
 *
 * @param options.command The command that printed it, if known.
 */
export function mayShowCommit(output: string, options: { command?: string } = {}): boolean {
  for (let at = output.indexOf("] "); at > 0; at = output.indexOf("] ", at + 2)) {
    const code = output.charCodeAt(at - 1);
    const isHex = code >= 48 && code <= 57 || code >= 97 && code <= 102;
    if (isHex && MADE.test(output.slice(Math.max(0, at + 2 - LONGEST_MADE), at + 2))) return true;
  }
  if (output.includes("update refs/heads/")) return true;
  const { command } = options;
  return command !== undefined && QUIET.test(command) && HASH.test(output) ||
    command !== undefined && JJ.test(command) && output.includes("(@");
}

/**
 * Finds the commits that a command's output shows being made: `[branch abc1234] subject` lines, jj's report, updates
 * that `git replay` prints, and, after a commit that was made quietly, its line in a log or its bare hash.
 *
 * @param options.certain The command is known to make commits; otherwise the change count must follow.
 * @param options.command The command that printed it, if known. What only shows commits made none, and jj's output and
 * that of a quiet commit are read only by their command.
 */
export function readCommits(
  output: string,
  options: { certain: boolean; command?: string },
): PrintedCommit[] {
  const { command } = options;
  if (!mayShowCommit(output, { command })) return [];
  const found = [...output.matchAll(COMMIT)].flatMap((match): PrintedCommit[] => {
    const [line, detached, branch, , hash, subject] = match;
    const after = output.slice(match.index + line.length, match.index + line.length + 300);
    const follows = after.split("\n").slice(1, 5).join("\n");
    if (!options.certain && !STAT.test(follows)) return [];
    const amend = /^ Date: /m.test(follows);
    return [{ hash, branch: detached === undefined ? branch : null, subject, amend }];
  });
  if (options.certain) {
    for (const [, branch, hash] of output.matchAll(REF_UPDATE)) {
      found.push({ hash, branch, subject: null, amend: true });
    }
  }
  if (command === undefined) return found;
  if (options.certain) {
    found.push(...jjCommits(output, command), ...quietCommits(output, command, found));
  }
  return found.length > 0 && onlyReads(command) ? [] : found;
}

/** `jj commit` leaves the commit as the working copy's parent, `jj describe` as the working copy. */
function jjCommits(output: string, command: string): PrintedCommit[] {
  const verb = /\bjj\b[^;&|\n]*?\b(commit|ci|describe|desc)\b/.exec(command)?.[1];
  if (verb === undefined) return [];
  const wanted = verb.startsWith("c") ? "Parent commit" : "Working copy";
  const found: PrintedCommit[] = [];
  for (const [, which, hash, bookmarks, , subject] of output.matchAll(JJ_COMMIT)) {
    if (which !== wanted || subject === "(no description set)") continue;
    const branch = bookmarks?.trim().split(/[\s*]/, 1)[0] ?? null;
    found.push({ hash, branch, subject, amend: verb.startsWith("d") });
  }
  return found.slice(0, 1);
}

/** The commits of `git commit -q` that the same command line shows afterwards. */
function quietCommits(
  output: string,
  command: string,
  printed: readonly PrintedCommit[],
): PrintedCommit[] {
  if (!QUIET.test(command) || !HASH.test(output)) return [];
  const { git, written } = traceShell(command, null);
  const made = git.filter((call) => makesCommit(call) && call.verb === "commit" && !call.rewrites);
  if (made.length === 0) return [];
  const messages = new Map(made.map((call) => {
    const { subject, amend } = commitMessage(call, written);
    return [subject, amend];
  }));
  const last = git.at(-1)!;
  const showsHead = made.length === 1 && last !== made[0] && last.verb === "rev-parse" &&
    last.args.includes("HEAD") && !last.args.includes("--abbrev-ref");
  const found: PrintedCommit[] = [];
  for (const [, hash, subject] of output.matchAll(ONE_LINE)) {
    const known = [...printed, ...found].some((one) =>
      one.hash.startsWith(hash) || hash.startsWith(one.hash)
    );
    const message = subject ?? (showsHead ? [...messages.keys()][0] : undefined);
    if (known || message === undefined || subject !== undefined && !messages.has(subject)) continue;
    found.push({ hash, branch: null, subject: message, amend: messages.get(message) ?? false });
    messages.delete(message);
  }
  return found;
}

const PULL_REQUEST = /https:\/\/[\w.-]+\/[\w./-]+\/(?:pull|merge_requests)\/\d+/;
const PUSHED = /^ [ +*] ?(?:\[new branch\]|[0-9a-f]{4,64}\.{2,3}[0-9a-f]{4,64})\s+\S+ -> (\S+)/m;
/** `gh pr merge --delete-branch` */
const MERGED = /^.{0,4}Deleted (?:local|remote) branch (\S+)/m;

/** Signs of what {@linkcode readPublished} finds, also in output that is JSON's string. */
export const PUBLISHED_SIGNS: readonly string[] = [" -> ", "/pull/", "/merge_requests/", "branch "];

/** Finds what `git push`, `gh pr create` and `gh pr merge` report. */
export function readPublished(output: string): Published | null {
  const pushed = /^To \S/m.test(output) ? PUSHED.exec(output)?.[1] : undefined;
  const branch = pushed ?? MERGED.exec(output)?.[1] ?? null;
  const url = PULL_REQUEST.exec(output)?.[0] ?? null;
  return branch === null && url === null ? null : { branch, url };
}
