import type { History, Person, PlannedCommit, Tree } from "./history.ts";

/** The team's time zone. */
const ZONE = "+0100";
const SCRATCH = "refs/sample/scratch";

/**
 * Writes a history as a stream for `git fast-import`, commits that no branch holds any more included.
 */
export function fastImportStream(history: History): string {
  const trees = new Map<number, Tree>();
  const parts: string[] = ["feature done\n"];
  for (const commit of history.commits) {
    parts.push(commitCommand(commit, trees.get(commit.parents[0]) ?? new Map()));
    trees.set(commit.mark, commit.tree);
  }
  for (const [branch, mark] of history.branches) {
    parts.push(`reset refs/heads/${branch}\nfrom :${mark}\n\n`);
  }
  for (const [tag, mark] of history.tags) parts.push(`reset refs/tags/${tag}\nfrom :${mark}\n\n`);
  parts.push(`reset ${SCRATCH}\nfrom 0000000000000000000000000000000000000000\n\n`, "done\n");
  return parts.join("");
}

function commitCommand(commit: PlannedCommit, before: Tree): string {
  const [parent, ...others] = commit.parents;
  const changed = [...commit.tree].filter(([path, text]) => before.get(path) !== text);
  return [
    `commit ${SCRATCH}\nmark :${commit.mark}\n`,
    `author ${signature(commit.author, commit.authorAt)}\n`,
    `committer ${signature(commit.author, commit.committerAt)}\n`,
    data(commit.message),
    parent === undefined ? "" : `from :${parent}\n`,
    ...others.map((other) => `merge :${other}\n`),
    ...changed.map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
    "\n",
  ].join("");
}

function signature({ name, email }: Person, at: number): string {
  return `${name} <${email}> ${Math.floor(at / 1000)} ${ZONE}`;
}

function data(text: string): string {
  return `data ${new TextEncoder().encode(text).length}\n${text}\n`;
}
