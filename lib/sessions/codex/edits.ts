import { hashLines, hashRange } from "../../domain/line_hashes.ts";
import type { EditLines } from "../../domain/session_events.ts";
import { isObject, object, path, text } from "../../text/json.ts";
import { type FileEdit, MAX_FILES } from "../apply_patch.ts";
import { writtenLines } from "../edit_lines.ts";

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
