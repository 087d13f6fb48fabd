import type { EditLines } from "../../domain/session_events.ts";
import { hashLines } from "../../domain/line_hashes.ts";
import { isObject, object, path, text } from "../../text/json.ts";
import type { FileEdit } from "../apply_patch.ts";
import { diffLines, writtenLines } from "../edit_lines.ts";

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
