import { hashLine, hashLines } from "../../domain/line_hashes.ts";
import { type EditLines, NO_LINES } from "../../domain/session_events.ts";
import { isObject, type JsonObject, path } from "../../text/json.ts";
import { replacedLines, textChanges, writtenLines } from "../edit_lines.ts";

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

function concat(edits: EditLines[]): EditLines {
  return {
    added: Uint32Array.from(edits.flatMap(({ added }) => [...added])),
    removed: Uint32Array.from(edits.flatMap(({ removed }) => [...removed])),
  };
}

/**
 * The lines of a notebook's cell in both ways in which files spell them: each line a string in a list, or all of them one
 * string behind their key.
 */
function cellLines(source: string): EditLines {
  const lines = source.split("\n");
  const last = lines.length - 1;
  const listed = lines.map((line, i) =>
    i < last ? JSON.stringify(line + "\n") + "," : JSON.stringify(line)
  );
  const whole = `"source": ${JSON.stringify(source)}`;
  return { added: hashLines([...listed, whole].join("\n")), removed: new Uint32Array() };
}

/**
 * The lines of a notebook that a result shows as a whole before and after: those that changed, and those of the cell as
 * other programs will spell them when they save the notebook. Null if it shows none.
 */
export function notebookLines(result: JsonObject): EditLines | null {
  const { original_file: before, updated_file: after, new_source: source } = result;
  if (typeof before !== "string" || typeof after !== "string") return null;
  const { added, removed } = textChanges(before, after);
  const known = new Set(added);
  const others = typeof source === "string" ? cellLines(source).added : [];
  const more = [...others].filter((line) => !known.has(line));
  return { added: Uint32Array.of(...added, ...more), removed };
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

/** What a difference does to a file. */
export interface FileChange extends EditLines {
  path: string;
  movedFrom: string | null;
}

/** The most files of a difference that are read. */
const MAX_FILES = 1_000;

/**
 * Reads the files of a work tree's difference: a path and hunks each. A file that is gone while another with the same
 * lines is new was renamed.
 */
export function fileChanges(files: unknown): FileChange[] {
  if (!Array.isArray(files)) return [];
  const gone = new Map<string, string>();
  const changes: (FileChange & { created: boolean })[] = [];
  for (const file of files.slice(0, MAX_FILES)) {
    if (!isObject(file)) continue;
    const at = path(file.filePath);
    const lines = patchLines(file.hunks);
    if (at === null || lines === null) continue;
    if (file.deleted === true) gone.set(lines.removed.join(), at);
    changes.push({ path: at, movedFrom: null, ...lines, created: file.created === true });
  }
  const renamed = new Set<string>();
  for (const change of changes) {
    const from = change.created ? gone.get(change.added.join()) : undefined;
    if (from === undefined || renamed.has(from)) continue;
    renamed.add(from);
    Object.assign(change, { movedFrom: from, ...NO_LINES });
  }
  return changes.filter((change) => !renamed.has(change.path)).map(({ created: _, ...change }) =>
    change
  );
}
