import type { CommitHash, RepositoryId } from "../../ids.ts";
import type { Database } from "../database.ts";
import { iso } from "./page.ts";

/** Another commit that the same change was made into, as rebases, amends and cherry-picks do. */
export interface CopiedCommit {
  hash: CommitHash;
  subject: string;
  committedAt: string;
  /** Whether a branch or tag still holds it. */
  reachable: boolean;
}

const MOST = 50;

/** Finds the commits of the repository with the same author, author time and subject as this one, the oldest first. */
export function copiesOf(
  db: Database,
  { repositoryId, hash }: { repositoryId: RepositoryId; hash: string },
): CopiedCommit[] {
  const rows = db.all<
    { hash: CommitHash; subject: string; committer_at: number; reachable: number }
  >(
    `SELECT o.hash, o.subject, o.committer_at, o.reachable FROM commits c
    JOIN commits o ON o.repository_id = c.repository_id AND o.author_at = c.author_at
      AND o.author_email = c.author_email AND o.subject = c.subject AND o.id <> c.id
    WHERE c.hash = ? AND c.repository_id = ? ORDER BY o.committer_at, o.id LIMIT ${MOST}`,
    hash,
    repositoryId,
  );
  return rows.map(({ hash, subject, committer_at, reachable }) => ({
    hash,
    subject,
    committedAt: iso(committer_at),
    reachable: reachable === 1,
  }));
}
