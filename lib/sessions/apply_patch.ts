import { hashLine } from "../domain/line_hashes.ts";
import type { EditLines } from "../domain/session_events.ts";
import { path } from "../text/json.ts";
import { replacedLines, writtenLines } from "./edit_lines.ts";

/** What a patch does to one file. */
export interface FileEdit {
  /** As the patch spells it; the new one if it moved. */
  path: string;
  movedFrom: string | null;
  lines: EditLines;
}

/** The most files that one patch edits. */
export const MAX_FILES = 4_096;

const BEGIN = "*** Begin Patch";
const END = "*** End Patch";
const FILE = /^\*\*\* (Add|Delete|Update) File: (.+)$/;
const MOVE = /^\*\*\* Move to: (.+)$/;

/** Reads a patch in the notation of the tool `apply_patch`, which models of OpenAI write. */
export function readPatch(patch: string): FileEdit[] {
  const edits: FileEdit[] = [];
  const lines = patch.split("\n");
  let at = lines.findIndex((line) => line.trim() === BEGIN) + 1;
  while (at > 0 && at < lines.length && lines[at].trim() !== END && edits.length < MAX_FILES) {
    const [, kind, file] = FILE.exec(lines[at].trimEnd()) ?? [];
    at++;
    if (file === undefined) continue;
    const moved = MOVE.exec(lines[at]?.trimEnd() ?? "")?.[1];
    const added: string[] = [];
    const removed: string[] = [];
    for (; at < lines.length && !isHeading(lines[at]); at++) {
      if (lines[at].startsWith("+")) added.push(lines[at].slice(1));
      else if (lines[at].startsWith("-")) removed.push(lines[at].slice(1));
    }
    const target = path((moved ?? file).trim());
    if (target === null) continue;
    const movedFrom = moved === undefined ? null : path(file.trim());
    edits.push({ path: target, movedFrom, lines: patchedLines(kind, added, removed) });
  }
  return edits;
}

function isHeading(line: string): boolean {
  return FILE.test(line.trimEnd()) || line.trim() === END;
}

function patchedLines(kind: string, added: string[], removed: string[]): EditLines {
  if (kind === "Add") return writtenLines(added.join("\n"));
  if (added.length > 0 && removed.length > 0) {
    return replacedLines(removed.join("\n"), added.join("\n"));
  }
  return {
    added: Uint32Array.from(added, hashLine),
    removed: Uint32Array.from(removed, hashLine),
  };
}
