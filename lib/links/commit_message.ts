import { joinPath } from "./paths.ts";
import type { GitCall } from "./shell/git_calls.ts";
import { UNKNOWN } from "./shell/simple_command.ts";

/** What a `git commit` command tells of the commit it asks for. */
export interface CommitMessage {
  /** The message's first paragraph on one line, or null where the command does not hold it. */
  subject: string | null;
  amend: boolean;
}

/** Options of `git commit` that take a value in the next word. */
const VALUED = new Set([
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
  { args, folder, heredocs }: GitCall,
  written: readonly { path: string; text: string }[],
): CommitMessage {
  const paragraphs: string[] = [];
  let file: string | null = null;
  let amend = false;
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
    } else if (VALUED.has(arg)) i++;
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
