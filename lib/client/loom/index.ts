import type { LoomData } from "../../domain/loom.ts";

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

/** Where what is traced in one reading of a loom is in the next; null where it is not there any more. */
export function targetAfter(
  { kind, place }: LoomTarget,
  before: LoomData,
  after: LoomData,
): LoomTarget | null {
  const found = (at: number) => at === -1 ? null : { kind, place: at };
  const session = (at: number) => after.sessions.ids.indexOf(before.sessions.ids[at]);
  const commit = (at: number) => {
    const repository = before.repositories[before.commits.repositories[at]].id;
    return after.commits.hashes.findIndex((hash, i) =>
      hash === before.commits.hashes[at] &&
      after.repositories[after.commits.repositories[i]].id === repository
    );
  };
  switch (kind) {
    case "session":
      return found(session(place));
    case "commit":
      return found(commit(place));
    case "link": {
      const [from, to] = [
        session(before.links.sessions[place]),
        commit(before.links.commits[place]),
      ];
      const { sessions, commits } = after.links;
      return found(sessions.findIndex((at, link) => at === from && commits[link] === to));
    }
    default:
      return kind satisfies never;
  }
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
