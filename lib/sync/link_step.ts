import { DiffError } from "../git/diffs.ts";
import { readNamedSessions } from "../git/recorders.ts";
import type { GitRunner } from "../git/runner.ts";
import type { CommitHash } from "../ids.ts";
import { decide, type Decision } from "../links/engine.ts";
import type {
  CommitChange,
  CommitFacts,
  NamedSessions,
  RepositoryFacts,
  SessionFacts,
} from "../links/facts.ts";
import { lineRanges } from "../links/line_ranges.ts";
import type { Rule } from "../links/link.ts";
import type { Places } from "../links/places.ts";
import { evidenceOf, type Verdict } from "../links/weigh.ts";
import { loadChange } from "../store/commit_changes.ts";
import type { Database } from "../store/database.ts";
import {
  type Keyed,
  type LinkRepository,
  listLinkRepositories,
  listRepositorySessions,
  loadCommitFacts,
  loadSessionFacts,
} from "../store/link_facts.ts";
import { type CommitLinks, LinkWriter, setLinksFingerprint } from "../store/links.ts";
import { loadPlaces, refreshSessionPlaces } from "../store/session_places.ts";
import type { GitSyncProgress, RepoFailure } from "./events.ts";
import { readCandidateChanges } from "./read_changes.ts";
import { type Pause, pauses } from "./turns.ts";

/** Raised whenever the engine would give other links for the same facts, so that stored ones are made anew. */
const ENGINE_VERSION = 1;

/** How many commits are written in one transaction. */
const BATCH = 200;

/** Changes are kept in memory up to about this many lines; what is beyond is read from the store each time. */
const KEPT_LINES = 8_000_000;
/** What a commit takes besides its lines, in lines. */
const LINES_PER_COMMIT = 50;

/** The most sessions that are kept of those considered for a commit and not linked. */
const MAX_CONSIDERED = 8;

/** What linking needs. */
export interface LinkDeps {
  db: Database;
  runGit: GitRunner;
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
  const open = new Map<number, number>();
  for (const { sessions } of pending) {
    for (const session of sessions) open.set(session, (open.get(session) ?? 0) + 1);
  }
  const total = open.size;
  onProgress({ type: "correlatingStarted", totalCorrelatableSessions: total });
  const result: LinkResult = { linksCreated: 0, failures: [] };
  const created = new Map<number, number>();
  const pause = pauses(signal);
  let done = 0;
  for (const one of pending) {
    await pause();
    try {
      for (const session of await linkOne(deps, one, { places, pause, withoutRules, signal })) {
        result.linksCreated++;
        created.set(session, (created.get(session) ?? 0) + 1);
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof DiffError)) throw error;
      result.failures.push(failureOf(one.repository, error));
    }
    for (const session of one.sessions) {
      const left = open.get(session)! - 1;
      open.set(session, left);
      if (left > 0) continue;
      onProgress({
        type: "sessionCorrelated",
        sessionsDone: ++done,
        totalCorrelatableSessions: total,
        linksInSession: created.get(session) ?? 0,
      });
    }
  }
  return result;
}

/** Links one repository and gives the sessions of the links that are new, one for each link. */
async function linkOne(
  { db, runGit }: LinkDeps,
  { repository, sessions: keys, fingerprint }: Pending,
  { places, pause, withoutRules, signal }: {
    places: Places;
    pause: Pause;
    withoutRules: readonly Rule[];
    signal?: AbortSignal;
  },
): Promise<number[]> {
  const commits = loadCommitFacts(db, repository.id);
  const sessions: SessionFacts[] = [];
  for (const session of keys) {
    sessions.push(loadSessionFacts(db, { session, repository: repository.id, places }));
    await pause();
  }
  if (repository.state === "repository") {
    await readCandidateChanges({ db, runGit }, { repository, commits, sessions, signal });
  }
  const named = repository.state !== "repository" || withoutRules.includes("trailer")
    ? null
    : await readNamedSessions(runGit, {
      cwd: repository.path,
      checkpoints: checkpointsOf(commits),
      signal,
    });
  const facts = factsOf(db, { repository, commits, sessions, named });
  const writer = new LinkWriter(db, repository.id);
  const created: number[] = [];
  let batch: CommitLinks[] = [];
  for (const decision of decide(facts, { withoutRules })) {
    if (decision === undefined) {
      await pause();
      continue;
    }
    batch.push(rowsOf(decision, { facts, commit: commits[decision.commit].key, keys }));
    if (batch.length === BATCH) {
      created.push(...writer.write(batch));
      batch = [];
    }
    await pause();
  }
  created.push(...writer.write(batch));
  setLinksFingerprint(db, { repository: repository.id, fingerprint });
  return created;
}

/** The checkpoints that commits name. */
function checkpointsOf(commits: readonly Keyed<CommitFacts>[]): Set<string> {
  const checkpoints = new Set<string>();
  for (const { facts } of commits) {
    for (const { key, value } of facts.trailers) {
      if (/^entire-checkpoint$/i.test(key)) checkpoints.add(value.trim());
    }
  }
  return checkpoints;
}

function factsOf(
  db: Database,
  { repository, commits, sessions, named }: {
    repository: LinkRepository;
    commits: readonly Keyed<CommitFacts>[];
    sessions: SessionFacts[];
    named: NamedSessions | null;
  },
): RepositoryFacts {
  const keys = new Map(commits.map(({ key, facts }) => [facts.hash, key]));
  return {
    userEmail: repository.userEmail,
    commits: commits.map(({ facts }) => facts),
    sessions,
    changeOf: kept((hash) => loadChange(db, keys.get(hash)!)),
    named,
  };
}

/** Remembers what `load` gave, as far as memory is to be used for it. */
function kept(load: (hash: CommitHash) => CommitChange | null): RepositoryFacts["changeOf"] {
  const changes = new Map<CommitHash, CommitChange | null>();
  let lines = 0;
  return (hash) => {
    const known = changes.get(hash);
    if (known !== undefined) return known;
    const change = load(hash);
    if (lines < KEPT_LINES) {
      changes.set(hash, change);
      lines += LINES_PER_COMMIT;
      for (const { added, removed } of change?.files ?? []) lines += added.length + removed.length;
    }
    return change;
  };
}

function rowsOf(
  { verdicts, shares, lines, elsewhere }: Decision,
  { facts, commit, keys }: { facts: RepositoryFacts; commit: number; keys: readonly number[] },
): CommitLinks {
  const lost = verdicts.filter(({ linked }) => !linked).slice(0, MAX_CONSIDERED);
  return {
    commit,
    elsewhere,
    links: verdicts.filter(({ linked }) => linked).map((verdict) => ({
      session: keys[verdict.session],
      tier: verdict.tier,
      confidence: verdict.confidence,
      share: shares.get(verdict.session) ?? null,
      evidence: JSON.stringify(evidenceOf(verdict)),
    })),
    ranges: lineRanges(lines).map((range) => ({ ...range, session: keys[range.session] })),
    considered: lost.length === 0
      ? null
      : JSON.stringify(lost.map((verdict) => consideredOf(verdict, facts))),
  };
}

function consideredOf(verdict: Verdict, { sessions }: RepositoryFacts): unknown {
  const { session, confidence, reason, by } = verdict;
  return {
    sessionId: sessions[session].id,
    confidence,
    reason,
    by: by === null ? null : sessions[by].id,
    evidence: evidenceOf(verdict),
  };
}

function failureOf({ path }: LinkRepository, { message: why }: DiffError): RepoFailure {
  return {
    repo: path,
    code: "diffFailed",
    message:
      `git could not read what its commits change (${why}); they are linked at the next sync that can.`,
  };
}

/** The repositories that have commits and whose facts or rules are not those their links were made from. */
function findPending(db: Database, withoutRules: readonly Rule[]): Pending[] {
  const pending: Pending[] = [];
  const sessionsOf = listRepositorySessions(db);
  for (const repository of listLinkRepositories(db)) {
    const sessions = sessionsOf.get(repository.id) ?? [];
    const fingerprint = [
      ENGINE_VERSION,
      [...withoutRules].sort().join(","),
      repository.factsVersion,
      repository.userEmail ?? "",
      repository.state,
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
