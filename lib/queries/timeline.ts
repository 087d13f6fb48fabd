import type { CommitSize } from "../git/read/queries.ts";
import type { Reads } from "../store/reads.ts";
import { iso } from "../store/read/page.ts";
import { PROMPTS_AT_ONCE } from "../store/read/session_prompts.ts";
import type {
  CommitOfSession,
  CommitSummary,
  SessionDetail,
  WorkCounts,
  WorkItem,
} from "../store/shapes.ts";
import { defineQuery, type QueryContext } from "./query.ts";
import { locationOf } from "./repository_reading.ts";
import type { TimelineEntry } from "./schemas.ts";
import { noSession } from "./sessions.ts";

/** A session, and in order what it was asked, what it did and committed. */
export const timeline = defineQuery("timeline", async (context, { id, prompts = 0, prompt }) => {
  const { reads } = context;
  const place = prompt === undefined ? undefined : await reads.placeOfPrompt(id, prompt);
  const skipped = place === undefined ? prompts : place.before - place.before % PROMPTS_AT_ONCE;
  const session = await reads.session(id, { skipPrompts: skipped }) ?? noSession();
  const entries = layOutTimeline(session, {
    skipped,
    ...await workOf(reads, session),
    sizes: await sizesOf(context, session.commits),
  });
  return { session, skipped, entries };
});

/** What was done after each of a session's prompts, and when the first prompt was sent that is not among them. */
async function workOf(
  reads: Reads,
  { sessionId, prompts }: Pick<SessionDetail, "sessionId" | "prompts">,
): Promise<Pick<TimelineOptions, "items" | "until">> {
  const last = prompts.at(-1);
  const until = (last && (await reads.placeOfPrompt(sessionId, last.id))?.nextAt) ?? Infinity;
  const starts = [...prompts.map(({ at }) => Date.parse(at)), until];
  const busy = prompts.flatMap(({ work }, i) => hasWork(work) ? [i] : []);
  const found = await reads.workItems(
    sessionId,
    busy.map((i) => ({ from: starts[i], to: starts[i + 1] })),
  );
  const items: WorkItem[][] = prompts.map(() => []);
  busy.forEach((prompt, i) => items[prompt] = found[i]);
  return { items, until };
}

/** What a timeline is made of. */
export type TimelineSource = Pick<
  SessionDetail,
  "activities" | "commits" | "prompts" | "startedAt" | "workBefore"
>;

/** What a timeline is given besides the session. */
export interface TimelineOptions {
  /** How many prompts come before the first one shown. */
  skipped: number;
  /** When the first prompt was sent that is not shown any more, Unix milliseconds; Infinity where all are shown. */
  until: number;
  /** What was done after each prompt, in the order of the prompts. */
  items: readonly WorkItem[][];
  /** How much each commit changes, by hash. */
  sizes: Record<string, CommitSize>;
}

/**
 * Lays prompts, commits and pauses of a session out in time. Where there are more prompts than are shown, only what
 * falls between those shown is laid out.
 */
export function layOutTimeline(
  session: TimelineSource,
  { skipped, until, items, sizes }: TimelineOptions,
): TimelineEntry[] {
  const prompts = session.prompts.map((prompt, i): TimelineEntry => ({
    kind: "prompt",
    at: prompt.at,
    number: skipped + i + 1,
    prompt,
    items: items[i] ?? [],
  }));
  const commits = withCopies(session.commits).map(([commit, ...copies]): TimelineEntry => ({
    kind: "commit",
    at: commit.authoredAt,
    commit,
    copies,
    size: sizes[commit.hash] ?? null,
  }));
  const from = skipped === 0 ? -Infinity : prompts.length === 0 ? Infinity : timeOf(prompts[0]);
  const others = [...commits, ...pausesOf(session)].filter((entry) =>
    timeOf(entry) >= from && timeOf(entry) < until
  );
  const before: TimelineEntry[] = skipped === 0 && hasWork(session.workBefore)
    ? [{ kind: "work", at: session.startedAt ?? iso(0), work: session.workBefore }]
    : [];
  return [...before, ...prompts, ...others].sort((a, b) => timeOf(a) - timeOf(b));
}

function timeOf({ at }: TimelineEntry): number {
  return Date.parse(at);
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
    return { kind: "pause", at: iso(from + 1), lengthMs: Date.parse(activity.startedAt) - from };
  });
}

/** Reads how much each of these commits changes; those that git cannot read are left out. */
async function sizesOf(
  { git, reads }: QueryContext,
  commits: readonly CommitSummary[],
): Promise<Record<string, CommitSize>> {
  if (git === null) return {};
  const byRepository = Map.groupBy(commits, (commit) => commit.repository.id);
  const sizes = await Promise.all([...byRepository].map(async ([id, ofRepository]) => {
    const repository = await reads.repository(id);
    if (repository === undefined) return {};
    const hashes = ofRepository.map(({ hash }) => hash);
    const answer = await git.ask({ ask: "sizes", repository: locationOf(repository), hashes });
    return answer.kind === "ok" ? answer.value.sizes : {};
  }));
  return Object.assign({}, ...sizes);
}
