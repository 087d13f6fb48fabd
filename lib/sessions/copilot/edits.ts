import type { EditLines } from "../../domain/session_events.ts";
import { object, path, text } from "../../text/json.ts";
import { type FileEdit, readPatch } from "../apply_patch.ts";
import { diffLines, replacedLines, writtenLines } from "../edit_lines.ts";

/** What a call is to do to one file. */
export interface CallEdit extends FileEdit {
  /** See `EditDetail.partial`. */
  partial: boolean;
}

/** The edits of a call, by what it was called with; none if its tool does not edit. */
export function readEdits(tool: string, args: unknown): CallEdit[] {
  const input = object(args);
  if (tool === "apply_patch") {
    const patch = text(args) ?? text(input.input) ?? text(input.patch) ?? "";
    return readPatch(patch).map((edit) => ({ ...edit, partial: false }));
  }
  const file = path(input.path);
  const kind = tool === "str_replace_editor" ? input.command : tool;
  const written = typeof input.file_text === "string" ? input.file_text : null;
  const after = typeof input.new_str === "string" ? input.new_str : null;
  if (file === null) return [];
  if (kind === "create" && written !== null) {
    return [{ path: file, movedFrom: null, partial: false, lines: writtenLines(written) }];
  }
  if (kind === "insert" && after !== null) {
    return [{ path: file, movedFrom: null, partial: false, lines: writtenLines(after) }];
  }
  if ((kind === "edit" || kind === "str_replace") && after !== null) {
    const lines = replacedLines(text(input.old_str) ?? "", after);
    return [{ path: file, movedFrom: null, partial: true, lines }];
  }
  return [];
}

/**
 * The lines of an edit, which are whole ones, by the diff in its result; null if that shows none, or is of several
 * files. The diff of a new file has an empty line too many.
 */
export function readLines(result: unknown): EditLines | null {
  const diff = text(object(result).detailedContent) ?? "";
  if (diff.split("\ndiff --git ").length > 2 || /^(?:---|\+\+\+) .*\/dev\/null$/m.test(diff)) {
    return null;
  }
  const lines = diffLines(diff);
  return lines.added.length + lines.removed.length === 0 ? null : lines;
}
