import type { EditLines } from "../../domain/session_events.ts";
import { hashLine, hashLines, hashRange } from "../../domain/line_hashes.ts";
import { isObject, object, path, text } from "../../text/json.ts";
import { replacedLines, writtenLines } from "../edit_lines.ts";

/** What a patch does to one file. */
export interface FileEdit {
  /** As the patch spells it; the new one if it moved. */
  path: string;
  movedFrom: string | null;
  lines: EditLines;
}

/** The most files that one patch edits. */
const MAX_FILES = 4_096;

/**
 * Reads the changes that Codex recorded of a patch it applied: `{PATH: change}`, a change's type being a field or, in
 * older records, the key around it.
 */
export function readChanges(changes: unknown): FileEdit[] {
  return Object.entries(object(changes)).slice(0, MAX_FILES).flatMap(([key, value]) => {
    const file = path(key);
    const change = object(value);
    const [kind, detail] = typeof change.type === "string"
      ? [change.type, change]
      : Object.entries(change).find(([, inner]) => isObject(inner)) ?? ["", {}];
    const lines = changeLines(kind, object(detail));
    if (file === null || lines === null) return [];
    const moved = path(object(detail).move_path);
    const movedFrom = moved === null || moved === file ? null : file;
    return [{ path: moved ?? file, movedFrom, lines }];
  });
}

function changeLines(kind: string, change: Record<string, unknown>): EditLines | null {
  const content = typeof change.content === "string" ? change.content : null;
  if (kind === "add") return content === null ? null : writtenLines(content);
  if (kind === "delete") return { added: new Uint32Array(), removed: hashLines(content ?? "") };
  const diff = text(change.unified_diff);
  if (kind !== "update" || diff === null && path(change.move_path) === null) return null;
  return diffLines(diff ?? "");
}

const PLUS = 43;
const MINUS = 45;

/** The lines of a diff that is hunks alone: every line of it that begins with `+` or `-` is one of the file's. */
function diffLines(diff: string): EditLines {
  const added: number[] = [];
  const removed: number[] = [];
  for (let start = 0; start < diff.length;) {
    const next = diff.indexOf("\n", start);
    const end = next < 0 ? diff.length : next;
    const sign = diff.charCodeAt(start);
    if (sign === PLUS) added.push(hashRange(diff, { start: start + 1, end }));
    else if (sign === MINUS) removed.push(hashRange(diff, { start: start + 1, end }));
    start = end + 1;
  }
  return { added: new Uint32Array(added), removed: new Uint32Array(removed) };
}

const BEGIN = "*** Begin Patch";
const END = "*** End Patch";
const FILE = /^\*\*\* (Add|Delete|Update) File: (.+)$/;
const MOVE = /^\*\*\* Move to: (.+)$/;

/** Reads a patch in the model's own notation, for versions that recorded nothing better. */
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
