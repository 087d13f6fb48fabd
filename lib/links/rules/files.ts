import type { Activity } from "../../domain/session_events.ts";
import { DAY_MS } from "../../time/days.ts";
import type { Claim, LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";
import { isRevert } from "../copies.ts";
import { nameOf, sameFile } from "../files.ts";
import type { Proximity } from "../lines/proximity.ts";
import { beyondChance } from "../score.ts";
import { firstAfter } from "../time_index.ts";

/** When each file was committed by somebody who works here, in the order of time. */
class Landings {
  readonly #context: LinkContext;
  readonly #byPath = new Map<string, { at: number; commit: number }[]>();

  constructor(context: LinkContext) {
    this.#context = context;
    context.facts.commits.forEach((facts, commit) => {
      // Of a merge only files are told that are as in none of its parents.
      if (context.identity.made(facts) === false) return;
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

/** No commit has touched the files since the session's edits: they were waiting for this one. */
const WAITING = 0.88;
/** The edits went into an earlier commit, and the session had come to rest: somebody went on by hand, or it did unseen. */
const LANDED = 0.6;
/** What is left where the transcript goes on past the commit without showing it: somebody made it by hand meanwhile. */
const BY_HAND = 0.2;
/** The commit takes away, changes or adds to many lines that the session wrote just before. */
const NEAR = 0.9;
/** In this time lines lose half of what they say of who works on them. */

/** What is left of going on in a file where all lines known that are worked on are other sessions'. */
const OTHERS_LINES = 0.5;
/** What is left of a claim where other sessions edited all of its files later, or left them waiting. */
const RIVAL = 0.4;

/**
 * How a claim fades with the share of the commit that it is about. Waiting edits are in the commit whatever else is.
 */
const COVERAGE = 1 / 4;

/** What a session did to the files of a commit that it was not seen to make. */
export interface Touched {
  session: number;
  /** The files that it edited shortly before, or that wait for a commit since it did. */
  paths: string[];
  /** How many of them no commit has touched since. */
  waiting: number;
  lastAt: number;
  /** How many of them no other session edited later, or left waiting. */
  owned: number;
  /** The session went on past the commit, in the activity of its last edit. */
  during: boolean;
  /** Its lines that the commit takes away or stands beside, or null. */
  near: Proximity | null;
}

/** A commit as far as it matters how surely a session's work went into it unseen. */
export interface ManualCommit {
  /** The author time. */
  at: number;
  /** How many files it changes. */
  of: number;
  /** What all lines are worth that it takes away or stands beside. */
  telling: number;
  /** What those are worth that some session wrote. */
  known: number;
  /** How many files hold edits of any session that wait for a commit. */
  waiting: number;
  /** Nobody wrote it: it changes nothing but white space, as formatters do, or undoes another commit. */
  unwritten: boolean;
}

/** How surely a commit that nobody was seen to make is of a session that worked on its files. */
function manualCommitStrength(touched: Touched, commit: ManualCommit): number {
  const { paths, waiting, owned, lastAt, during } = touched;
  const hours = Math.max(0, commit.at - lastAt) / 3_600_000;
  const left = owned > 0 ? 1 : RIVAL;
  const fresh = waiting === 0 ? 0 : left * WAITING / (1 + Math.max(0, hours - 2) / 12);
  const unobserved = during ? BY_HAND : 1;
  const continuation = waiting === paths.length
    ? 0
    : left * unobserved * goneOnStrength(touched, commit);
  const nearby = (waiting === 0 && commit.waiting > 0 ? RIVAL : 1) * unobserved *
    nearStrength(touched, commit);
  return Math.max(fresh, 1 - (1 - continuation) * (1 - nearby));
}

/** By the files alone: somebody goes on where the session stopped, most likely with what it wrote. */
function goneOnStrength({ paths, near }: Touched, { of, known, unwritten }: ManualCommit): number {
  if (unwritten) return 0;
  const own = known === 0 ? 1 : (near?.weight ?? 0) / known;
  return LANDED * (paths.length / of) ** COVERAGE * (OTHERS_LINES + (1 - OTHERS_LINES) * own);
}

/** By the lines: the commit is about what the session wrote. */
function nearStrength({ near }: Touched, { at, telling, unwritten }: ManualCommit): number {
  if (near === null || unwritten) return 0;
  const { weight, lastAt } = near;
  return NEAR * beyondChance(weight, telling) * Math.min(1, weight / telling) ** COVERAGE /
    (1 + Math.max(0, at - lastAt) / NEAR_MS);
}

/** How long after an activity's end a commit may still be of its edits. */
const AFTER_MS = 30 * 60_000;
/** How long an edit may wait for the first commit that touches its file. */
const WAITING_MS = DAY_MS;
/** How long a session's lines say who goes on with them. */
const NEAR_MS = DAY_MS;
/** git keeps whole seconds. */
const SECOND_MS = 1_000;

/** So many rare lines of a waiting edit show that it is in the commit. */
const CONFIRMED = 0.9;

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
export const files: LinkRule = {
  rule: "files",
  reads: ["commits", "changes", "edit", "activities", "commit"],
  prepare,
};

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
    const manualCommit = {
      at: facts.authorAt,
      of: paths.length,
      telling,
      known,
      waiting: waitingFiles,
      unwritten: isRevert(facts) || context.isRestyled(commit),
    };
    const { matches } = context.content(commit);
    return [...touched.values()].map((one) => {
      const claim = claimOf(one, manualCommit);
      const recent = matches.find(({ session }) => session === one.session)?.recent ?? 0;
      return one.waiting > 0 && recent >= CONFIRMED
        ? { ...claim, evidence: { ...claim.evidence, confirmed: true } }
        : claim;
    });
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
  const named = edits.get(nameOf(path)) ?? [];
  for (let i = firstAfter(named, by - WAITING_MS); i < named.length && named[i].at <= by; i++) {
    if (sameFile(named[i].path, path)) last.set(named[i].session, named[i]);
  }
  return last.values();
}

function byClaim(a: Candidate, b: Candidate): number {
  return Number(b.waiting) - Number(a.waiting) || b.at - a.at || a.session - b.session;
}

function claimOf(touched: Touched, commit: ManualCommit): Claim {
  const { session, waiting, near } = touched;
  const paths = touched.paths.length > 0 ? touched.paths : [...near?.paths ?? []];
  return {
    session,
    strength: manualCommitStrength(touched, commit),
    evidence: {
      rule: "files",
      files: paths.slice(0, MAX_FILES),
      fileCount: paths.length,
      of: commit.of,
      waiting,
      replacedLines: near?.replacedLines ?? 0,
      beside: near?.beside ?? 0,
      lastAt: Math.max(touched.lastAt, near?.lastAt ?? 0),
    },
  };
}

function editsByName(context: LinkContext): Map<string, FileEdit[]> {
  const edits = new Map<string, FileEdit[]>();
  context.facts.sessions.forEach(({ actions, activities }, session) => {
    for (const action of actions) {
      if (action.kind !== "edit") continue;
      const { path, at } = action;
      const activity = activities.find(({ startedAt, endedAt }) =>
        at >= startedAt && at <= endedAt
      ) ??
        { startedAt: at, endedAt: at };
      const name = nameOf(path);
      const known = edits.get(name);
      if (known === undefined) edits.set(name, [{ session, path, at, activity }]);
      else known.push({ session, path, at, activity });
    }
  });
  for (const named of edits.values()) named.sort((a, b) => a.at - b.at || a.session - b.session);
  return edits;
}
