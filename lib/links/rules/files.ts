import type { Claim, LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";
import type { Activity } from "../facts.ts";
import { isGenerated, sameFile } from "../files.ts";
import { type HandMade, handMadeStrength, type Touched } from "../hand_made.ts";
import { Landings } from "../landings.ts";
import { basename } from "../paths.ts";
import { isRevert } from "../subjects.ts";
import { firstAfter } from "../time_index.ts";

/** How long after an activity's end a commit may still be of its edits. */
const AFTER_MS = 30 * 60_000;
/** How long an edit may wait for the first commit that touches its file. */
const WAITING_MS = 24 * 3_600_000;
/** How long a session's lines say who goes on with them. */
const NEAR_MS = 24 * 3_600_000;
/** git keeps whole seconds. */
const SECOND_MS = 1_000;

/** The most file names that a link's evidence lists. */
const MAX_FILES = 8;

interface FileEdit {
  session: number;
  path: string;
  at: number;
  /** When the session was at work on it. */
  activity: Activity;
}

/**
 * The commit touches files that the session edited in an activity that ended at most 30 minutes before, or that wait for
 * a commit since the session edited them; or it takes away, changes or adds to lines that the session wrote in the day
 * before.
 */
export const files: LinkRule = { rule: "files", prepare };

function prepare(context: LinkContext): (commit: number) => Claim[] {
  const edits = editsByName(context);
  const landings = new Landings(context);
  return (commit) => {
    const facts = context.commit(commit);
    const paths = facts.parents.length > 1 ? [] : context.paths(commit) ?? [];
    if (paths.length === 0) return [];
    const touched = new Map<number, Touched>();
    const of = (session: number): Touched => {
      let known = touched.get(session);
      if (known === undefined) touched.set(session, known = untouched(session));
      return known;
    };
    let waitingFiles = 0;
    for (const path of paths) {
      const candidates: Candidate[] = [];
      for (const edit of lastEdits(edits, { path, by: facts.authorAt + SECOND_MS })) {
        const waiting = facts.authorAt <= edit.at + WAITING_MS &&
          !landings.between(path, { from: edit.at, to: facts.authorAt, commit });
        if (waiting || facts.authorAt <= edit.activity.endedAt + AFTER_MS) {
          candidates.push({ ...edit, waiting });
        }
      }
      const owner = candidates.sort(byClaim)[0];
      waitingFiles += owner?.waiting ? 1 : 0;
      for (const { session, at, activity, waiting } of candidates) {
        const known = of(session);
        known.paths.push(path);
        known.waiting += waiting ? 1 : 0;
        known.owned += session === owner.session ? 1 : 0;
        known.lastAt = Math.max(known.lastAt, at);
        known.during ||= facts.authorAt < activity.endedAt;
      }
    }
    const { sessions, telling, known } = context.neighbours(commit);
    for (const near of sessions.values()) {
      if (facts.authorAt <= near.lastAt + NEAR_MS || touched.has(near.session)) {
        of(near.session).near = near;
      }
    }
    const handMade = {
      at: facts.authorAt,
      of: paths.length,
      telling,
      known,
      waiting: waitingFiles,
      unwritten: isRevert(facts) || context.isBlank(commit),
    };
    return [...touched.values()].map((one) => claimOf(one, handMade));
  };
}

function untouched(session: number): Touched {
  return { session, paths: [], waiting: 0, lastAt: 0, owned: 0, during: false, near: null };
}

interface Candidate extends FileEdit {
  /** No commit has touched the file since. */
  waiting: boolean;
}

/** The last edit of a file by each session, of those in the day before a time. */
function lastEdits(
  edits: ReadonlyMap<string, readonly FileEdit[]>,
  { path, by }: { path: string; by: number },
): Iterable<FileEdit> {
  const last = new Map<number, FileEdit>();
  const named = edits.get(basename(path).toLowerCase()) ?? [];
  for (let i = firstAfter(named, by - WAITING_MS); i < named.length && named[i].at <= by; i++) {
    if (sameFile(named[i].path, path)) last.set(named[i].session, named[i]);
  }
  return last.values();
}

function byClaim(a: Candidate, b: Candidate): number {
  return Number(b.waiting) - Number(a.waiting) || b.at - a.at || a.session - b.session;
}

function claimOf(touched: Touched, commit: HandMade): Claim {
  const { session, waiting, near } = touched;
  const paths = touched.paths.length > 0 ? touched.paths : [...near?.paths ?? []];
  return {
    session,
    strength: handMadeStrength(touched, commit),
    evidence: {
      rule: "files",
      files: paths.slice(0, MAX_FILES),
      fileCount: paths.length,
      of: commit.of,
      waiting,
      reworked: near?.reworked ?? 0,
      beside: near?.beside ?? 0,
      lastAt: Math.max(touched.lastAt, near?.lastAt ?? 0),
    },
  };
}

function editsByName(context: LinkContext): Map<string, FileEdit[]> {
  const edits = new Map<string, FileEdit[]>();
  context.facts.sessions.forEach(({ acts, activities }, session) => {
    for (const act of acts) {
      if (act.kind !== "edit" || isGenerated(act.path)) continue;
      const { path, at } = act;
      const activity = activities.find(({ startedAt, endedAt }) =>
        at >= startedAt && at <= endedAt
      ) ??
        { startedAt: at, endedAt: at };
      const name = basename(path).toLowerCase();
      const known = edits.get(name);
      if (known === undefined) edits.set(name, [{ session, path, at, activity }]);
      else known.push({ session, path, at, activity });
    }
  });
  for (const named of edits.values()) named.sort((a, b) => a.at - b.at || a.session - b.session);
  return edits;
}
