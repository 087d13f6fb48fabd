import type { FailureDetail } from "../domain/session_events.ts";
import type { Activity } from "../domain/session_events.ts";
import type { Action, StoredEvent } from "../domain/link_facts.ts";
import { absolutePath, type PathIndex } from "../text/path_index.ts";
import {
  bringsWork,
  commitMessage,
  type CommitVerb,
  type GitCall,
  makesCommit,
  rewritesCommits,
} from "../shell/git_commands.ts";
import { type ShellTrace, traceShell } from "../shell/trace.ts";
import { basename } from "../text/paths.ts";

/** How many branches or hashes of a command are kept. */
const MAX_TARGETS = 8;

/** What a session did in one repository, and when it worked there. */
export interface SessionActivity {
  actions: Action[];
  activities: Activity[];
}

/**
 * Picks out of a session's events what it did in one repository.
 *
 * An event happened where its file lies or where its command went (`cd`, `git -C`), and only else where the session stood.
 *
 * @param events The session's events, in the order of time.
 * @param activities The session's activities, in the order of time.
 */
export function actionsIn(
  repository: number,
  { events, activities, places }: {
    events: readonly StoredEvent[];
    activities: readonly Activity[];
    places: PathIndex;
  },
): SessionActivity {
  const actions: Action[] = [];
  const seenHere: number[] = [];
  const seenElsewhere: number[] = [];
  const failures = failuresOf(events);
  const commands = new Map<string, Command>();
  const seenInWorktree = worktreeEdits(events);
  const here = (path: string | null) =>
    path !== null && places.find(path)?.repository === repository;

  for (const event of events) {
    const failure = event.call === null ? undefined : failures.get(event.call);
    const { at, event: id } = event;
    let present: boolean;
    if (event.kind === "edit") {
      const path = absolutePath(event.path, event.cwd);
      const place = path === null ? null : places.find(path);
      present = place?.repository === repository;
      const command = event.call === null ? undefined : commands.get(event.call);
      if (present && !undoes(failure) && isOwn(event, path!, { command, seenInWorktree })) {
        const { by, partial, added, removed } = event;
        const doubtfulSince = by === "worktree" && !names(command, path!)
          ? command?.at ?? at
          : null;
        actions.push({
          kind: "edit",
          at,
          event: id,
          path: place!.path,
          by,
          partial,
          doubtfulSince,
          added,
          removed,
        });
      }
    } else if (event.kind === "command") {
      const trace = traceShell(event.command, event.cwd);
      const commits = trace.git.filter(makesCommit);
      if (event.call !== null) commands.set(event.call, { at, text: event.command, trace });
      const inRepository = commits.filter(({ folder }) => here(folder));
      present = inRepository.length > 0 ||
        trace.folders.some(here) && !trace.git.some(({ folder }) => !here(folder));
      if (failure?.reason !== "denied") {
        for (const call of inRepository) {
          const ended = failure?.reason ?? "well";
          actions.push(commitAct(call, { at, event: id, ended, trace }));
        }
      }
    } else if (event.kind === "commit") {
      const calls = event.call === null ? [] : commands.get(event.call)?.trace.git ?? [];
      present = calls.length === 0
        ? here(event.cwd)
        : calls.some(({ folder }) => here(folder ?? event.cwd));
      if (present) {
        const { hash, branch, subject, amend, source } = event;
        const rebased = calls.some(rewritesCommits) && !calls.some(makesCommit);
        actions.push({
          kind: "commit",
          at,
          event: id,
          hash,
          branch,
          subject,
          amend,
          source,
          rebased,
        });
      }
    } else {
      present = here(event.cwd);
      if (present && event.kind === "skill" && failure === undefined) {
        actions.push({ kind: "skill", at, event: id, skill: event.skill });
      }
    }
    (present ? seenHere : seenElsewhere).push(at);
  }
  return { actions, activities: activitiesHere(activities, { seenHere, seenElsewhere }) };
}

/** A shell command that a session ran. */
interface Command {
  at: number;
  text: string;
  trace: ShellTrace;
}

/** The files that differences of the work tree show as edited, each with its call. */
function worktreeEdits(events: readonly StoredEvent[]): Set<string> {
  const seen = new Set<string>();
  for (const event of events) {
    if (event.kind === "edit" && event.by === "worktree") seen.add(editKey(event));
  }
  return seen;
}

function editKey({ call, path, cwd }: StoredEvent & { kind: "edit" }): string {
  return JSON.stringify([call, absolutePath(path, cwd)]);
}

/**
 * Whether an edit is the session's writing. Of what a command did to the work tree that is not what a merge or a checkout
 * brought, unless the command line itself holds what it writes to the file; and where the work tree's difference shows a
 * file, that says better what was written than the command does.
 */
function isOwn(
  event: StoredEvent & { kind: "edit" },
  path: string,
  { command, seenInWorktree }: {
    command: Command | undefined;
    seenInWorktree: ReadonlySet<string>;
  },
): boolean {
  if (event.by === "command") return !seenInWorktree.has(editKey(event));
  if (event.by !== "worktree" || command === undefined) return true;
  return !command.trace.git.some(bringsWork) ||
    command.trace.written.some((written) => written.path === path);
}

type CommitAction = Extract<Action, { kind: "commitCommand" }>;

/** Whether a command names a file. */
function names(command: Command | undefined, path: string): boolean {
  return command !== undefined && command.text.includes(basename(path));
}

/** Whether what a call edited is no evidence: it never ran, or reported a failure. */
function undoes(failure: FailureDetail | undefined): boolean {
  return failure?.reason === "denied" || failure?.reason === "failed";
}

function failuresOf(events: readonly StoredEvent[]): Map<string, FailureDetail> {
  const failures = new Map<string, FailureDetail>();
  for (const event of events) {
    if (event.kind === "failure" && event.call !== null) failures.set(event.call, event);
  }
  return failures;
}

function commitAct(
  call: GitCall,
  { at, event, ended, trace }: {
    at: number;
    event: number;
    ended: CommitAction["ended"];
    trace: ShellTrace;
  },
): Action {
  const verb = call.verb as CommitVerb;
  const base = { kind: "commitCommand", at, event, verb, ended } as const;
  if (verb === "commit") return { ...base, ...commitMessage(call, trace.written), targets: [] };
  const targets = call.args.filter((arg) => !arg.startsWith("-")).slice(0, MAX_TARGETS);
  return { ...base, subject: null, amend: false, targets };
}

/**
 * The stretches in which a session worked in one repository: whole activities where it was nowhere else, and from the
 * first to the last sign of it in those that several repositories share.
 */
function activitiesHere(
  activities: readonly Activity[],
  { seenHere, seenElsewhere }: { seenHere: readonly number[]; seenElsewhere: readonly number[] },
): Activity[] {
  const found: Activity[] = [];
  for (const { startedAt, endedAt } of activities) {
    const inside = (at: number) => at >= startedAt && at <= endedAt;
    const times = seenHere.filter(inside);
    if (times.length === 0) continue;
    if (seenElsewhere.some(inside)) {
      found.push({ startedAt: Math.min(...times), endedAt: Math.max(...times) });
    } else found.push({ startedAt, endedAt });
  }
  return found;
}
