import type { AgentId, CommitHash, SessionId } from "../../domain/ids.ts";
import type { Tier } from "../../domain/links.ts";
import type { Database } from "../database.ts";
import type {
  CommitHit,
  Excerpt,
  FileHit,
  PromptHit,
  SearchResult,
  SessionHit,
} from "../shapes.ts";
import { locationOf } from "./file_location.ts";
import { iso } from "./page.ts";
import {
  promptId,
  REPOSITORY_COLUMNS,
  repositoryRef,
  type RepositoryRow,
  SESSION_ID,
} from "./refs.ts";
import { HASH_BETWEEN, idRange, matchQuery, searchWords } from "./text_filter.ts";

const LENGTH = 160;
const BEFORE = 40;

/** Cuts a text down to a line around the first word found in it, and marks every word. */
export function excerpt(text: string, query: string): Excerpt {
  const words = searchWords(query).flatMap((word) => word.match(/[\p{L}\p{N}]+/gu) ?? []);
  const flat = text.slice(0, 20_000).replace(/\s+/g, " ").trim();
  const starts = words.length === 0 ? null : wordStarts(words);
  const first = starts === null ? 0 : Math.max(0, flat.search(starts));
  const from = first <= BEFORE ? 0 : first - BEFORE;
  const cut = flat.slice(from, from + LENGTH);
  const piece = `${from > 0 ? "…" : ""}${cut}${from + LENGTH < flat.length ? "…" : ""}`
    .toWellFormed();
  return { text: piece, marks: starts === null ? [] : marksOf(piece, starts) };
}

function marksOf(piece: string, starts: RegExp): [number, number][] {
  return Array.from(
    piece.matchAll(new RegExp(starts.source, "giu")),
    (match) => [match.index, match.index + match[0].length],
  );
}

/** Finds any of the words where one begins: as the full-text index does, but for accents. */
function wordStarts(words: string[]): RegExp {
  const longestFirst = words.toSorted((a, b) => b.length - a.length);
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst.join("|")})`, "iu");
}

/** What {@linkcode search} may be told. */
export interface SearchOptions {
  /** How many of each kind. @default {8} */
  limit?: number;
}

/** Of how many hits, the newest, the best are sought. */
const CANDIDATES = 400;
const LONGEST_HASH_PREFIX = 64;

/**
 * Searches sessions, commits, files and prompts for words, each taken as the start of one, and for starts of hashes
 * and session ids. Ranked by how rare and how dense the words are, commits and prompts by how dense alone; of equals the newer comes first.
 */
export function search(db: Database, text: string, options: SearchOptions = {}): SearchResult {
  const match = matchQuery(text);
  if (match === null) return { sessions: [], commits: [], files: [], prompts: [] };
  const wanted: Wanted = { text, match, id: idPrefix(text), limit: options.limit ?? 8 };
  return {
    sessions: findSessions(db, wanted),
    commits: findCommits(db, wanted),
    files: findFiles(db, wanted),
    prompts: findPrompts(db, wanted),
  };
}

interface Wanted {
  text: string;
  match: string;
  /** What may be the start of a hash or of a session's id. */
  id: string | null;
  limit: number;
}

function idPrefix(text: string): string | null {
  const id = text.trim().toLowerCase();
  return /^[0-9a-f][0-9a-f-]{3,}$/.test(id) && id.length <= LONGEST_HASH_PREFIX ? id : null;
}

/** The ids and ranks of the hits of an index, as a subquery with the match as its one value. */
function hits(index: string): string {
  return newestHits(index, `, bm25(${index}) AS score`);
}

/**
 * The ids of the hits of an index. A rank counts in how many of all rows each word stands: more than half the time of a
 * search in a hundred thousand texts, of which the shortest are the densest too.
 */
function newestHits(index: string, rank = ""): string {
  return `(SELECT rowid AS id${rank} FROM ${index} WHERE ${index} MATCH ?
    ORDER BY rowid DESC LIMIT ${CANDIDATES})`;
}

function findSessions(db: Database, { text, match, id, limit }: Wanted): SessionHit[] {
  interface Row {
    session_id: SessionId;
    agent: AgentId;
    title: string | null;
    first_message: string | null;
    ended_at: number | null;
    link_count: number;
  }
  const columns =
    `${SESSION_ID} AS session_id, s.agent, s.title, s.first_message, s.ended_at, s.link_count`;
  const byId = id === null ? [] : db.all<Row>(
    `SELECT ${columns} FROM sessions s WHERE s.session_id >= ? AND s.session_id < ? LIMIT ?`,
    ...idRange(id),
    limit,
  );
  const byWords = db.all<Row>(
    `SELECT ${columns} FROM ${hits("session_search")} AS h JOIN sessions s ON s.id = h.id
    ORDER BY h.score, s.ended_at DESC LIMIT ?`,
    match,
    limit,
  );
  return distinct([...byId, ...byWords], (row) => row.session_id, limit).map((row) => ({
    sessionId: row.session_id,
    title: row.title ?? row.first_message,
    agent: row.agent,
    excerpt: excerpt(row.title ?? row.first_message ?? "", text),
    endedAt: iso(row.ended_at),
    commitCount: row.link_count,
  }));
}

function findCommits(db: Database, { text, match, id, limit }: Wanted): CommitHit[] {
  interface Row extends RepositoryRow {
    id: number;
    hash: CommitHash;
    subject: string;
    author_name: string;
    author_at: number;
    best_tier: Tier | null;
  }
  const columns = "c.id, c.hash, c.subject, c.author_name, c.author_at, c.best_tier, " +
    REPOSITORY_COLUMNS;
  const byHash = id === null ? [] : db.all<Row>(
    `SELECT ${columns} FROM commits c JOIN repositories r ON r.id = c.repository_id
    WHERE ${HASH_BETWEEN} LIMIT ?`,
    ...idRange(id),
    limit,
  );
  const byWords = db.all<Row>(
    `SELECT ${columns} FROM ${newestHits("commit_search")} AS h JOIN commits c ON c.id = h.id
    JOIN repositories r ON r.id = c.repository_id
    WHERE c.reachable = 1 ORDER BY octet_length(c.subject), c.author_at DESC LIMIT ?`,
    match,
    limit,
  );
  return distinct([...byHash, ...byWords], (row) => row.id, limit).map((row) => ({
    hash: row.hash,
    repository: repositoryRef(row),
    excerpt: excerpt(row.subject, text),
    authorName: row.author_name,
    authoredAt: iso(row.author_at),
    tier: row.best_tier,
  }));
}

function findFiles(db: Database, { text, match, limit }: Wanted): FileHit[] {
  interface Row {
    path: string;
    at: number | null;
    session_id: SessionId | null;
    agent: AgentId | null;
    title: string | null;
  }
  const rows = db.all<Row>(
    `SELECT f.path, e.at, ${SESSION_ID} AS session_id, coalesce(s.title, s.first_message) AS title, s.agent
    FROM ${hits("file_search")} AS h JOIN edited_files f ON f.id = h.id
    LEFT JOIN session_events e ON e.id = f.event_id LEFT JOIN sessions s ON s.id = e.session_id
    ORDER BY h.score, e.at DESC LIMIT ?`,
    match,
    limit,
  );
  return rows.map((row) => {
    const place = locationOf(db, row.path);
    return {
      path: row.path,
      excerpt: excerpt(place?.pathInRepository ?? row.path, text),
      repository: place?.repository ?? null,
      pathInRepository: place?.pathInRepository ?? null,
      session: row.session_id === null
        ? null
        : { sessionId: row.session_id, title: row.title, agent: row.agent },
      editedAt: iso(row.at),
    };
  });
}

function findPrompts(db: Database, { text, match, limit }: Wanted): PromptHit[] {
  interface Row {
    message: number;
    at: number;
    text: string | null;
    session_id: SessionId;
    agent: AgentId;
    title: string | null;
  }
  const rows = db.all<Row>(
    `SELECT e.message, e.at, e.data ->> '$.text' AS text, ${SESSION_ID} AS session_id,
      coalesce(s.title, s.first_message) AS title, s.agent
    FROM ${newestHits("prompt_search")} AS h JOIN session_events e ON e.id = h.id
    JOIN sessions s ON s.id = e.session_id
    WHERE e.owned = 1 ORDER BY octet_length(e.data), e.at DESC LIMIT ?`,
    match,
    limit,
  );
  return rows.map((row) => ({
    id: promptId(row),
    session: { sessionId: row.session_id, title: row.title, agent: row.agent },
    excerpt: excerpt(row.text ?? "", text),
    at: iso(row.at),
  }));
}

function distinct<Row>(rows: Row[], key: (row: Row) => unknown, limit: number): Row[] {
  const seen = new Set<unknown>();
  return rows.filter((row) => !seen.has(key(row)) && seen.add(key(row))).slice(0, limit);
}
