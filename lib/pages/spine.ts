import type { CommitSize } from "../git/questions.ts";
import type { CommitOfSession, SessionDetail } from "../store/views/session_detail.ts";
import type { WorkItem } from "../store/views/work_items.ts";
import type { SessionPrompt, WorkCounts } from "../store/views/session_prompts.ts";

/** What stands on a session's spine, in the order it happened. */
export type SpineEntry =
  | { kind: "prompt"; at: number; number: number; prompt: SessionPrompt; items: WorkItem[] }
  /** `size` is null where git did not tell. */
  | { kind: "commit"; at: number; commit: CommitOfSession; size: CommitSize | null }
  /** The session rested: activities end where it did for more than half an hour. */
  | { kind: "pause"; at: number; lengthMs: number }
  | { kind: "work"; at: number; work: WorkCounts };

/** What a spine is made of. */
export type SpineSource = Pick<
  SessionDetail,
  "activities" | "commits" | "nextPrompts" | "prompts" | "startedAt" | "workBefore"
>;

/** What a spine is given besides the session. */
export interface SpineOptions {
  /** How many prompts come before the first one shown. */
  skipped: number;
  /** What was done in a stretch of time. */
  itemsBetween: (from: number, to: number) => WorkItem[];
  /** How much each commit changes, by hash. */
  sizes: Record<string, CommitSize>;
}

/**
 * Lays prompts, commits and pauses of a session out in time. Where there are more prompts than are shown, only what
 * falls between those shown is laid out.
 *
 * @param skipped How many prompts come before the first one shown.
 */
export function layOutSpine(
  session: SpineSource,
  { skipped, itemsBetween, sizes }: SpineOptions,
): SpineEntry[] {
  const prompts = session.prompts.map((prompt, i): SpineEntry => {
    const at = Date.parse(prompt.at);
    const next = session.prompts[i + 1];
    const items = hasWork(prompt.work)
      ? itemsBetween(at, next === undefined ? Infinity : Date.parse(next.at))
      : [];
    return { kind: "prompt", at, number: skipped + i + 1, prompt, items };
  });
  const commits = session.commits.map((commit): SpineEntry => ({
    kind: "commit",
    at: Date.parse(commit.authoredAt),
    commit,
    size: sizes[commit.hash] ?? null,
  }));
  const from = skipped > 0 ? prompts[0]?.at ?? Infinity : -Infinity;
  const to = session.nextPrompts === null ? Infinity : prompts.at(-1)?.at ?? -Infinity;
  const others = [...commits, ...pausesOf(session)].filter(({ at }) => at >= from && at < to);
  const before: SpineEntry[] = skipped === 0 && hasWork(session.workBefore)
    ? [{ kind: "work", at: Date.parse(session.startedAt ?? "") || 0, work: session.workBefore }]
    : [];
  return [...before, ...prompts, ...others].sort((a, b) => a.at - b.at);
}

/** Whether anything was done. */
export function hasWork(work: WorkCounts): boolean {
  return work.edits + work.commands + work.commits + work.skills.length + work.failures > 0;
}

function pausesOf({ activities }: SpineSource): SpineEntry[] {
  return activities.slice(1).map((activity, i) => {
    const from = Date.parse(activities[i].endedAt);
    return { kind: "pause", at: from + 1, lengthMs: Date.parse(activity.startedAt) - from };
  });
}
