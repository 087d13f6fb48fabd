import { isDistinctive } from "../../domain/line_hashes.ts";
import {
  type ContentIndex,
  isCommon,
  type LineTable,
  weightOf,
  type Writing,
  writtenFiles,
} from "./line_index.ts";
import type { CommitChange, CommitFacts, FileChange } from "../../domain/link_facts.ts";
import { isOfFile } from "../files.ts";

/** How near a commit is to what a session wrote. */
export interface Proximity {
  session: number;
  /** The weight, in rare lines, of those that the commit removes or is next to. */
  weight: number;
  /** How many of the session's lines the commit takes away. */
  replacedLines: number;
  /** How many of them it is next to. */
  beside: number;
  /** When the last of these lines was written. */
  lastAt: number;
  /** The files they are in. */
  paths: Set<string>;
}

/** The sessions that a commit is near to. */
export interface Neighbours {
  sessions: ReadonlyMap<number, Proximity>;
  /** The weight of all lines that the commit removes or is next to, whoever wrote them. */
  telling: number;
  /** What those are worth that some session wrote. */
  known: number;
}

/** What a line is worth that stays beside a change, next to one that the change takes away. */
const BESIDE = 0.25;
/** git keeps whole seconds. */
const SECOND_MS = 1_000;

/**
 * Finds the sessions that wrote what a commit changes or adds to.
 *
 * Of all sessions that wrote a line in the file, it is the last one's.
 */
export function neighboursOf(
  { commit, change, index }: { commit: CommitFacts; change: CommitChange; index: ContentIndex },
): Neighbours {
  const sessions = new Map<number, Proximity>();
  const by = commit.authorAt + SECOND_MS;
  let telling = 0;
  let known = 0;
  const take = (file: FileChange, removed: boolean): void => {
    const worth = removed ? 1 : BESIDE;
    // What the change puts back elsewhere in the file, or with other white space, it does not take away.
    const kept = removed ? new Set(file.added) : null;
    for (const hash of removed ? file.removed : file.around) {
      if (!isDistinctive(hash) || kept?.has(hash)) continue;
      telling += worth;
      const found = writerOf(index.added, { hash, file, by });
      if (found === null) continue;
      const { session, at } = found.writing;
      let near = sessions.get(session);
      if (near === undefined) {
        near = { session, weight: 0, replacedLines: 0, beside: 0, lastAt: 0, paths: new Set() };
        sessions.set(session, near);
      }
      near.weight += worth * found.weight;
      known += worth * found.weight;
      if (removed) near.replacedLines++;
      else near.beside++;
      near.lastAt = Math.max(near.lastAt, at);
      near.paths.add(file.path);
    }
  };
  for (const file of writtenFiles(change)) {
    take(file, true);
    take(file, false);
  }
  return { sessions, telling, known };
}

function writerOf(
  table: LineTable,
  { hash, file, by }: { hash: number; file: FileChange; by: number },
): { writing: Writing; weight: number } | null {
  const line = table.find(hash);
  if (line === undefined || isCommon(line)) return null;
  let last: Writing | null = null;
  for (const writing of line.writings) {
    if (writing.at > by || (last !== null && writing.at <= last.at)) continue;
    if (isOfFile(writing.path, file)) last = writing;
  }
  return last === null ? null : { writing: last, weight: weightOf(line) };
}
