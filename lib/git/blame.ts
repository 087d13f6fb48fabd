import { unquote } from "./diff_parser.ts";

/** A line of a file, with the commit that it came with. */
export interface BlameLine {
  text: string;
  hash: string;
  /** The line's number in that commit's version of the file, from 1. */
  lineThen: number;
  /** What the file was called in that commit. */
  pathThen: string;
}

/** What `git blame` says of a commit. */
export interface BlameCommit {
  hash: string;
  authorName: string;
  /** Unix milliseconds. */
  authoredAt: number;
  subject: string;
}

/** A file at a revision, line by line. */
export interface Blame {
  lines: BlameLine[];
  commits: BlameCommit[];
  /** Whether there are more lines than are kept. */
  cut: boolean;
}

/** How much of a file is kept. */
export const BLAME_LIMITS = { lines: 10_000, lineLength: 2_000 };

const HEAD = /^([0-9a-f]{40}|[0-9a-f]{64}) (\d+) (\d+)(?: \d+)?$/;

/** Reads what `git blame --porcelain` prints. */
export function parseBlame(text: string): Blame {
  const lines: BlameLine[] = [];
  const commits = new Map<string, BlameCommit>();
  const paths = new Map<string, string>();
  let hash = "";
  let lineThen = 0;
  for (const line of text.split("\n")) {
    if (line.startsWith("\t")) {
      if (lines.length === BLAME_LIMITS.lines) {
        return { lines, commits: [...commits.values()], cut: true };
      }
      const shown = line.slice(1, BLAME_LIMITS.lineLength).replace(/\r$/, "");
      lines.push({ text: shown, hash, lineThen, pathThen: paths.get(hash) ?? "" });
      continue;
    }
    const head = HEAD.exec(line);
    if (head !== null) {
      hash = head[1];
      lineThen = Number(head[2]);
      if (!commits.has(hash)) {
        commits.set(hash, { hash, authorName: "", authoredAt: 0, subject: "" });
      }
      continue;
    }
    const commit = commits.get(hash);
    if (commit === undefined) continue;
    if (line.startsWith("author ")) commit.authorName = line.slice(7);
    else if (line.startsWith("author-time ")) commit.authoredAt = Number(line.slice(12)) * 1_000;
    else if (line.startsWith("summary ")) commit.subject = line.slice(8);
    else if (line.startsWith("filename ")) paths.set(hash, unquote(line.slice(9)));
  }
  return { lines, commits: [...commits.values()], cut: false };
}
