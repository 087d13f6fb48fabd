import { headerPath, sidePath, unquote } from "./diff_parser.ts";

/** A line of a patch: with the number that it has before and after, where it is there. */
export interface PatchLine {
  mark: "+" | "-" | " ";
  text: string;
  before: number | null;
  after: number | null;
}

/** Neighbouring lines of a patch. */
export interface PatchHunk {
  /** What git found to stand above it, such as a function's head. */
  heading: string;
  lines: PatchLine[];
}

/** What a commit did to a file. */
export interface PatchFile {
  path: string;
  /** What it was called before, where it was renamed or copied. */
  oldPath: string | null;
  change: "added" | "deleted" | "renamed" | "copied" | "changed";
  binary: boolean;
  added: number;
  removed: number;
  hunks: PatchHunk[];
  /** Whether there are more lines than are kept. */
  cut: boolean;
}

/** How much of a patch is kept. */
export const PATCH_LIMITS = { files: 300, linesOfFile: 2_000, lines: 8_000, lineLength: 2_000 };

/** Reads what `git diff-tree -p` prints, and keeps as much as a page can show. */
export function parsePatch(text: string): { files: PatchFile[]; cut: boolean } {
  const files: PatchFile[] = [];
  let file: PatchFile | null = null;
  let hunk: PatchHunk | null = null;
  let before = 0;
  let after = 0;
  let beforeLeft = 0;
  let afterLeft = 0;
  let kept = 0;
  for (const line of text.split("\n")) {
    if (beforeLeft > 0 || afterLeft > 0) {
      const mark = line[0] ?? " ";
      if (mark === "\\") continue;
      const isOld = mark !== "+";
      const isNew = mark !== "-";
      if (mark === "+") file!.added++;
      if (mark === "-") file!.removed++;
      if (hunk !== null && (hasRoom(file!) && kept < PATCH_LIMITS.lines)) {
        kept++;
        hunk.lines.push({
          mark: mark === "+" || mark === "-" ? mark : " ",
          text: line.slice(1, PATCH_LIMITS.lineLength).replace(/\r$/, ""),
          before: isOld ? before : null,
          after: isNew ? after : null,
        });
      } else file!.cut = true;
      if (isOld) (before++, beforeLeft--);
      if (isNew) (after++, afterLeft--);
      continue;
    }
    if (line.startsWith("diff --git ")) {
      hunk = null;
      file = {
        path: headerPath(line),
        oldPath: null,
        change: "changed",
        binary: false,
        added: 0,
        removed: 0,
        hunks: [],
        cut: false,
      };
      if (files.length < PATCH_LIMITS.files) files.push(file);
      else return { files, cut: true };
    } else if (file === null || line === "\\ No newline at end of file") {
      continue;
    } else if (line.startsWith("@@ ")) {
      const range = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/.exec(line);
      if (range === null) continue;
      before = Number(range[1]);
      beforeLeft = Number(range[2] ?? 1);
      after = Number(range[3]);
      afterLeft = Number(range[4] ?? 1);
      hunk = { heading: range[5].slice(0, 200), lines: [] };
      if (hasRoom(file)) file.hunks.push(hunk);
    } else readHeader(file, line);
  }
  return { files, cut: files.some((it) => it.cut) };
}

function hasRoom(file: PatchFile): boolean {
  return file.hunks.reduce((sum, { lines }) => sum + lines.length, 0) < PATCH_LIMITS.linesOfFile;
}

function readHeader(file: PatchFile, line: string): void {
  if (line.startsWith("new file mode")) file.change = "added";
  else if (line.startsWith("deleted file mode")) file.change = "deleted";
  else if (line.startsWith("rename from ")) renamed(file, "renamed", line.slice(12));
  else if (line.startsWith("copy from ")) renamed(file, "copied", line.slice(10));
  else if (line.startsWith("rename to ")) file.path = unquote(line.slice(10));
  else if (line.startsWith("copy to ")) file.path = unquote(line.slice(8));
  else if (line.startsWith("Binary files ") || line === "GIT binary patch") file.binary = true;
  else if (line.startsWith("+++ ")) file.path = sidePath(line.slice(4)) ?? file.path;
  else if (line.startsWith("--- ") && file.path === "") file.path = sidePath(line.slice(4)) ?? "";
}

function renamed(file: PatchFile, change: "renamed" | "copied", from: string): void {
  file.change = change;
  file.oldPath = unquote(from);
}
