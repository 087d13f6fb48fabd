import type { CopyReason, Tier } from "../../domain/links.ts";

import type { Database } from "../database.ts";

/** Another commit of the same change, by the store's number. */
export interface CopyRow {
  copy: number;
  reason: CopyReason;
}

/** Brings what is stored of a repository's copies up to what was found, touching only rows that differ. */
class CopyWriter {
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

/** A link by the store's numbers. `evidence` is JSON. */
export interface LinkRow {
  session: number;
  tier: Tier;
  confidence: number;
  share: number | null;
  evidence: string;
}

/** Lines of a commit's version of a file that an edit wrote. */
export interface LineRangeRow {
  path: string;
  first: number;
  last: number;
  session: number;
  event: number;
}

/** All that linking decided of one commit. */
export interface CommitLinks {
  commit: number;
  byOthers: boolean;
  links: LinkRow[];
  ranges: LineRangeRow[];
  /** The sessions weighed and not linked, as JSON; null where there are none. */
  considered: string | null;
  copies: CopyRow[];
}

interface StoredLink extends LinkRow {
  commit: number;
}

/** Brings what is stored of a repository's links up to what was decided, touching only rows that differ. */
export class LinkWriter {
  readonly #db: Database;
  readonly #links = new Map<number, LinkRow[]>();
  readonly #repository: number;
  readonly #considered = new Map<number, string>();
  readonly #byOthers: Set<number>;
  readonly #withRanges: Set<number>;
  readonly #copies: CopyWriter;

  constructor(db: Database, repository: number) {
    this.#db = db;
    this.#repository = repository;
    this.#copies = new CopyWriter(db, repository);
    for (const { commit, ...link } of listLinks(db, repository)) {
      const links = this.#links.get(commit);
      if (links === undefined) this.#links.set(commit, [link]);
      else links.push(link);
    }
    const considered = db.all<{ id: number; considered: string }>(
      `SELECT x.commit_id AS id, x.considered FROM commits c JOIN link_considerations x ON x.commit_id = c.id
       WHERE c.repository_id = ?`,
      repository,
    );
    for (const row of considered) this.#considered.set(row.id, row.considered);
    const ids = (sql: string) =>
      new Set(db.all<{ id: number }>(sql, repository).map(({ id }) => id));
    this.#byOthers = ids("SELECT id FROM commits WHERE repository_id = ? AND by_others = 1");
    this.#withRanges = ids(
      `SELECT c.id FROM commits c WHERE c.repository_id = ?
         AND EXISTS (SELECT 1 FROM line_ranges l WHERE l.commit_id = c.id)`,
    );
  }

  /**
   * Writes what was decided of some commits, in one transaction.
   *
   * @returns The sessions of links that were not there before, one for each link.
   */
  write(decided: readonly CommitLinks[]): number[] {
    const db = this.#db;
    return db.transaction(() => {
      const before = db.changes;
      const created = decided.flatMap((commit) => this.#writeOne(commit));
      // What is neither the links of before nor yet those of now has a fingerprint of its own.
      const fingerprint = `partial ${db.changes}`;
      if (db.changes > before) {
        setLinksFingerprint(db, { repository: this.#repository, fingerprint });
      }
      return created;
    });
  }

  #writeOne(decided: CommitLinks): number[] {
    const { commit, byOthers, considered } = decided;
    const created = this.#writeLinks(decided);
    if (this.#byOthers.has(commit) !== byOthers) {
      this.#db.run("UPDATE commits SET by_others = ? WHERE id = ?", byOthers ? 1 : 0, commit);
    }
    if ((this.#considered.get(commit) ?? null) !== considered) {
      if (considered === null) {
        this.#db.run("DELETE FROM link_considerations WHERE commit_id = ?", commit);
      } else {
        this.#db.run(
          `INSERT INTO link_considerations (commit_id, considered) VALUES (?, ?)
           ON CONFLICT (commit_id) DO UPDATE SET considered = excluded.considered`,
          commit,
          considered,
        );
      }
    }
    this.#writeRanges(decided);
    this.#copies.write(commit, decided.copies);
    return created;
  }

  #writeLinks({ commit, links }: CommitLinks): number[] {
    const old = new Map((this.#links.get(commit) ?? []).map((link) => [link.session, link]));
    const created: number[] = [];
    let touched = false;
    for (const link of links) {
      const before = old.get(link.session);
      old.delete(link.session);
      if (before !== undefined && sameLink(before, link)) continue;
      if (before === undefined) created.push(link.session);
      touched = true;
      this.#db.run(
        `INSERT INTO session_commits (session_id, commit_id, tier, confidence, share, evidence)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (commit_id, session_id) DO UPDATE SET tier = excluded.tier,
           confidence = excluded.confidence, share = excluded.share, evidence = excluded.evidence`,
        link.session,
        commit,
        link.tier,
        link.confidence,
        link.share,
        link.evidence,
      );
    }
    for (const session of old.keys()) {
      touched = true;
      this.#db.run(
        "DELETE FROM session_commits WHERE commit_id = ? AND session_id = ?",
        commit,
        session,
      );
    }
    if (touched) {
      this.#db.run(
        "UPDATE commits SET link_count = ?, best_tier = ? WHERE id = ?",
        links.length,
        links.length === 0 ? null : Math.min(...links.map(({ tier }) => tier)),
        commit,
      );
    }
    return created;
  }

  #writeRanges({ commit, ranges }: CommitLinks): void {
    if (ranges.length === 0 && !this.#withRanges.has(commit)) return;
    const before = this.#withRanges.has(commit)
      ? this.#db.all<LineRangeRow>(
        `SELECT path, first_line AS first, last_line AS last, session_id AS session, event_id AS event
         FROM line_ranges WHERE commit_id = ? ORDER BY path, first_line`,
        commit,
      )
      : [];
    if (
      before.length === ranges.length && before.every((range, i) => sameRange(range, ranges[i]))
    ) return;
    this.#db.run("DELETE FROM line_ranges WHERE commit_id = ?", commit);
    for (const { path, first, last, session, event } of ranges) {
      this.#db.run(
        `INSERT INTO line_ranges (commit_id, path, first_line, last_line, session_id, event_id)
         VALUES (?, ?, ?, ?, ?, ?)`,
        commit,
        path,
        first,
        last,
        session,
        event,
      );
    }
  }
}

/** Every link of a repository's commits. */
function listLinks(db: Database, repository: number): StoredLink[] {
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

function sameLink(a: LinkRow, b: LinkRow): boolean {
  return a.tier === b.tier && a.confidence === b.confidence && a.share === b.share &&
    a.evidence === b.evidence;
}

function sameRange(a: LineRangeRow, b: LineRangeRow): boolean {
  return a.path === b.path && a.first === b.first && a.last === b.last &&
    a.session === b.session && a.event === b.event;
}
