import type { LoomData } from "../../domain/loom.ts";

/** Which lane each session lies in, from 0, and how many there are. */
export interface Lanes {
  of: Int32Array;
  count: number;
}

/**
 * Gives every session a lane, so that no two in a lane overlap: the topmost one that is free. Sessions come in the order
 * of their starts.
 *
 * @param gapMs How far apart two sessions of a lane must be. @default {0}
 */
export function assignLanes(
  starts: readonly number[],
  ends: readonly number[],
  gapMs = 0,
): Lanes {
  const of = new Int32Array(starts.length);
  const freeFrom: number[] = [];
  for (let i = 0; i < starts.length; i++) {
    let lane = freeFrom.findIndex((free) => free + gapMs <= starts[i]);
    if (lane === -1) lane = freeFrom.length;
    freeFrom[lane] = ends[i];
    of[i] = lane;
  }
  return { of, count: freeFrom.length };
}

/** Where everything of a loom lies, from its top, in CSS pixels. */
export interface LoomLayout {
  height: number;
  /** Where lanes begin, and how far one is below the other. */
  lanesTop: number;
  laneStep: number;
  barHeight: number;
  /** The line of time, between sessions and commits. */
  axisTop: number;
  axisHeight: number;
  rowsTop: number;
  rowStep: number;
  rowCount: number;
  dotRadius: number;
  laneOf: Int32Array;
  laneCount: number;
}

const MOST_ROWS = 10;
const SESSIONS_HEIGHT = 190;
const LEAST_THREADS_HEIGHT = 84;
const SHORT_HEIGHT = 168;
const LEAST_HEIGHT = 288;
const AXIS = 22;
const TOP = 8;
const BOTTOM = 8;

/** Lays a loom out: sessions in lanes on top, then threads, commits in a row for each repository, and time below. */
export function layOutLoom(data: LoomData): LoomLayout {
  const { of: laneOf, count: laneCount } = assignLanes(
    data.sessions.starts,
    data.sessions.ends,
    (data.to - data.from) / 400,
  );
  const laneStep = Math.max(4, Math.min(15, SESSIONS_HEIGHT / Math.max(1, laneCount)));
  const rowCount = Math.max(1, Math.min(MOST_ROWS, data.repositories.length));
  const rowStep = rowCount > 6 ? 15 : 18;
  const least = Math.min(LEAST_HEIGHT, SHORT_HEIGHT + 16 * (laneCount + rowCount));
  const withoutThreads = TOP + laneStep * laneCount + rowStep * rowCount + AXIS + BOTTOM;
  const threadsHeight = Math.max(LEAST_THREADS_HEIGHT, least - withoutThreads);
  const rowsTop = TOP + laneStep * laneCount + threadsHeight;
  const axisTop = rowsTop + rowStep * rowCount;
  return {
    height: axisTop + AXIS + BOTTOM,
    lanesTop: TOP,
    laneStep,
    barHeight: Math.max(2, Math.min(9, laneStep - 2)),
    axisTop,
    axisHeight: AXIS,
    rowsTop,
    rowStep,
    rowCount,
    dotRadius: 3,
    laneOf,
    laneCount,
  };
}

/** The middle of a session's bar. */
export function sessionY(layout: LoomLayout, session: number): number {
  return layout.lanesTop + (layout.laneOf[session] + 0.5) * layout.laneStep;
}

/** The middle of a repository's row. Repositories past the last row share it. */
export function repositoryY(layout: LoomLayout, repository: number): number {
  const row = Math.min(repository, layout.rowCount - 1);
  return layout.rowsTop + (row + 0.5) * layout.rowStep;
}

/** Where a thread leaves its session: at the commit's time if the session was open then, else at the nearer end. */
export function threadStart(data: LoomData, link: number): number {
  const session = data.links.sessions[link];
  const at = data.commits.times[data.links.commits[link]];
  return Math.min(data.sessions.ends[session], Math.max(data.sessions.starts[session], at));
}
