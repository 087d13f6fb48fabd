import type { CommitHash, RepositoryKey, SessionId } from "../../domain/ids.ts";
import type { Evidence, Reason } from "../../domain/links.ts";

import type { Database } from "../database.ts";
import type {
  CommitDetail,
  CommitRef,
  ConsideredSession,
  CopiedCommit,
  SessionRef,
} from "../shapes.ts";
import { COMMIT_COLUMNS, COMMIT_TABLES, type CommitRow, commitSummaries } from "./commit_list.ts";
import { iso } from "./page.ts";
import { repositoryRef } from "./refs.ts";
import { HASH_BETWEEN } from "./text_filter.ts";
import { writtenLines } from "./written_lines.ts";

/** What a hash or its start names. */
export type CommitLookup =
  | { kind: "found"; commit: CommitDetail }
  | { kind: "notFound" }
  /** The start of several hashes. */
  | { kind: "ambiguous"; candidates: CommitRef[] };

interface DetailRow extends CommitRow {
  committer_email: string;
  parents: string;
  trailers: string;
}

const SHORTEST_PREFIX = 4;
const CANDIDATES = 20;

/**
 * Finds a commit by its hash or by a start of it that is long enough to be unambiguous, four digits at least.
 *
 * @param options.repositoryKey Which repository is meant where several hold the commit; without it the first one is taken.
 */
export function findCommit(
  db: Database,
  hash: string,
  { repositoryKey }: { repositoryKey?: RepositoryKey } = {},
): CommitLookup {
  const prefix = hash.toLowerCase();
  if (!/^[0-9a-f]{4,64}$/.test(prefix) || prefix.length < SHORTEST_PREFIX) {
    return { kind: "notFound" };
  }
  const rows = db.all<DetailRow>(
    `SELECT ${COMMIT_COLUMNS}, c.committer_email, c.parents, c.trailers FROM ${COMMIT_TABLES}
    WHERE ${HASH_BETWEEN} ORDER BY c.hash, c.repository_id LIMIT ${CANDIDATES}`,
    prefix,
    `${prefix}g`,
  );
  const wanted = repositoryKey === undefined
    ? rows
    : rows.filter((row) => row.repository_key === repositoryKey);
  if (wanted.length === 0) return { kind: "notFound" };
  if (wanted.some((row) => row.hash !== wanted[0].hash)) {
    return { kind: "ambiguous", candidates: wanted.map(commitRef) };
  }
  const others = rows.filter((row) => row.hash === wanted[0].hash && row.id !== wanted[0].id);
  return { kind: "found", commit: commitDetail(db, wanted[0], others) };
}

function commitDetail(db: Database, row: DetailRow, others: DetailRow[]): CommitDetail {
  return {
    ...commitSummaries(db, [row])[0],
    committerEmail: row.committer_email,
    parents: parentsOf(db, row),
    trailers: JSON.parse(row.trailers),
    considered: consideredFor(db, row),
    writtenLines: writtenLines(db, row.repository_key, { hashes: [row.hash] }).get(row.hash) ?? [],
    alsoIn: others.map(repositoryRef),
    copies: copiesOf(db, row.id),
  };
}

function parentsOf(db: Database, row: DetailRow): CommitDetail["parents"] {
  return row.parents.split(" ").filter((hash) => hash !== "").map((hash) => ({
    hash: hash as CommitHash,
    subject: db.get<{ subject: string }>(
      "SELECT subject FROM commits WHERE hash = ? AND repository_id = ?",
      hash,
      row.repository_key,
    )?.subject ?? null,
  }));
}

function consideredFor(db: Database, row: DetailRow): ConsideredSession[] {
  const considered = listConsiderations(db, {
    hash: row.hash,
    repositoryKey: row.repository_key,
  });
  const ids = considered.flatMap(({ sessionId, by }) =>
    by === null ? [sessionId] : [sessionId, by]
  );
  const sessions = new Map(
    db.all<SessionRef>(
      `SELECT s.session_id AS sessionId, coalesce(s.title, s.first_message) AS title, s.agent
      FROM json_each(?) AS wanted JOIN sessions s ON s.session_id = wanted.value`,
      JSON.stringify(ids),
    ).map((session) => [session.sessionId, session]),
  );
  const name = (id: SessionId) => sessions.get(id) ?? { sessionId: id, title: null, agent: null };
  return considered.map(({ sessionId, by, ...rest }) => ({
    ...name(sessionId),
    ...rest,
    by: by === null ? null : name(by),
  }));
}

function commitRef(row: CommitRow): CommitRef {
  return { hash: row.hash, repositoryId: row.repository_id, subject: row.subject };
}

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
  { hash, repositoryKey }: { hash: CommitHash; repositoryKey: RepositoryKey },
): Consideration[] {
  const row = db.get<{ considered: string }>(
    `SELECT x.considered FROM link_considerations x JOIN commits c ON c.id = x.commit_id
    WHERE c.hash = ? AND c.repository_id = ?`,
    hash,
    repositoryKey,
  );
  return row === undefined ? [] : JSON.parse(row.considered);
}

/** The copies that linking found of a commit, by the store's number of it, the oldest first. */
function copiesOf(db: Database, commit: number): CopiedCommit[] {
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
