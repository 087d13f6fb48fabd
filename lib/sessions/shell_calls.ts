import type { FailureDetail } from "../domain/session_events.ts";
import { readShellCommand } from "../shell/effects.ts";
import { type PrintedCommit, readCommits, readPublished } from "../shell/git_output.ts";
import { readHeredocs } from "../shell/trace.ts";
import { clip } from "../text/clip.ts";
import { writtenLines } from "./edit_lines.ts";
import type { MessageContext, SessionBuilder } from "./session_builder.ts";

/** A shell command whose result has not been read yet. JSON. */
export interface ShellCall {
  id: string;
  /** Cut as in its event. */
  command: string;
  /** It made an event, so its failure is one too. */
  told: boolean;
  git: boolean;
  publishes: boolean;
}

/** Why a call did not succeed, or null if it did. */
export type CallFailure = Pick<FailureDetail, "reason" | "exitCode"> | null;

/** Adds the events of a shell command: the command itself, and the files that its heredocs write. */
export function addShellCommand(
  session: SessionBuilder,
  context: MessageContext,
  call: { id: string; command: string; background?: boolean },
): ShellCall {
  const { id, background = false } = call;
  const { git, writes, publishes } = readShellCommand(call.command);
  const told = git || writes;
  const command = clip(call.command).toWellFormed();
  if (told) session.emit(context, { kind: "command", command, background }, id);
  for (const { path, content } of readHeredocs(call.command, { cwd: context.cwd })) {
    session.emit(context, {
      kind: "edit",
      by: "command",
      path: path.toWellFormed(),
      movedFrom: null,
      partial: false,
      ...writtenLines(content),
    }, id);
  }
  return { id, command, told, git, publishes };
}

/** Adds the events of a shell command's result: its failure, and the commits and pushes that its output shows. */
export function addShellResult(
  session: SessionBuilder,
  context: MessageContext,
  call: ShellCall,
  { output, failure }: { output: string; failure: CallFailure },
): void {
  if (failure !== null && call.told) {
    session.emit(context, { kind: "failure", ...failure }, call.id);
  }
  const text = output.toWellFormed();
  for (const commit of printedCommits(call, text)) {
    session.emit(context, { kind: "commit", ...commit, source: "output" }, call.id);
  }
  const published = call.publishes ? readPublished(text) : null;
  if (published !== null) session.emit(context, { kind: "published", ...published }, call.id);
}

/** The commits that a command made, by what it printed. */
function printedCommits({ command, told, git }: ShellCall, output: string): PrintedCommit[] {
  if (told && !git) return [];
  return readCommits(output, { certain: git, command });
}
