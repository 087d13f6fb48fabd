import type { EditLines } from "../domain/session_events.ts";
import { hashLine, hashLines, hashRange } from "../domain/line_hashes.ts";
import { isObject, type JsonObject } from "../text/json.ts";

/** The lines of a replacement, without those that both texts have. */
export function replacedLines(before: string, after: string): EditLines {
  const removed = hashLines(before);
  const added = hashLines(after);
  if (before === "") return { added, removed: new Uint32Array() };
  return without(added, removed);
}

/** The lines of a text that a tool wrote as a whole. */
export function writtenLines(content: string): EditLines {
  return { added: hashLines(content), removed: new Uint32Array() };
}

/** The lines of a notebook's cell, spelled as the notebook's file spells them. */
function cellLines(source: string): EditLines {
  const lines = source.split("\n");
  const last = lines.length - 1;
  const spelled = lines.map((line, i) =>
    i < last ? JSON.stringify(line + "\n") + "," : JSON.stringify(line)
  );
  return { added: hashLines(spelled.join("\n")), removed: new Uint32Array() };
}

/** The lines of a tool result's `structuredPatch`, which are whole ones; null where it is no patch. */
export function patchLines(patch: unknown): EditLines | null {
  if (!Array.isArray(patch) || patch.length === 0) return null;
  const added: number[] = [];
  const removed: number[] = [];
  for (const hunk of patch) {
    if (!isObject(hunk) || !Array.isArray(hunk.lines)) return null;
    for (const line of hunk.lines) {
      if (typeof line !== "string") return null;
      if (line.startsWith("+")) added.push(hashLine(line.slice(1)));
      else if (line.startsWith("-")) removed.push(hashLine(line.slice(1)));
    }
  }
  return { added: Uint32Array.from(added), removed: Uint32Array.from(removed) };
}

/**
 * How to tell the lines of an editing tool's input, by the tool's name; null where its input is of another shape. Most
 * need not be told, since the result has a patch.
 */
export function inputLines(tool: string, input: JsonObject): (() => EditLines) | null {
  switch (tool) {
    case "Edit":
      return replacement(input);
    case "MultiEdit": {
      if (!Array.isArray(input.edits)) return null;
      const edits = input.edits.map((edit) => isObject(edit) ? replacement(edit) : null);
      return () => concat(edits.flatMap((edit) => edit === null ? [] : [edit()]));
    }
    case "Write": {
      const { content } = input;
      return typeof content === "string" ? () => writtenLines(content) : null;
    }
    case "NotebookEdit": {
      const { new_source: source } = input;
      return typeof source === "string" ? () => cellLines(source) : null;
    }
    default:
      return null;
  }
}

function replacement(edit: JsonObject): (() => EditLines) | null {
  const { old_string: before, new_string: after } = edit;
  return typeof before === "string" && typeof after === "string"
    ? () => replacedLines(before, after)
    : null;
}

function without(added: Uint32Array, removed: Uint32Array): EditLines {
  const left = new Map<number, number>();
  for (const hash of removed) left.set(hash, (left.get(hash) ?? 0) + 1);
  const onlyAdded = added.filter((hash) => {
    const count = left.get(hash) ?? 0;
    if (count > 0) left.set(hash, count - 1);
    return count === 0;
  });
  const onlyRemoved = removed.filter((hash) => {
    const count = left.get(hash) ?? 0;
    if (count > 0) left.set(hash, count - 1);
    return count > 0;
  });
  return { added: onlyAdded, removed: onlyRemoved };
}

function concat(edits: EditLines[]): EditLines {
  return {
    added: Uint32Array.from(edits.flatMap(({ added }) => [...added])),
    removed: Uint32Array.from(edits.flatMap(({ removed }) => [...removed])),
  };
}

const PLUS = 43;
const MINUS = 45;

/** The lines of a unified diff of one file, which are whole ones; its header may be missing. */
export function diffLines(diff: string): EditLines {
  const added: number[] = [];
  const removed: number[] = [];
  const header = diff.startsWith("@@") ? 0 : diff.indexOf("\n@@") + 1;
  for (let start = header; start < diff.length;) {
    const newline = diff.indexOf("\n", start);
    const end = newline < 0 ? diff.length : newline;
    const sign = diff.charCodeAt(start);
    if (sign === PLUS) added.push(hashRange(diff, { start: start + 1, end }));
    else if (sign === MINUS) removed.push(hashRange(diff, { start: start + 1, end }));
    start = end + 1;
  }
  return { added: Uint32Array.from(added), removed: Uint32Array.from(removed) };
}

/** The lines of an edit but for those that other edits wrote or replaced. */
export function withoutLines(lines: EditLines, others: readonly EditLines[]): EditLines {
  const rest = (key: "added" | "removed") => {
    const counts = new Map<number, number>();
    for (const other of others) {
      for (const hash of other[key]) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    }
    return lines[key].filter((hash) => {
      const left = counts.get(hash) ?? 0;
      counts.set(hash, left - 1);
      return left <= 0;
    });
  };
  return { added: rest("added"), removed: rest("removed") };
}
