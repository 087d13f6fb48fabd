import type { LoomData } from "./loom_data.ts";

/** Something that can be pointed at: a place in the loom's sessions, commits or links. */
export interface LoomTarget {
  kind: "session" | "commit" | "link";
  place: number;
}

/** Finds the links of a session or a commit. */
export interface LoomIndex {
  linksOfSession(session: number): number[];
  /** The surest first. */
  linksOfCommit(commit: number): number[];
  /** The links that a target's trace shows. */
  linksOf(target: LoomTarget): number[];
}

/** Sorts a loom's links by both of their ends. */
export function indexLoom({ sessions, commits, links }: LoomData): LoomIndex {
  const ofSession: number[][] = sessions.ids.map(() => []);
  const ofCommit: number[][] = commits.hashes.map(() => []);
  for (let link = 0; link < links.sessions.length; link++) {
    ofSession[links.sessions[link]].push(link);
    ofCommit[links.commits[link]].push(link);
  }
  for (const found of ofCommit) found.sort((a, b) => links.confidences[b] - links.confidences[a]);
  for (const found of ofSession) found.sort((a, b) => links.commits[a] - links.commits[b]);
  return {
    linksOfSession: (session) => ofSession[session] ?? [],
    linksOfCommit: (commit) => ofCommit[commit] ?? [],
    linksOf({ kind, place }) {
      if (kind === "link") return [place];
      return (kind === "session" ? ofSession : ofCommit)[place] ?? [];
    },
  };
}

/** The first place whose time is not before `at`; `times` ascend. */
export function firstAtOrAfter(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
