import type { CommitHash } from "../../domain/ids.ts";
import type { CopyReason } from "../../links/copies.ts";
import type { Database } from "../database.ts";
import { iso } from "./page.ts";

/** Another commit that the same change was made into, as rebases, amends and cherry-picks do. */
export interface CopiedCommit {
  hash: CommitHash;
  subject: string;
  /** ISO 8601 in UTC. */
  committedAt: string;
  /** Whether a branch or tag still holds it. */
  reachable: boolean;
  reason: CopyReason;
}

/** The copies that linking found of a commit, by the store's number of it, the oldest first. */
export function copiesOf(db: Database, commit: number): CopiedCommit[] {
  interface Row extends Omit<CopiedCommit, "committedAt" | "reachable"> {
    committer_at: number;
    reachable: number;
  }
  return db.all<Row>(
    `SELECT o.hash, o.subject, o.committer_at, o.reachable, x.reason
    FROM commit_copies x JOIN commits o ON o.id = x.copy_id
    WHERE x.commit_id = ? ORDER BY o.committer_at, o.hash`,
    commit,
  ).map(({ committer_at, reachable, ...row }) => ({
    ...row,
    committedAt: iso(committer_at),
    reachable: reachable === 1,
  }));
}
