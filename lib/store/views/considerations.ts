import type { CommitHash, RepositoryId, SessionId } from "../../domain/ids.ts";
import type { Evidence } from "../../links/link.ts";
import type { Reason } from "../../links/weigh.ts";
import type { Database } from "../database.ts";

/** A session that something speaks for, and that was not linked with the commit all the same. */
export interface Consideration {
  sessionId: SessionId;
  confidence: number;
  reason: Reason;
  /** The session whose evidence outweighed it, where one did. */
  by: SessionId | null;
  evidence: Evidence[];
}

/** The sessions that were considered for a commit and not linked, the surest first. */
export function listConsiderations(
  db: Database,
  { hash, repositoryId }: { hash: CommitHash; repositoryId: RepositoryId },
): Consideration[] {
  const row = db.get<{ considered: string }>(
    `SELECT x.considered FROM link_considerations x JOIN commits c ON c.id = x.commit_id
    WHERE c.hash = ? AND c.repository_id = ?`,
    hash,
    repositoryId,
  );
  return row === undefined ? [] : JSON.parse(row.considered);
}
