import type { StepEdit } from "./story.ts";

/** Where a commit's hash stands until git has made it: replaced when the transcript is written. */
export function hashOf(mark: number): string {
  return `⟦${mark}⟧`;
}

/** Puts hashes in the places that {@linkcode hashOf} left for them, as short as git prints them. */
export function withHashes(text: string, hashes: ReadonlyMap<number, string>): string {
  return text.replace(/⟦(\d+)⟧/g, (_, mark) => hashes.get(Number(mark))!.slice(0, 7));
}

/** What `git commit` prints. */
export function commitOutput(
  commit: { mark: number; branch: string; subject: string; root: boolean },
  files: { edits: StepEdit[]; created: string[] },
): string {
  const paths = new Set(files.edits.map((edit) => edit.path));
  const added = files.edits.reduce((sum, edit) => sum + lineCount(edit.text), 0);
  const removed = files.edits.reduce((sum, edit) => sum + lineCount(edit.instead ?? ""), 0);
  const counts = [
    `${paths.size} file${paths.size === 1 ? "" : "s"} changed`,
    ...(added > 0 ? [`${added} insertion${added === 1 ? "" : "s"}(+)`] : []),
    ...(removed > 0 ? [`${removed} deletion${removed === 1 ? "" : "s"}(-)`] : []),
  ];
  return [
    `[${commit.branch}${commit.root ? " (root-commit)" : ""} ${
      hashOf(commit.mark)
    }] ${commit.subject}`,
    ` ${counts.join(", ")}`,
    ...files.created.map((path) => ` create mode 100644 ${path}`),
  ].join("\n");
}

/** The command by which an agent commits a message of several lines. */
export function heredocCommit(message: string): string {
  return `git commit -m "$(cat <<'EOF'\n${message.trimEnd()}\nEOF\n)"`;
}

/** A word for the shell, in double quotes. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\$`]/g, "\\$&")}"`;
}

function lineCount(text: string): number {
  return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
}
