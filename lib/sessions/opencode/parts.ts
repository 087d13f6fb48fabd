import { mayShowCommit } from "../../shell/git_output.ts";
import { readShellCommand } from "../../shell/effects.ts";
import { isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { parseMilliseconds } from "../../time/iso_time.ts";
import { resolvePath } from "../../text/paths.ts";
import { type FileEdit, readPatch } from "../apply_patch.ts";
import { diffLines, replacedLines, writtenLines } from "../edit_lines.ts";
import type { SkipReason } from "../reader.ts";
import type { CallFailure } from "../shell_calls.ts";
import { type MessageRecord, type MessageRef, parseRecord, type RecordUse } from "./records.ts";

/** Names of the shell's tool. */
export const SHELL_TOOLS: ReadonlySet<unknown> = new Set(["bash", "shell"]);
/** Tools whose calls make events. */
const TOOLS_OF_USE: ReadonlySet<string> = new Set([
  "bash",
  "shell",
  "edit",
  "multiedit",
  "write",
  "patch",
  "apply_patch",
  "skill",
]);

/** How the program spells parts, from the beginning: what is spelled otherwise is parsed as a whole. */
const TOOL = /^\{"type":"tool","tool":"([^"\\]+)","callID":"([^"\\]+)","state":\{/;
const COMMAND = /^"status":"completed","input":\{"command":"((?:[^"\\]|\\.){1,2000})"[,}]/;
const TIMES = /"time":\{"start":(\d{13}),"end":(\d{13})\}\}\}$/;
const OTHER =
  /^\{(?:"(?:snapshot|reason)":"[^"\\]*",){0,2}"type":"(step-start|step-finish|reasoning)"/;

/**
 * Parses a part. Of what makes no event only the type is read, and of a tool call its name and id: outputs are most of
 * what a database holds.
 */
function skimPart(json: string): JsonObject | SkipReason {
  const [head, tool, callID] = TOOL.exec(json) ?? [];
  if (head === undefined) {
    const type = OTHER.exec(json)?.[1];
    return type === undefined ? parseRecord(json) : { type };
  }
  const call = { type: "tool", tool, callID };
  if (!TOOLS_OF_USE.has(tool)) return call;
  const state = SHELL_TOOLS.has(tool) ? skimCommand(json, head.length) : null;
  return state === null ? parseRecord(json) : { ...call, state };
}

/** The state of a command that ended and neither speaks to git nor writes a file, without its output; else null. */
function skimCommand(json: string, at: number): JsonObject | null {
  const spelled = COMMAND.exec(json.slice(at, at + 2_100))?.[1];
  const parsed = parseRecord(`{"command":"${spelled ?? ""}"}`);
  const command = typeof parsed === "string" ? null : text(parsed.command);
  const [, start, end] = TIMES.exec(json.slice(-80)) ?? [];
  if (command === null || end === undefined) return null;
  // What it printed stands in its metadata once more.
  const metadata = json.lastIndexOf('","metadata":{');
  if (mayShowCommit(json.slice(0, metadata < 0 ? undefined : metadata))) return null;
  const { git, writes } = readShellCommand(command);
  if (git || writes) return null;
  const time = { start: Number(start), end: Number(end) };
  return { status: "completed", input: { command }, time };
}

/** What the program says of a call that the user or a rule refused; older versions gave it metadata all the same. */
const REFUSED = /\bThe user (?:rejected permission|has specified a rule)\b/;

/** How a tool call went. */
export interface CallState {
  /** It ran, as far as the program tells. */
  ran: boolean;
  failure: CallFailure;
  input: JsonObject;
  output: string;
  metadata: JsonObject;
  startedAt: number | null;
  endedAt: number | null;
}

/**
 * Reads the state of a tool call; null if the model has not finished it.
 *
 * A call that was refused, or waits for its permission, has no metadata of its own: a shell command gets them when it is
 * started. A command that was interrupted is `completed` without an exit code, one that was killed is `running` for ever.
 */
export function readState(part: JsonObject): CallState | null {
  const { status, input, output, error, metadata, time } = object(part.state);
  const about = object(metadata);
  const { start, end } = object(time);
  const { interrupted, ...own } = about;
  const began = Object.keys(own).length > 0;
  const state = (ran: boolean, failure: CallFailure): CallState => ({
    ran,
    failure,
    input: object(input),
    output: text(output) ?? text(error) ?? text(about.output) ?? "",
    metadata: about,
    startedAt: parseMilliseconds(start),
    endedAt: parseMilliseconds(end),
  });
  switch (status) {
    case "completed": {
      const { exit } = about;
      if (exit === null) return state(true, { reason: "interrupted", exitCode: null });
      const exitCode = Number.isSafeInteger(exit) ? exit as number : 0;
      return state(true, exitCode === 0 ? null : { reason: "failed", exitCode });
    }
    case "error":
    case "running": {
      if (!began || REFUSED.test(text(error) ?? "")) {
        return state(false, { reason: "denied", exitCode: null });
      }
      const failed = status === "error" && interrupted !== true;
      return state(true, { reason: failed ? "failed" : "interrupted", exitCode: null });
    }
    default:
      return null;
  }
}

/** What a call did to one file. */
export interface CallEdit extends FileEdit {
  /** See `EditDetail.partial`. */
  partial: boolean;
}

/** The most files that one call edits. */
const MAX_FILES = 4_096;

/** The edits of a call that succeeded. */
export function readEdits(
  tool: unknown,
  { input, metadata }: CallState,
  cwd: string | null,
): CallEdit[] {
  const target = path(input.filePath) ?? path(metadata.filepath);
  const file = target === null ? null : resolvePath(target, cwd);
  switch (tool) {
    case "write": {
      const { content } = input;
      if (file === null || typeof content !== "string") return [];
      return [{ path: file, movedFrom: null, partial: false, lines: writtenLines(content) }];
    }
    case "edit":
      return file === null ? [] : replacement(file, input, metadata);
    case "multiedit": {
      const edits = Array.isArray(input.edits) ? input.edits.map(object) : [];
      const results = Array.isArray(metadata.results) ? metadata.results.map(object) : [];
      return edits.slice(0, MAX_FILES).flatMap((edit, i) => {
        const one = path(edit.filePath) ?? target;
        return one === null ? [] : replacement(resolvePath(one, cwd), edit, results[i] ?? {});
      });
    }
    case "patch":
    case "apply_patch": {
      const files = Array.isArray(metadata.files) ? metadata.files.filter(isObject) : [];
      if (files.length === 0) return patchEdits(text(input.patchText) ?? "", cwd);
      return files.slice(0, MAX_FILES).flatMap((change) => {
        const from = path(change.filePath);
        const diff = text(change.patch) ?? text(change.diff);
        const moved = change.type === "move" ? path(change.movePath) : null;
        if (from === null || diff === null && moved === null) return [];
        return [{
          path: resolvePath(moved ?? from, cwd),
          movedFrom: moved === null ? null : resolvePath(from, cwd),
          partial: false,
          lines: diffLines(diff ?? ""),
        }];
      });
    }
    default:
      return [];
  }
}

/** The edits of a patch of which the program recorded nothing better. */
function patchEdits(patch: string, cwd: string | null): CallEdit[] {
  return readPatch(patch).map(({ path: file, movedFrom, lines }) => ({
    path: resolvePath(file, cwd),
    movedFrom: movedFrom === null ? null : resolvePath(movedFrom, cwd),
    partial: false,
    lines,
  }));
}

/** The edit by whole lines, if the program recorded how the file changed. */
function replacement(file: string, edit: JsonObject, metadata: JsonObject): CallEdit[] {
  const diff = text(object(metadata.filediff).patch) ?? text(metadata.diff);
  const at = { path: file, movedFrom: null };
  if (diff !== null) return [{ ...at, partial: false, lines: diffLines(diff) }];
  const { oldString: before, newString: after } = edit;
  if (typeof before !== "string" || typeof after !== "string") return [];
  return [{ ...at, partial: true, lines: replacedLines(before, after) }];
}

/** The name of a tool and the id of a call, if a part is one. */
export function callOf(part: JsonObject): { tool: string; call: string } | null {
  const tool = part.type === "tool" ? name(part.tool) : null;
  const call = name(part.callID);
  return tool === null || call === null ? null : { tool, call };
}

/** Puts messages and their parts together; a text is null if it is too long to be read. */
export class Assembly {
  readonly #records: Map<string, MessageRecord>;
  readonly #parsePart: (text: string) => JsonObject | SkipReason;

  constructor(refs: readonly MessageRef[], use: RecordUse) {
    this.#parsePart = use === "events" ? skimPart : parseRecord;
    this.#records = new Map(
      refs.map((ref) => [ref.id, { ref, data: null, parts: [], bytes: 0, skipped: [] }]),
    );
  }

  addMessage(id: string, text: string | null): void {
    const record = this.#records.get(id);
    if (record === undefined) return;
    record.bytes += text?.length ?? 0;
    const data = text === null ? "tooLong" : parseRecord(text);
    if (typeof data === "string") record.skipped.push(data);
    else record.data = data;
  }

  addPart(message: string, text: string | null): void {
    const record = this.#records.get(message);
    if (record === undefined) return;
    record.bytes += text?.length ?? 0;
    const part = text === null ? "tooLong" : this.#parsePart(text);
    if (typeof part === "string") record.skipped.push(part);
    else record.parts.push(part);
  }

  /** All of them, in the order of the references. */
  get records(): MessageRecord[] {
    return [...this.#records.values()];
  }
}
