import type { CopyReason } from "../links/copies.ts";
import type { Database } from "./database.ts";

/** Another commit of the same change, by the store's number. */
export interface CopyRow {
  copy: number;
  reason: CopyReason;
}

/** Brings what is stored of a repository's copies up to what was found, touching only rows that differ. */
export class CopyWriter {
  readonly #db: Database;
  readonly #stored: Map<number, CopyRow[]>;

  constructor(db: Database, repository: number) {
    this.#db = db;
    const rows = db.all<CopyRow & { commit: number }>(
      `SELECT x.commit_id AS "commit", x.copy_id AS copy, x.reason
       FROM commits c JOIN commit_copies x ON x.commit_id = c.id WHERE c.repository_id = ?`,
      repository,
    );
    this.#stored = Map.groupBy(rows, ({ commit }) => commit);
  }

  /** Keeps the copies of one commit. */
  write(commit: number, copies: readonly CopyRow[]): void {
    const stored = this.#stored.get(commit) ?? [];
    const left = new Map(stored.map(({ copy, reason }) => [copy, reason]));
    for (const { copy, reason } of copies) {
      const same = left.get(copy) === reason;
      left.delete(copy);
      if (same) continue;
      this.#db.run(
        `INSERT INTO commit_copies (commit_id, copy_id, reason) VALUES (?, ?, ?)
         ON CONFLICT (commit_id, copy_id) DO UPDATE SET reason = excluded.reason`,
        commit,
        copy,
        reason,
      );
    }
    for (const copy of left.keys()) {
      this.#db.run("DELETE FROM commit_copies WHERE commit_id = ? AND copy_id = ?", commit, copy);
    }
  }
}
