import { linkRepository } from "../links/engine.ts";
import type { Rule } from "../links/link.ts";
import type { Database } from "../store/database.ts";
import {
  type LinkRepository,
  listLinkRepositories,
  listRepositorySessions,
  loadCommitFacts,
  loadSessionFacts,
} from "../store/link_facts.ts";
import { type LinkRow, replaceLinks, setLinksFingerprint } from "../store/links.ts";
import { loadPlaces, refreshSessionPlaces } from "../store/session_places.ts";
import type { GitSyncProgress, RepoFailure } from "./events.ts";

/** Raised whenever the engine would give other links for the same facts, so that stored ones are made anew. */
const ENGINE_VERSION = 1;

/** How long a step may hold the thread before it lets messages in. */
const TURN_MS = 40;

/** What linking needs. */
export interface LinkDeps {
  db: Database;
  now: () => number;
}

/** How a run of linking is watched and ended. */
export interface LinkOptions {
  onProgress: (progress: GitSyncProgress) => void;
  signal?: AbortSignal;
  /** Rules to leave out, for measuring. @default {[]} */
  withoutRules?: readonly Rule[];
}

/** What a run of linking came to. */
export interface LinkResult {
  /** Links that were not there before. */
  linksCreated: number;
  failures: RepoFailure[];
}

interface Pending {
  repository: LinkRepository;
  sessions: number[];
  fingerprint: string;
}

/**
 * Links the sessions and commits of every repository whose facts changed since its links were made.
 *
 * @throws {DOMException} If `signal` is aborted; what was linked so far stays.
 */
export async function linkSessions(deps: LinkDeps, options: LinkOptions): Promise<LinkResult> {
  const { db } = deps;
  const { onProgress, signal, withoutRules = [] } = options;
  const places = loadPlaces(db);
  refreshSessionPlaces(db, places);
  const pending = findPending(db, withoutRules);
  const total = new Set(pending.flatMap(({ sessions }) => sessions)).size;
  const result: LinkResult = { linksCreated: 0, failures: [] };
  onProgress({ type: "correlatingStarted", totalCorrelatableSessions: total });
  const open = new Map<number, number>();
  for (const session of pending.flatMap(({ sessions }) => sessions)) {
    open.set(session, (open.get(session) ?? 0) + 1);
  }
  const linksOf = new Map<number, number>();
  let done = 0;
  for (const { repository, sessions, fingerprint } of pending) {
    const pause = breather(signal);
    const commits = loadCommitFacts(db, repository.id);
    const facts = [];
    for (const session of sessions) {
      facts.push(loadSessionFacts(db, { session, repository: repository.id, places }));
      await pause();
    }
    const links = linkRepository(
      {
        userEmail: repository.userEmail,
        commits: commits.map(({ facts }) => facts),
        sessions: facts,
      },
      { withoutRules },
    );
    await pause();
    const commitKeys = new Map(commits.map(({ key, facts }) => [facts.hash, key]));
    const sessionKeys = new Map(facts.map(({ id }, place) => [id, sessions[place]]));
    const rows: LinkRow[] = links.map((link) => ({
      session: sessionKeys.get(link.sessionId)!,
      commit: commitKeys.get(link.commit)!,
      tier: link.tier,
      confidence: link.confidence,
      share: link.share,
      evidence: JSON.stringify(link.evidence),
    }));
    result.linksCreated += db.transaction(() => {
      setLinksFingerprint(db, { repository: repository.id, fingerprint });
      return replaceLinks(db, { repository: repository.id, links: rows });
    });
    for (const { session } of rows) linksOf.set(session, (linksOf.get(session) ?? 0) + 1);
    for (const session of sessions) {
      const left = open.get(session)! - 1;
      open.set(session, left);
      if (left > 0) continue;
      onProgress({
        type: "sessionCorrelated",
        sessionsDone: ++done,
        totalCorrelatableSessions: total,
        linksInSession: linksOf.get(session) ?? 0,
      });
    }
    await pause();
  }
  return result;
}

/** The repositories that have commits and whose facts or rules are not those their links were made from. */
function findPending(db: Database, withoutRules: readonly Rule[]): Pending[] {
  const pending: Pending[] = [];
  for (const repository of listLinkRepositories(db)) {
    const sessions = listRepositorySessions(db, repository.id);
    const fingerprint = [
      ENGINE_VERSION,
      [...withoutRules].sort().join(","),
      repository.factsVersion,
      fingerprintOf(sessions),
    ].join(" ");
    if (fingerprint === repository.linksFingerprint || repository.commits === 0) continue;
    pending.push({ repository, sessions: sessions.map(({ key }) => key), fingerprint });
  }
  return pending;
}

function fingerprintOf(sessions: readonly { key: number; factsVersion: number }[]): string {
  let low = 0x811c9dc5;
  let high = 0xcbf29ce4;
  for (const { key, factsVersion } of sessions) {
    low = Math.imul(low ^ key, 0x01000193);
    high = Math.imul(high ^ factsVersion ^ low, 0x01000193);
  }
  return `${sessions.length}:${(high >>> 0).toString(16)}${(low >>> 0).toString(16)}`;
}

/** Gives a function that lets the event loop turn once a while, and throws once `signal` is aborted. */
function breather(signal: AbortSignal | undefined): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
    signal?.throwIfAborted();
  };
}
