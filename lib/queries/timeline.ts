import type { CommitSize } from "../git/read/queries.ts";
import type { GitReading } from "../git/read/reading.ts";
import type { Database } from "../store/database.ts";
import type { CommitSummary } from "../store/read/commit_list.ts";
import { getRepository } from "../store/read/repositories.ts";
import type { CommitOfSession, SessionDetail } from "../store/read/session_detail.ts";
import type { SessionPrompt, WorkCounts, WorkItem } from "../store/read/session_prompts.ts";

/** What stands on a session's spine, in the order it happened. */
export type TimelineEntry =
  | { kind: "prompt"; at: number; number: number; prompt: SessionPrompt; items: WorkItem[] }
  /** `size` is null where git did not tell; `copies` are the same commit made again, by a rebase for one. */
  | {
    kind: "commit";
    at: number;
    commit: CommitOfSession;
    copies: CommitOfSession[];
    size: CommitSize | null;
  }
  /** The session rested: activities end where it did for more than half an hour. */
  | { kind: "pause"; at: number; lengthMs: number }
  | { kind: "work"; at: number; work: WorkCounts };

/** What a spine is made of. */
export type TimelineSource = Pick<
  SessionDetail,
  "activities" | "commits" | "prompts" | "startedAt" | "workBefore"
>;

/** What a spine is given besides the session. */
export interface TimelineOptions {
  /** How many prompts come before the first one shown. */
  skipped: number;
  /** When the first prompt was sent that is not shown any more, Unix milliseconds; Infinity where all are shown. */
  until: number;
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
export function layOutTimeline(
  session: TimelineSource,
  { skipped, until, itemsBetween, sizes }: TimelineOptions,
): TimelineEntry[] {
  const prompts = session.prompts.map((prompt, i): TimelineEntry => {
    const at = Date.parse(prompt.at);
    const next = session.prompts[i + 1];
    const items = hasWork(prompt.work)
      ? itemsBetween(at, next === undefined ? until : Date.parse(next.at))
      : [];
    return { kind: "prompt", at, number: skipped + i + 1, prompt, items };
  });
  const commits = withCopies(session.commits).map(([commit, ...copies]): TimelineEntry => ({
    kind: "commit",
    at: Date.parse(commit.authoredAt),
    commit,
    copies,
    size: sizes[commit.hash] ?? null,
  }));
  const from = skipped > 0 ? prompts[0]?.at ?? Infinity : -Infinity;
  const others = [...commits, ...pausesOf(session)].filter(({ at }) => at >= from && at < until);
  const before: TimelineEntry[] = skipped === 0 && hasWork(session.workBefore)
    ? [{ kind: "work", at: Date.parse(session.startedAt ?? "") || 0, work: session.workBefore }]
    : [];
  return [...before, ...prompts, ...others].sort((a, b) => a.at - b.at);
}

/** Whether anything was done. */
export function hasWork(work: WorkCounts): boolean {
  return work.edits + work.commands + work.commits + work.skills.length + work.failures > 0;
}

/** A rebase and a cherry-pick keep author time and subject: such commits are one to the reader, the surest first. */
function withCopies(commits: readonly CommitOfSession[]): CommitOfSession[][] {
  const groups = Map.groupBy(
    commits,
    (commit) => JSON.stringify([commit.repository.id, commit.authoredAt, commit.subject]),
  );
  return [...groups.values()].map((group) =>
    group.toSorted((a, b) =>
      b.confidence - a.confidence || b.committedAt.localeCompare(a.committedAt)
    )
  );
}

function pausesOf({ activities }: TimelineSource): TimelineEntry[] {
  return activities.slice(1).map((activity, i) => {
    const from = Date.parse(activities[i].endedAt);
    return { kind: "pause", at: from + 1, lengthMs: Date.parse(activity.startedAt) - from };
  });
}

/** Reads how much each of these commits changes. Of those that git cannot read nothing is told. */
export async function sizesOf(
  git: GitReading,
  store: Database,
  commits: readonly CommitSummary[],
): Promise<Record<string, CommitSize>> {
  const byRepository = Map.groupBy(commits, (commit) => commit.repository.id);
  const sizes = await Promise.all([...byRepository].map(async ([id, ofRepository]) => {
    const repository = getRepository(store, id);
    if (repository === undefined) return {};
    const { path, commonDir } = repository;
    const hashes = ofRepository.map(({ hash }) => hash);
    const answer = await git.ask({ ask: "sizes", repository: { path, commonDir }, hashes });
    return answer.kind === "ok" ? answer.value.sizes : {};
  }));
  return Object.assign({}, ...sizes);
}
