import type { Tier } from "../links/link.ts";
import type { Database } from "./database.ts";

/** A link by the store's numbers. `evidence` is JSON. */
export interface LinkRow {
  session: number;
  commit: number;
  tier: Tier;
  confidence: number;
  share: number | null;
  evidence: string;
}

/**
 * Replaces a repository's links by `links`, touching only rows that differ, and keeps what commits say of theirs.
 *
 * @returns How many links are new.
 */
export function replaceLinks(
  db: Database,
  { repository, links }: { repository: number; links: readonly LinkRow[] },
): number {
  return db.transaction(() => {
    const old = new Map<string, LinkRow>();
    for (const row of listLinks(db, repository)) old.set(`${row.commit} ${row.session}`, row);
    const touched = new Set<number>();
    let created = 0;
    for (const link of links) {
      const key = `${link.commit} ${link.session}`;
      const before = old.get(key);
      old.delete(key);
      if (before !== undefined && same(before, link)) continue;
      if (before === undefined) created++;
      touched.add(link.commit);
      db.run(
        `INSERT INTO session_commits (session_id, commit_id, tier, confidence, share, evidence)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (commit_id, session_id) DO UPDATE SET tier = excluded.tier, confidence = excluded.confidence,
           share = excluded.share, evidence = excluded.evidence`,
        link.session,
        link.commit,
        link.tier,
        link.confidence,
        link.share,
        link.evidence,
      );
    }
    for (const { session, commit } of old.values()) {
      touched.add(commit);
      db.run("DELETE FROM session_commits WHERE commit_id = ? AND session_id = ?", commit, session);
    }
    for (const commit of touched) {
      db.run(
        `UPDATE commits SET (link_count, best_tier) =
           (SELECT count(*), min(tier) FROM session_commits WHERE commit_id = ?1) WHERE id = ?1`,
        commit,
      );
    }
    return created;
  });
}

/** Every link of a repository's commits. */
export function listLinks(db: Database, repository: number): LinkRow[] {
  return db.all(
    `SELECT l.session_id AS session, l.commit_id AS "commit", l.tier, l.confidence, l.share, l.evidence
     FROM commits c JOIN session_commits l ON l.commit_id = c.id WHERE c.repository_id = ?`,
    repository,
  );
}

/** Keeps what a repository's links were made from. */
export function setLinksFingerprint(
  db: Database,
  { repository, fingerprint }: { repository: number; fingerprint: string },
): void {
  db.run("UPDATE repositories SET links_fingerprint = ? WHERE id = ?", fingerprint, repository);
}

function same(a: LinkRow, b: LinkRow): boolean {
  return a.tier === b.tier && a.confidence === b.confidence && a.share === b.share &&
    a.evidence === b.evidence;
}
