import type { AgentId, CommitHash, SessionId } from "../../domain/ids.ts";
import type { Activity } from "../../domain/session_events.ts";
import type { CommitFacts, StoredEvent, Trailer } from "../../domain/link_facts.ts";
import type { Database } from "../database.ts";
import { decodeLines } from "../write/session_events.ts";

/** A repository as linking needs it, with what tells whether its links are up to date. */
export interface LinkRepository {
  id: number;
  path: string;
  commonDir: string;
  userEmail: string | null;
  /** JSON. */
  ownAddresses: string;
  state: string;
  factsVersion: number;
  commits: number;
  /** What its links were made from, or null where they never were. */
  linksFingerprint: string | null;
}

/** The store's numbers beside the facts. */
export interface Keyed<Facts> {
  key: number;
  facts: Facts;
}

/** Every repository, in the order of their numbers. */
export function listLinkRepositories(db: Database): LinkRepository[] {
  return db.all(
    `SELECT id, path, common_dir AS commonDir, user_email AS userEmail, own_addresses AS ownAddresses, state, facts_version AS factsVersion,
       links_fingerprint AS linksFingerprint,
       (SELECT count(*) FROM commits c WHERE c.repository_id = r.id) AS commits
     FROM repositories r WHERE excluded = 0 ORDER BY id`,
  );
}

/** A session that worked in a repository, with what changes whenever its facts there may. */
export interface SessionVersion {
  key: number;
  factsVersion: number;
  /** Where its folders lay. */
  location: number;
}

/** The sessions that worked in each repository, in the order of their ids. */
export function listRepositorySessions(db: Database): Map<number, SessionVersion[]> {
  const rows = db.all<SessionVersion & { repository: number }>(
    `SELECT r.repository_id AS repository, s.id AS key, s.facts_version AS factsVersion,
       coalesce(p.location, 0) AS location
     FROM session_repositories r JOIN sessions s ON s.id = r.session_id
     LEFT JOIN session_folders p ON p.session_id = s.id
     ORDER BY s.session_id`,
  );
  return Map.groupBy(rows, ({ repository }) => repository);
}

interface CommitRow extends Omit<CommitFacts, "parents" | "trailers" | "reachable"> {
  key: number;
  hash: CommitHash;
  parents: string;
  trailers: string;
  reachable: number;
}

/** A repository's commits, in the order of their hashes. */
export function loadCommitFacts(db: Database, repository: number): Keyed<CommitFacts>[] {
  const found: Keyed<CommitFacts>[] = [];
  const rows = db.all<CommitRow>(
    `SELECT id AS key, hash, parents, author_at AS authorAt, committer_at AS committerAt, author_name AS authorName,
       author_email AS authorEmail, committer_email AS committerEmail, subject, trailers, reachable
     FROM commits WHERE repository_id = ? ORDER BY hash`,
    repository,
  );
  for (const { key, parents, trailers, reachable, ...rest } of rows) {
    found.push({
      key,
      facts: {
        ...rest,
        parents: parents === "" ? [] : parents.split(" "),
        trailers: trailers === "[]" ? [] : JSON.parse(trailers) as Trailer[],
        reachable: reachable === 1,
      },
    });
  }
  return found;
}

interface EventRow {
  event: number;
  at: number;
  kind: string;
  message: number;
  cwd: string | null;
  data: string;
  lines: Uint8Array | null;
}

/** A session's own events and activities, wherever it worked. */
export interface StoredSession {
  id: SessionId;
  agent: AgentId;
  /** Other ids by which trailers may name it. */
  externalIds: string[];
  /** In the order of time. */
  events: StoredEvent[];
  activities: Activity[];
}

/** Loads what linking needs of a session. */
export function loadSession(db: Database, session: number): StoredSession {
  const { id, agent, externalIds } = db.get<
    { id: SessionId; agent: AgentId; externalIds: string }
  >(
    "SELECT session_id AS id, agent, external_ids AS externalIds FROM sessions WHERE id = ?",
    session,
  )!;
  const rows = db.all<EventRow>(
    `SELECT id AS event, at, kind, message, cwd, lines,
       CASE kind WHEN 'prompt' THEN '{"call":null}' ELSE data END AS data
     FROM session_events WHERE session_id = ? AND owned = 1 ORDER BY at, id`,
    session,
  );
  const activities = db.all<Activity>(
    "SELECT started_at AS startedAt, ended_at AS endedAt FROM activities WHERE session_id = ? ORDER BY started_at",
    session,
  );
  return { id, agent, externalIds: JSON.parse(externalIds), events: rows.map(eventOf), activities };
}

function eventOf({ event, at, kind, message, cwd, data, lines }: EventRow): StoredEvent {
  const base = { ...JSON.parse(data), event, at, kind, message, cwd };
  return kind === "edit" ? { ...base, ...decodeLines(lines) } : base;
}
