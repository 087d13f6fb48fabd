import type { FileStatus } from "./questions.ts";
import { spellPath } from "./tree_path.ts";

/** A file as `git diff-tree --raw --numstat -z` lists it. */
export interface ListedFile {
  path: string;
  /** See `spellPath`. */
  spelledPath: string;
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
export function parseFileList(bytes: Uint8Array): ListedFile[] {
  const fields = fieldsOf(bytes);
  const files: ListedFile[] = [];
  let at = 0;
  while (fields[at]?.[0] === COLON) {
    const [oldMode, newMode, , , status] = textOf(fields[at++]).slice(1).split(" ");
    const kind = STATUS[status[0]] ?? "modified";
    const oldPath = kind === "renamed" || kind === "copied" ? textOf(fields[at++]) : null;
    const path = fields[at++];
    files.push({
      path: textOf(path),
      spelledPath: spellPath(path),
      oldPath,
      status: kind,
      oldMode: /^0+$/.test(oldMode) ? null : oldMode,
      newMode: /^0+$/.test(newMode) ? null : newMode,
      added: null,
      removed: null,
    });
  }
  for (const file of files) {
    const counts = fields[at++];
    const [added, removed, path] = counts === undefined ? [] : textOf(counts).split("\t");
    // After an empty path come the two of a rename.
    if (path === "") at += 2;
    if (added === undefined || added === "-") continue;
    file.added = Number(added);
    file.removed = Number(removed);
  }
  return files;
}

const COLON = 58;

function fieldsOf(bytes: Uint8Array): Uint8Array[] {
  const fields: Uint8Array[] = [];
  for (let start = 0, end; (end = bytes.indexOf(0, start)) >= 0; start = end + 1) {
    fields.push(bytes.subarray(start, end));
  }
  return fields;
}

/** A name may begin with what is a byte order mark elsewhere. */
function textOf(field: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(field);
}
