import { isDistinctive } from "../../domain/line_hashes.ts";

import { isCommon, type MatchedCommit, weightOf, writtenFiles } from "./line_index.ts";
import { landedTest, OTHER_FILE_WEIGHT, type Writer, writersOf } from "./writers.ts";

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

/** How long after the commit's time a line may have been written all the same: clocks are read at different moments. */
const SLACK_MS = 60_000;
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
  const { tokens, telling } = tokensOf(subject);
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
    const match = take(best, hands);
    match.share = telling === 0 ? 0 : match.share / telling;
    matches.push(match);
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
  others: ReadonlyMap<number, SessionCandidate>,
): ContentMatch {
  const match: ContentMatch = { session, lines: [], weight: 0, share: 0, sole: 0, lastAt: 0 };
  let added = 0;
  let replaced = 0;
  for (const { token, writer } of lines) {
    if (token.taken) continue;
    token.taken = true;
    const { event, at } = writer.writing;
    match.lines.push({ path: token.path, place: token.place, event });
    if (token.sole) match.sole += token.weight * writer.factor;
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
  // Whoever writes what comes in their place takes lines away: by themselves they prove nothing.
  match.weight += added + Math.min(replaced, added);
  return match;
}

/** Gives the lines of a commit that a session may have written, and counts those that prove anything. */
function tokensOf(subject: MatchedCommit): { tokens: Token[]; telling: number } {
  const { commit, change, index } = subject;
  const latest = Math.max(commit.committerAt, commit.authorAt) + SLACK_MS;
  const files = writtenFiles(change);
  const removedHere = new Set<number>();
  const addedHere = new Set<number>();
  for (const { added, removed } of files) {
    for (const hash of added) addedHere.add(hash);
    for (const hash of removed) removedHere.add(hash);
  }
  const tokens: Token[] = [];
  let count = 0;
  for (const file of files) {
    const { added, places, removed } = file;
    const known = new Map<number, Writer[]>();
    for (let i = 0; i < added.length; i++) {
      const hash = added[i];
      if (hash === 0) continue;
      const line = index.added.find(hash);
      if (line !== undefined && isCommon(line)) continue;
      const telling = isDistinctive(hash);
      const moved = removedHere.has(hash);
      const counts = telling && !moved;
      if (counts) count++;
      if (line === undefined) continue;
      let writers = known.get(hash);
      if (writers === undefined) {
        writers = writersOf(line.writings, {
          file,
          commit,
          latest,
          otherFile: telling,
          landed: landedTest(subject, { hash, line, latest }),
        });
        known.set(hash, writers);
      }
      if (writers.length === 0) continue;
      const weight = weightOf(line) * (telling ? 1 : SHORT) * (moved ? OTHER_FILE_WEIGHT : 1);
      tokens.push({
        path: file.path,
        place: places[i],
        weight,
        counts,
        sole: line.spread < 2 && writers.length === 1,
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
      const counts = telling && added.length === 0;
      if (counts) count++;
      if (line === undefined) continue;
      const meant = line.writings.filter((removal) =>
        !index.added.isAgain(hash, { removal, by: latest })
      );
      const writers = writersOf(meant, {
        file,
        commit,
        latest,
        otherFile: false,
        landed: () => false,
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
  return { tokens, telling: count };
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
