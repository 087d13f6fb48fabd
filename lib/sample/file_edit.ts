import type { StepEdit } from "./story.ts";

/** A hunk as the tools report it. */
export interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  lines: string[];
}

/** An edit with what it did to its file. */
export interface AppliedEdit {
  path: string;
  /** The file before, or null where the edit made it. */
  before: string | null;
  after: string;
  oldText: string;
  newText: string;
  hunk: Hunk | null;
}

const CONTEXT = 3;

/**
 * Applies an edit to a file.
 *
 * @throws {Error} If the text to replace is not there exactly once: the story is wrong then.
 */
export function applyEdit(before: string | null, edit: StepEdit): AppliedEdit {
  const { path } = edit;
  if (before === null) {
    const after = edit.text.replace(/^\n+/, "");
    return { path, before, after, oldText: "", newText: after, hunk: null };
  }
  const oldText = edit.instead ?? uniqueEnd(before);
  const start = before.indexOf(oldText);
  if (start < 0 || before.indexOf(oldText, start + 1) >= 0) {
    throw new Error(`Cannot tell the sample's story: ${path} does not hold once: ${oldText}`);
  }
  const gap = edit.instead !== undefined || edit.text.startsWith("\n") ? "" : "\n";
  const newText = edit.instead === undefined ? oldText + gap + edit.text : edit.text;
  const after = before.slice(0, start) + newText + before.slice(start + oldText.length);
  return {
    path,
    before,
    after,
    oldText,
    newText,
    hunk: hunkOf(before, { start, oldText, newText }),
  };
}

/** The shortest end of a file, in whole lines, that stands nowhere else in it. */
function uniqueEnd(text: string): string {
  let start = text.lastIndexOf("\n", text.length - 2) + 1;
  while (start > 0 && text.indexOf(text.slice(start)) !== start) {
    start = text.lastIndexOf("\n", start - 2) + 1;
  }
  return text.slice(start);
}

function hunkOf(
  before: string,
  change: { start: number; oldText: string; newText: string },
): Hunk {
  const linesBefore = before.slice(0, change.start).split("\n").slice(0, -1);
  const linesAfter = before.slice(change.start + change.oldText.length).split("\n").slice(0, -1);
  const removed = change.oldText.replace(/\n$/, "").split("\n");
  const added = change.newText.replace(/\n$/, "").split("\n");
  const head = linesBefore.slice(-CONTEXT);
  const tail = linesAfter.slice(0, CONTEXT);
  const first = linesBefore.length - head.length + 1;
  return {
    oldStart: first,
    oldLines: head.length + removed.length + tail.length,
    newStart: first,
    newLines: head.length + added.length + tail.length,
    lines: [
      ...head.map((line) => ` ${line}`),
      ...removed.map((line) => `-${line}`),
      ...added.map((line) => `+${line}`),
      ...tail.map((line) => ` ${line}`),
    ],
  };
}
