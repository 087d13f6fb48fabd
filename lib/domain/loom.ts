import type { AgentId } from "./ids.ts";

/** How a commit stands in the loom. */
export const COMMIT_KINDS = ["linked", "unlinked", "elsewhere"] as const;

/**
 * What a loom shows, column by column, so that twenty thousand commits stay small. Times are Unix milliseconds, rows are
 * in ascending order of time, and links name rows.
 */
export interface LoomData {
  /** What there is in all reaches from here, cut or not. */
  from: number;
  to: number;
  /** Whether there is more than was read: the oldest are left out. */
  cut: boolean;
  repositories: { id: string; name: string }[];
  sessions: {
    ids: string[];
    titles: string[];
    agents: AgentId[];
    starts: number[];
    ends: number[];
    /** Activities of each session: from, to, from, to … */
    activities: number[][];
  };
  commits: {
    /** Enough of each hash to find it by. */
    hashes: string[];
    /** PathIndex in `repositories`. */
    repositories: number[];
    times: number[];
    /** PathIndex in {@linkcode COMMIT_KINDS}. */
    kinds: number[];
  };
  links: {
    /** PathIndex in `sessions`. */
    sessions: number[];
    /** PathIndex in `commits`. */
    commits: number[];
    tiers: number[];
    /** From 0 to 1. */
    confidences: number[];
  };
}
