import type { CommitFacts } from "../../domain/link_facts.ts";
import { DAY_MS } from "../../time/days.ts";
import type { ContentIndex, Line, MatchedCommit, Writing } from "./line_index.ts";

/** git keeps whole seconds. */
const SECOND_MS = 1_000;
/** What a line in another file is worth: it may have been moved there, or just be alike. */
export const OTHER_FILE_WEIGHT = 0.15;
/** What a line is worth that an earlier commit had already: this one moved it, or brought it back. */
const LANDED = 0.15;
/** Within this time a written line is committed as a rule; in twice the time it is worth two thirds, and so on. */
const FRESH_MS = 7 * DAY_MS;

/** How long after the commit's time a line may have been written all the same: clocks are read at different moments. */
export const SLACK_MS = 60_000;
/** A session that may have written a line. */
export interface Writer {
  session: number;
  /** What the line is worth as its. */
  factor: number;
  /** It wrote it in the same file. */
  same: boolean;
  writing: Writing;
}

/** Tells of a writing whether commits on the way to this one have the line already as often as its session wrote it. */
export function landedTest(
  { index, landings }: Pick<MatchedCommit, "index" | "landings">,
  { hash, line, latest }: { hash: number; line: Line; latest: number },
): (writing: Writing) => boolean {
  if (line.commits === null || line.commits.length < 2) return () => false;
  let times: number[] | null = null;
  const left = new Map<number, number>();
  return ({ session, at }) => {
    times ??= landings(line.commits!);
    let landed = 0;
    while (landed < times.length && times[landed] + SECOND_MS >= at) landed++;
    if (landed === 0) return false;
    let written = left.get(session);
    if (written === undefined) {
      left.set(session, written = timesLeft(index, { hash, session, by: latest }));
    }
    return landed >= written;
  };
}

/** How often a line stands in the files by a session's doing: what it wrote less what it took away again. */
function timesLeft(
  index: ContentIndex,
  { hash, ...when }: { hash: number; session: number; by: number },
): number {
  return index.added.timesWritten(hash, when) - index.removed.timesWritten(hash, when);
}

/** The sessions that may have written a line of a file, each with the edit that says most. */
export function writersOf(
  writings: readonly Writing[],
  { isOfFile, commit, latest, otherFile, landed, committedAt }: {
    isOfFile: (path: string) => boolean;
    commit: CommitFacts;
    latest: number;
    otherFile: boolean;
    landed: (writing: Writing) => boolean;
    /** When a commit first had a line that was written at a time. */
    committedAt: (at: number) => number;
  },
): Writer[] {
  const writers: Writer[] = [];
  for (const writing of writings) {
    const { session, at, path } = writing;
    if (at > latest) continue;
    const same = isOfFile(path);
    if (!same && !otherFile) continue;
    const gap = Math.max(0, commit.authorAt - at);
    const before = landed(writing);
    // What waits on a branch for its squash was committed when the branch was.
    const age = gap < DAY_MS || !same || before
      ? gap
      : Math.max(0, committedAt(at - SECOND_MS) - at);
    const factor = (same ? 1 : OTHER_FILE_WEIGHT) / (1 + age / FRESH_MS) * (before ? LANDED : 1);
    const known = writers.find((writer) => writer.session === session);
    if (known === undefined) writers.push({ session, factor, same, writing });
    else if (factor > known.factor) {
      known.factor = factor;
      known.same = same;
      known.writing = writing;
    }
  }
  return writers;
}
