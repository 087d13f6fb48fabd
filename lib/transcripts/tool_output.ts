const COMMIT =
  /^\[(?:(detached HEAD)|([^\s\]]{1,250}))( \(root-commit\))? ([0-9a-f]{7,64})\] (.*)$/gm;
const STAT = /^ \d+ files? changed/m;
const PULL_REQUEST = /https:\/\/[\w.-]+\/[\w./-]+\/(?:pull|merge_requests)\/\d+/;
const PUSHED = /^ [ +*] ?(?:\[new branch\]|[0-9a-f]{4,64}\.{2,3}[0-9a-f]{4,64})\s+\S+ -> (\S+)/m;

/** A commit that a command's output shows being made. */
export interface PrintedCommit {
  hash: string;
  branch: string | null;
  subject: string;
  amend: boolean;
}

/** What a command's output tells was published. */
export interface Published {
  branch: string | null;
  url: string | null;
}

/**
 * Finds `[branch abc1234] subject` lines.
 *
 * @param options.certain The command is known to make commits; otherwise the change count must follow.
 */
export function readCommits(output: string, options: { certain: boolean }): PrintedCommit[] {
  if (!output.includes("] ")) return [];
  const found: PrintedCommit[] = [];
  for (const match of output.matchAll(COMMIT)) {
    const [line, detached, branch, , hash, subject] = match;
    const after = output.slice(match.index + line.length, match.index + line.length + 300);
    const follows = after.split("\n").slice(1, 5).join("\n");
    if (!options.certain && !STAT.test(follows)) continue;
    found.push({
      hash,
      branch: detached === undefined ? branch : null,
      subject,
      amend: /^ Date: /m.test(follows),
    });
  }
  return found;
}

/** Finds what `git push` and `gh pr create` report. */
export function readPublished(output: string): Published | null {
  const branch = /^To \S/m.test(output) ? PUSHED.exec(output)?.[1] ?? null : null;
  const url = PULL_REQUEST.exec(output)?.[0] ?? null;
  return branch === null && url === null ? null : { branch, url };
}
