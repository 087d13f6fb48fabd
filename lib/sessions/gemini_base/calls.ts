import { type JsonObject, name, path, text } from "../../text/json.ts";
import { resolvePath } from "../../text/paths.ts";
import type { MessageContext, SessionBuilder } from "../session_builder.ts";
import {
  addShellCommand,
  addShellResult,
  type CallFailure,
  type ShellCall,
} from "../shell_calls.ts";
import type { FileEdit } from "./results.ts";

const SHELL_TOOL = "run_shell_command";
const EDIT_TOOLS = new Set(["write_file", "replace", "edit", "notebook_edit"]);
const SKILL_TOOLS = new Set(["activate_skill", "skill"]);

/** Whether calls of a tool may make events; all others are only counted. */
export function makesEvents(tool: string): boolean {
  return tool === SHELL_TOOL || EDIT_TOOLS.has(tool) || SKILL_TOOLS.has(tool);
}

/** A tool call, as an answer of the model holds it. */
export interface ToolCall {
  id: string;
  tool: string;
  args: JsonObject;
}

/** A call whose result has not been read yet. JSON. */
export type MadeCall =
  /** `cwd`: the folder that the command was called in. */
  | { kind: "shell"; cwd: string | null } & ShellCall
  | { kind: "edit"; id: string }
  | { kind: "skill" | "other"; id: string };

/** What came of a call. */
export interface CallOutcome {
  failure: CallFailure;
  /** What a command printed. */
  output: string;
}

/** Adds the events of a call itself, whatever its outcome: a command, what its heredocs write, a skill. */
export function addCall(
  session: SessionBuilder,
  context: MessageContext,
  { id, tool, args }: ToolCall,
): MadeCall {
  session.countTool(tool);
  if (tool === SHELL_TOOL) {
    const folder = path(args.dir_path) ?? path(args.directory);
    const cwd = folder === null ? context.cwd : resolvePath(folder, context.cwd);
    const command = text(args.command) ?? "";
    const background = args.is_background === true;
    const call = addShellCommand(session, { ...context, cwd }, { id, command, background });
    return { kind: "shell", cwd, ...call };
  }
  if (EDIT_TOOLS.has(tool)) return { kind: "edit", id };
  const skill = SKILL_TOOLS.has(tool) ? name(args.name) ?? name(args.skill) : null;
  if (skill === null) return { kind: "other", id };
  session.emit(context, { kind: "skill", skill: skill.replace(/^\//, "") }, id);
  return { kind: "skill", id };
}

/** Adds the events of a call's outcome: its failure, and the commits and pushes that a command printed. */
export function addOutcome(
  session: SessionBuilder,
  context: MessageContext,
  call: MadeCall,
  outcome: CallOutcome,
): void {
  if (call.kind === "shell") {
    return addShellResult(session, { ...context, cwd: call.cwd }, call, outcome);
  }
  if (call.kind !== "skill" || outcome.failure === null) return;
  session.emit(context, { kind: "failure", ...outcome.failure }, call.id);
}

/** Adds an edit that happened. */
export function addEdit(
  session: SessionBuilder,
  context: MessageContext,
  call: string,
  { path: file, lines, partial }: FileEdit,
): void {
  session.emit(context, {
    kind: "edit",
    by: "tool",
    path: resolvePath(file, context.cwd),
    movedFrom: null,
    partial,
    ...lines,
  }, call);
}

/** Adds a shell command that the user ran, and what it printed. Its call has the message's id. */
export function addUserCommand(
  session: SessionBuilder,
  context: MessageContext,
  { id, command, output }: { id: string; command: string; output: string },
): void {
  const call = addShellCommand(session, context, { id, command });
  addShellResult(session, context, call, { output, failure: null });
}
