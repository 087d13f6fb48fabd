import { beyondChance } from "./chance.ts";
import type { Nearness } from "./nearness.ts";

/** No commit has touched the files since the session's edits: they were waiting for this one. */
const WAITING = 0.88;
/** The edits went into an earlier commit, and the session had come to rest: somebody went on by hand, or it did unseen. */
const LANDED = 0.6;
/** What is left where the transcript goes on past the commit without showing it: somebody made it by hand meanwhile. */
const BY_HAND = 0.2;
/** The commit takes away, changes or adds to many lines that the session wrote just before. */
const NEAR = 0.9;
/** In this time lines lose half of what they say of who works on them. */
const NEAR_MS = 24 * 3_600_000;
/** What is left of going on in a file where all lines known that are worked on are other sessions'. */
const STRANGE = 0.5;
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
  near: Nearness | null;
}

/** A commit as far as it matters how surely a session's work went into it unseen. */
export interface HandMade {
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
  /** Nobody wrote it: it changes nothing but blank lines, as formatters do, or undoes another commit. */
  unwritten: boolean;
}

/** How surely a commit that nobody was seen to make is of a session that worked on its files. */
export function handMadeStrength(touched: Touched, commit: HandMade): number {
  const { paths, waiting, owned, lastAt, during } = touched;
  const hours = Math.max(0, commit.at - lastAt) / 3_600_000;
  const left = owned > 0 ? 1 : RIVAL;
  const fresh = waiting === 0 ? 0 : left * WAITING / (1 + Math.max(0, hours - 2) / 12);
  const unseen = during ? BY_HAND : 1;
  const goneOn = waiting === paths.length ? 0 : left * unseen * goneOnStrength(touched, commit);
  const nearby = (waiting === 0 && commit.waiting > 0 ? RIVAL : 1) * unseen *
    nearStrength(touched, commit);
  return Math.max(fresh, 1 - (1 - goneOn) * (1 - nearby));
}

/** By the files alone: somebody goes on where the session stopped, most likely with what it wrote. */
function goneOnStrength({ paths, near }: Touched, { of, known, unwritten }: HandMade): number {
  if (unwritten) return 0;
  const own = known === 0 ? 1 : (near?.weight ?? 0) / known;
  return LANDED * (paths.length / of) ** COVERAGE * (STRANGE + (1 - STRANGE) * own);
}

/** By the lines: the commit is about what the session wrote. */
function nearStrength({ near }: Touched, { at, telling }: HandMade): number {
  if (near === null) return 0;
  const { weight, lastAt } = near;
  return NEAR * beyondChance(weight, telling) * Math.min(1, weight / telling) ** COVERAGE /
    (1 + Math.max(0, at - lastAt) / NEAR_MS);
}
