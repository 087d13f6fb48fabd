import type { Claim, LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";
import type { Activity } from "../facts.ts";
import { isGenerated, sameFile } from "../files.ts";
import { basename } from "../paths.ts";

/** How long after an activity's end a commit may still be of its edits. */
const AFTER_MS = 30 * 60_000;
/** How long an edit may wait for the first commit that touches its file. */
const WAITING_MS = 24 * 3_600_000;
/** git keeps whole seconds. */
const SECOND_MS = 1_000;

/** No commit has touched the files since the session's edits: they were waiting for this one. */
const WAITING = 0.88;
/** The edits went into an earlier commit, and the session had come to rest: it may have gone on unseen. */
const LANDED = 0.6;
/** The edits went into an earlier commit, and the transcript goes on past this one without showing it. */
const BY_HAND = 0.2;
/** What is left of a claim where other sessions edited all of its files later, or left them waiting. */
const RIVAL = 0.4;

/**
 * How a claim by edits that have landed fades with the share of the commit's files. Waiting edits are in the commit
 * whatever else is.
 */
const COVERAGE = 1 / 4;

/** The most file names that a link's evidence lists. */
const MAX_FILES = 8;

interface FileEdit {
  session: number;
  path: string;
  at: number;
  /** When the session was at work on it. */
  activity: Activity;
}

/** What a session did to a commit's files. */
interface Touched {
  session: number;
  paths: string[];
  /** How many of them no commit has touched since. */
  waiting: number;
  lastAt: number;
  /** How many of them no other session edited later, or left waiting. */
  owned: number;
  /** The session was at work when the commit was made. */
  during: boolean;
}

/**
 * The commit touches files that the session edited in an activity that ended at most 30 minutes before, or that wait for
 * a commit since the session edited them.
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
    for (const path of paths) {
      const candidates: Candidate[] = [];
      for (const edit of lastEdits(edits, { path, by: facts.authorAt + SECOND_MS })) {
        const waiting = facts.authorAt <= edit.at + WAITING_MS &&
          !landings.between(path, { from: edit.at, to: facts.authorAt, commit });
        if (waiting || facts.authorAt <= edit.activity.endedAt + AFTER_MS) {
          candidates.push({ ...edit, waiting });
        }
      }
      const owner = candidates.sort(byClaim)[0]?.session;
      for (const { session, at, activity, waiting } of candidates) {
        const known = touched.get(session) ??
          { session, paths: [], waiting: 0, lastAt: 0, owned: 0, during: false };
        known.paths.push(path);
        known.waiting += waiting ? 1 : 0;
        known.owned += session === owner ? 1 : 0;
        known.lastAt = Math.max(known.lastAt, at);
        known.during ||= facts.authorAt < activity.endedAt;
        touched.set(session, known);
      }
    }
    return [...touched.values()].map((one) =>
      claimOf(one, { of: paths.length, at: facts.authorAt })
    );
  };
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

/** The place of the first of some things, in the order of time, that is not before a time. */
function firstAfter(things: readonly { at: number }[], at: number): number {
  let low = 0;
  let high = things.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (things[middle].at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byClaim(a: Candidate, b: Candidate): number {
  return Number(b.waiting) - Number(a.waiting) || b.at - a.at || a.session - b.session;
}

function claimOf(
  { session, paths, waiting, owned, lastAt, during }: Touched,
  { of, at }: { of: number; at: number },
): Claim {
  const hours = Math.max(0, at - lastAt) / 3_600_000;
  const fresh = waiting > 0 ? WAITING / (1 + Math.max(0, hours - 2) / 12) : 0;
  const landed = (during ? BY_HAND : LANDED) * (paths.length / of) ** COVERAGE;
  return {
    session,
    strength: Math.max(fresh, waiting === paths.length ? 0 : landed) * (owned > 0 ? 1 : RIVAL),
    evidence: {
      rule: "files",
      files: paths.slice(0, MAX_FILES),
      fileCount: paths.length,
      of,
      waiting,
      lastAt,
    },
  };
}

/** When each file was committed by somebody who works here, in the order of time. */
class Landings {
  readonly #context: LinkContext;
  readonly #byPath = new Map<string, { at: number; commit: number }[]>();

  constructor(context: LinkContext) {
    this.#context = context;
    context.facts.commits.forEach((facts, commit) => {
      if (facts.parents.length > 1 || context.identity.made(facts) === false) return;
      for (const path of context.paths(commit) ?? []) {
        const landing = { at: facts.authorAt, commit };
        const known = this.#byPath.get(path);
        if (known === undefined) this.#byPath.set(path, [landing]);
        else known.push(landing);
      }
    });
    for (const landings of this.#byPath.values()) landings.sort((a, b) => a.at - b.at);
  }

  /** Tells whether another change than the commit's was made to the file between two times. */
  between(
    path: string,
    { from, to, commit }: { from: number; to: number; commit: number },
  ): boolean {
    const landings = this.#byPath.get(path) ?? [];
    let copies: number[] | null = null;
    for (let i = firstAfter(landings, from + 1); i < landings.length && landings[i].at < to; i++) {
      if (landings[i].commit === commit) continue;
      copies ??= this.#context.copies.of(commit);
      if (!copies.includes(landings[i].commit)) return true;
    }
    return false;
  }
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
