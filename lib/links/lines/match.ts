import type { FileChange } from "../../domain/link_facts.ts";
import { isDistinctive } from "../../domain/line_hashes.ts";
import { DAY_MS } from "../../time/days.ts";

import { isGenerated, isOfFile, sameFile } from "../files.ts";
import {
  type ContentIndex,
  isCommon,
  type Line,
  type MatchedCommit,
  weightOf,
  type Writing,
} from "./line_index.ts";
import { landedTest, OTHER_FILE_WEIGHT, SLACK_MS, type Writer, writersOf } from "./writers.ts";

/** How much of a commit a session wrote. */
export interface ContentMatch {
  session: number;
  /** Lines of the commit that the session wrote and no other session explains better. */
  lines: WrittenLine[];
  /** How many rare lines these are worth: each is weighed by how much it proves and how long ago it was written. */
  weight: number;
  /** Their share of the commit's lines that prove anything, by count. */
  share: number;
  /** How many rare lines those are worth that stand in no other change and that no other session wrote. */
  sole: number;
  /** The same of those written in the day before, in the same file. */
  recent: number;
  /** When the last of the lines was written. */
  lastAt: number;
}

/** A commit's line with the edit that wrote it. */
export interface WrittenLine {
  path: string;
  /** From 1 in the new version; 0 for a line that was removed. */
  place: number;
  event: number;
}

/** How a commit's lines are spread over sessions. */
export interface ContentMatches {
  /** Those with any line, the one that explains most first. */
  matches: ContentMatch[];
  /** How many of the commit's lines prove anything. */
  telling: number;
}

/**
 * How long after the commit's time a line may have been written that no other change has: where a container or a virtual
 * machine slept or knows no time zone, its clock is wrong by so much.
 */
export const SKEW_MS = 15 * 3_600_000;
/** What a line is worth that was written after the commit by the clocks. Fitted, see docs/linking.md. */
const SKEWED = 0.5;
/** The share of an edit's lines that a commit before it has, if the edit was made first. */
const TAKEN_OVER = 0.5;
/** The share of a new file's lines that were written in one other file, if it was renamed. Fitted, see docs/linking.md. */
const RENAMED = 0.6;
/** The fewest lines by which a renamed file is recognized. */
const MIN_RENAMED = 3;
/** What a line that was taken away is worth beside one that was written. */
const REMOVED = 0.5;
/** What a line with hardly a word on it is worth. */
const SHORT = 0.2;
/** Sessions with less than this left to explain are none that wrote the commit. */
const LEAST_SCORE = 0.05;
/** The most sessions that a commit's lines are spread over. */
const MAX_SESSIONS = 16;

interface Token {
  path: string;
  place: number;
  weight: number;
  /** A line that counts: one with words on it that was not just moved. */
  counts: boolean;
  /** A line that one session wrote, and that stands in no other change. */
  sole: boolean;
  /** A line that was taken away where others were added. */
  replaced: boolean;
  writers: Writer[];
  /** It was given to a session. */
  taken: boolean;
}

/**
 * Finds the sessions that wrote a commit's lines.
 *
 * Each line goes to one session: to the one that explains most of the commit among those that wrote it, so that a bystander
 * keeps only what is its own.
 */
export function matchContent(subject: MatchedCommit): ContentMatches {
  const { tokens, late, telling } = tokensOf(subject);
  const hands = handsOf(tokens);
  const matches: ContentMatch[] = [];
  while (matches.length < MAX_SESSIONS) {
    let best: SessionCandidate | null = null;
    for (const hand of hands.values()) {
      const more = best === null ? LEAST_SCORE : best.left;
      if (hand.left > more || (hand.left === more && hand.session < (best?.session ?? Infinity))) {
        best = hand;
      }
    }
    if (best === null) break;
    hands.delete(best.session);
    const match = take(best, { others: hands, since: subject.commit.authorAt - DAY_MS });
    match.share = telling === 0 ? 0 : match.share / telling;
    matches.push(match);
  }
  for (const match of lateMatches(late)) {
    match.share = telling === 0 ? 0 : match.share / telling;
    const known = matches.findIndex(({ session }) => session === match.session);
    if (known === -1) matches.push(match);
    else if (match.weight > matches[known].weight) matches[known] = match;
  }
  return { matches, telling };
}

/** What one session may have written of a commit. */
interface SessionCandidate {
  session: number;
  lines: { token: Token; writer: Writer }[];
  /** What its lines are worth that no other session was given yet. */
  left: number;
}

function handsOf(tokens: readonly Token[]): Map<number, SessionCandidate> {
  const hands = new Map<number, SessionCandidate>();
  for (const token of tokens) {
    for (const writer of token.writers) {
      const { session, factor } = writer;
      let hand = hands.get(session);
      if (hand === undefined) hands.set(session, hand = { session, lines: [], left: 0 });
      hand.lines.push({ token, writer });
      hand.left += token.weight * factor;
    }
  }
  return hands;
}

/** Gives a session the lines of its hand that are still to be had, and takes them from the others. */
function take(
  { session, lines }: SessionCandidate,
  { others, since }: { others: ReadonlyMap<number, SessionCandidate>; since: number },
): ContentMatch {
  const match: ContentMatch = {
    session,
    lines: [],
    weight: 0,
    share: 0,
    sole: 0,
    recent: 0,
    lastAt: 0,
  };
  let added = 0;
  let replaced = 0;
  for (const { token, writer } of lines) {
    if (token.taken) continue;
    token.taken = true;
    const { event, at } = writer.writing;
    match.lines.push({ path: token.path, place: token.place, event });
    if (token.sole) {
      const worth = token.weight * writer.factor;
      match.sole += worth;
      if (writer.same && writer.writing.at >= since) match.recent += worth;
    }
    if (token.replaced) replaced += token.weight * writer.factor;
    else if (token.place > 0) added += token.weight * writer.factor;
    else match.weight += token.weight * writer.factor;
    match.lastAt = Math.max(match.lastAt, at);
    if (token.counts) match.share += writer.same ? 1 : OTHER_FILE_WEIGHT;
    for (const other of token.writers) {
      const hand = others.get(other.session);
      if (hand !== undefined) hand.left -= token.weight * other.factor;
    }
  }
  // Lines are removed by whoever replaces them: by themselves, removals prove nothing.
  match.weight += added + Math.min(replaced, added);
  return match;
}

/**
 * Prepares telling whether a path is that of a file that a commit changes.
 *
 * A file that is new may have been renamed before it was committed: most of its lines were then written in one other
 * file.
 */
function fileTest(
  file: FileChange,
  { index, by }: { index: ContentIndex; by: number },
): (path: string) => boolean {
  const { path, oldPath, removed, around } = file;
  if (oldPath !== null || removed.length > 0 || around.length > 0) {
    return (of) => isOfFile(of, file);
  }
  let renamed: ReadonlySet<string> | null = null;
  return (of) => sameFile(of, path) || (renamed ??= formerPaths(file, { index, by })).has(of);
}

/** The paths of the files that most lines of a new one were written in. */
function formerPaths(
  { added }: FileChange,
  { index, by }: { index: ContentIndex; by: number },
): Set<string> {
  const lines = new Map<string, number>();
  const distinctive = new Set(added.filter(isDistinctive));
  for (const hash of distinctive) {
    const line = index.added.find(hash);
    if (line === undefined || isCommon(line)) continue;
    const written = line.writings.filter(({ at }) => at <= by);
    for (const one of new Set(written.map((writing) => writing.path))) {
      lines.set(one, (lines.get(one) ?? 0) + 1);
    }
  }
  const renamed = new Set<string>();
  for (const [one, count] of lines) {
    if (count >= MIN_RENAMED && count >= RENAMED * distinctive.size) renamed.add(one);
  }
  return renamed;
}

/** A line that only clocks that differ put after the commit. */
interface LateLine {
  path: string;
  place: number;
  weight: number;
  writing: Writing;
}

/** The first edit of a file after the commit that wrote a line which no other change has and nobody else had written. */
function lateWriting(
  line: Line,
  { hash, isFile, latest, index }: {
    hash: number;
    isFile: (path: string) => boolean;
    latest: number;
    index: ContentIndex;
  },
): Writing | null {
  if (line.spread > 1) return null;
  let first: Writing | null = null;
  for (const writing of line.writings) {
    if (writing.at <= latest || writing.at > latest + SKEW_MS || !isFile(writing.path)) continue;
    if (first === null || writing.at < first.at) first = writing;
  }
  if (first === null) return null;
  const { session } = first;
  // Who takes a line away has had it before, and who finds one that is written does not write it first.
  return line.writings.some((one) => one.at <= latest && one.session !== session) ||
      index.removed.timesWritten(hash, { session, by: Infinity }) > 0
    ? null
    : first;
}

/**
 * What sessions wrote of a commit after it by the clocks. Most of such an edit is in the commit: what writes a whole file
 * anew takes over what was committed.
 */
function lateMatches(lines: readonly LateLine[]): ContentMatch[] {
  const matches = new Map<number, ContentMatch>();
  for (const [event, written] of Map.groupBy(lines, ({ writing }) => writing.event)) {
    const { session, at, lines: of } = written[0].writing;
    if (written.length < of * TAKEN_OVER) continue;
    let match = matches.get(session);
    if (match === undefined) {
      match = { session, lines: [], weight: 0, share: 0, sole: 0, recent: 0, lastAt: 0 };
      matches.set(session, match);
    }
    for (const { path, place, weight } of written) {
      match.lines.push({ path, place, event });
      match.weight += weight;
      match.share++;
    }
    match.lastAt = Math.max(match.lastAt, at);
  }
  return [...matches.values()];
}

/** Gives the lines of a commit that a session may have written, and counts those that prove anything. */
function tokensOf(
  subject: MatchedCommit,
): { tokens: Token[]; late: LateLine[]; telling: number } {
  const { commit, change, index } = subject;
  const latest = Math.max(commit.committerAt, commit.authorAt) + SLACK_MS;
  const files = index.filesOf(change);
  const removedHere = new Set<number>();
  const addedHere = new Set<number>();
  for (const { added, removed } of change.files) {
    for (const hash of added) addedHere.add(hash);
    for (const hash of removed) removedHere.add(hash);
  }
  const tokens: Token[] = [];
  const late: LateLine[] = [];
  let count = 0;
  for (const file of files) {
    const { added, places, removed } = file;
    const generated = isGenerated(file.path);
    const known = new Map<number, Writer[]>();
    const restyled = new Set(removed);
    const isFile = fileTest(file, { index, by: latest - SLACK_MS });
    for (let i = 0; i < added.length; i++) {
      const hash = added[i];
      if (hash === 0) continue;
      const line = index.added.find(hash);
      if (line !== undefined && isCommon(line)) continue;
      const telling = isDistinctive(hash);
      const moved = removedHere.has(hash);
      const counts = telling && !moved && !restyled.has(hash);
      if (counts && !generated) count++;
      if (line === undefined) continue;
      let writers = known.get(hash);
      if (writers === undefined) {
        writers = writersOf(line.writings, {
          isOfFile: isFile,
          commit,
          latest,
          otherFile: telling && !generated,
          landed: landedTest(subject, { hash, line, latest }),
          committedAt: (at) => subject.firstLanding(line.commits ?? [], at),
        });
        known.set(hash, writers);
        const writing = counts && !generated
          ? lateWriting(line, { hash, isFile, latest, index })
          : null;
        if (writing !== null) {
          const weight = weightOf(line) * SKEWED;
          late.push({ path: file.path, place: places[i], weight, writing });
        }
      }
      if (writers.length === 0) continue;
      // Of a generated file only what sessions wrote is anybody's.
      if (counts && generated) count++;
      // In the same file the line only moved, or has other white space: nobody wrote it.
      const kept = restyled.has(hash) ? 0 : moved ? OTHER_FILE_WEIGHT : 1;
      const weight = weightOf(line) * (telling ? 1 : SHORT) * kept;
      tokens.push({
        path: file.path,
        place: places[i],
        weight,
        counts,
        // Of generated files it is not known what other changes have.
        sole: !generated && line.spread < 2 && writers.length === 1,
        replaced: false,
        writers,
        taken: false,
      });
    }
    for (const hash of removed) {
      if (hash === 0 || addedHere.has(hash)) continue;
      const line = index.removed.find(hash);
      if (line !== undefined && isCommon(line)) continue;
      const telling = isDistinctive(hash);
      const counts = telling && added.length === 0 && !generated;
      if (counts) count++;
      if (line === undefined) continue;
      const meant = line.writings.filter((removal) =>
        !index.added.isAgain(hash, { removal, by: latest })
      );
      const writers = writersOf(meant, {
        isOfFile: isFile,
        commit,
        latest,
        otherFile: false,
        landed: () => false,
        committedAt: () => commit.authorAt,
      });
      if (writers.length === 0) continue;
      const weight = weightOf(line) * (telling ? 1 : SHORT) * REMOVED;
      tokens.push({
        path: file.path,
        place: 0,
        weight,
        counts,
        sole: false,
        replaced: added.length > 0,
        writers,
        taken: false,
      });
    }
  }
  return { tokens, late, telling: count };
}

/** Lines of a commit's version of a file that one edit of a session wrote. */
export interface LineRange {
  path: string;
  /** The first and the last line, from 1. */
  first: number;
  last: number;
  /** The session's place in the facts. */
  session: number;
  event: number;
}

/** How many lines that prove nothing, between two of one edit, count as written with them. */
const MAX_GAP = 3;

/**
 * Joins written lines into ranges: neighbours of one edit, over blank and short lines between them.
 *
 * @param lines The lines that each session wrote, by its place.
 * @returns In the order of paths and lines; no two ranges of a file overlap.
 */
export function lineRanges(lines: ReadonlyMap<number, readonly WrittenLine[]>): LineRange[] {
  const all: LineRange[] = [];
  for (const [session, written] of lines) {
    for (const { path, place, event } of written) {
      if (place > 0) all.push({ path, first: place, last: place, session, event });
    }
  }
  all.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.first - b.first));
  const ranges: LineRange[] = [];
  for (const line of all) {
    const last = ranges.at(-1);
    if (last !== undefined && last.path === line.path) {
      if (line.first <= last.last) continue;
      const joins = last.session === line.session && last.event === line.event;
      if (joins && line.first - last.last <= MAX_GAP) {
        last.last = line.last;
        continue;
      }
    }
    ranges.push(line);
  }
  return ranges;
}
