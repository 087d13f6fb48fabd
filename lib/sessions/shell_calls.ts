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

/** What an agent itself recorded of a shell command's effects on git. */
export interface RecordedEffects {
  commit: { hash: string; branch: string | null; amend: boolean } | null;
  /** The branch that was pushed. */
  pushed: string | null;
  /** The address of the pull request that was opened. */
  pullRequest: string | null;
}

/** Why a call did not succeed, or null if it did. */
export type CallFailure = Pick<FailureDetail, "reason" | "exitCode"> | null;

/** Adds the events of a shell command: the command itself, and the files that its heredocs write. */
export function addShellCommand<Id extends string | null>(
  session: SessionBuilder,
  context: MessageContext,
  call: { id: Id; command: string; background?: boolean },
): Omit<ShellCall, "id"> & { id: Id } {
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

/**
 * Adds the events of a shell command's result: its failure, and the commits and pushes that its output shows or the agent
 * recorded.
 */
export function addShellResult(
  session: SessionBuilder,
  context: MessageContext,
  call: ShellCall,
  { output, failure, recorded = null }: {
    output: string;
    failure: CallFailure;
    recorded?: RecordedEffects | null;
  },
): void {
  if (failure !== null && call.told) {
    session.emit(context, { kind: "failure", ...failure }, call.id);
  }
  const text = output.toWellFormed();
  addCommits(session, context, {
    printed: call.told && !call.git
      ? []
      : readCommits(text, { certain: call.git, command: call.command }),
    recorded: recorded?.commit ?? null,
    call: call.id,
  });
  const published = call.publishes ? readPublished(text) : null;
  const branch = recorded?.pushed ?? published?.branch ?? null;
  const url = recorded?.pullRequest ?? published?.url ?? null;
  if (branch !== null || url !== null) {
    session.emit(context, { kind: "published", branch, url }, call.id);
  }
}

/** Adds the commits that a command made, each once: what was recorded of one says more than what was printed of it. */
export function addCommits(
  session: SessionBuilder,
  context: MessageContext,
  { printed, recorded, call }: {
    printed: readonly PrintedCommit[];
    recorded: RecordedEffects["commit"];
    call: string | null;
  },
): void {
  const same = recorded === null
    ? undefined
    : printed.find(({ hash }) => hash.startsWith(recorded.hash) || recorded.hash.startsWith(hash));
  if (recorded !== null) {
    const { hash, branch, amend } = recorded;
    session.emit(context, {
      kind: "commit",
      hash,
      branch: branch ?? same?.branch ?? null,
      subject: same?.subject ?? null,
      amend: same?.amend ?? amend,
      source: "structured",
    }, call);
  }
  for (const commit of printed) {
    if (commit === same) continue;
    session.emit(context, { kind: "commit", ...commit, source: "output" }, call);
  }
}
