import type { FileStatus } from "./questions.ts";

/** A file as `git diff-tree --raw --numstat -z` lists it. */
export interface ListedFile {
  path: string;
  oldPath: string | null;
  status: FileStatus;
  oldMode: string | null;
  newMode: string | null;
  /** null for what is not text. */
  added: number | null;
  removed: number | null;
}

const STATUS: Readonly<Record<string, FileStatus>> = {
  A: "added",
  C: "copied",
  D: "deleted",
  M: "modified",
  R: "renamed",
  T: "typeChanged",
};

/** Reads what `git diff-tree --raw --numstat -z` prints: every file twice, in the same order. */
export function parseFileList(text: string): ListedFile[] {
  const fields = text.split("\0");
  const files: ListedFile[] = [];
  let at = 0;
  while (fields[at]?.startsWith(":")) {
    const [oldMode, newMode, , , status] = fields[at++].slice(1).split(" ");
    const kind = STATUS[status[0]] ?? "modified";
    const oldPath = kind === "renamed" || kind === "copied" ? fields[at++] : null;
    files.push({
      path: fields[at++],
      oldPath,
      status: kind,
      oldMode: /^0+$/.test(oldMode) ? null : oldMode,
      newMode: /^0+$/.test(newMode) ? null : newMode,
      added: null,
      removed: null,
    });
  }
  for (const file of files) {
    const [added, removed, path] = fields[at++]?.split("\t") ?? [];
    // After an empty path come the two of a rename.
    if (path === "") at += 2;
    if (added === undefined || added === "-") continue;
    file.added = Number(added);
    file.removed = Number(removed);
  }
  return files;
}
