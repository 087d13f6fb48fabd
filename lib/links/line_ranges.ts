import type { WrittenLine } from "./content_match.ts";

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
