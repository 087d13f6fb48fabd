import { actionsIn } from "../../links/actions.ts";
import type { Verdict } from "../../links/claim.ts";
import { type Pause, yielder } from "../../async/yield.ts";
import type { CommitHash } from "../../domain/ids.ts";
import type {
  Attributions,
  CommitChange,
  CommitFacts,
  RepositoryFacts,
  SessionWork,
} from "../../domain/link_facts.ts";
import type { Rule, WrittenFile } from "../../domain/links.ts";
import { DiffError } from "../../git/diff/changes.ts";
import { readAttributions } from "../../git/notes/attributions.ts";
import type { GitRunner } from "../../git/run/runner.ts";
import { decide, type Decision } from "../../links/engine.ts";
import { landedLines } from "../../links/lines/landed.ts";
import { lineRanges } from "../../links/lines/match.ts";
import type { PathIndex } from "../../text/path_index.ts";
import { evidenceOf } from "../../links/score.ts";
import type { Database } from "../../store/database.ts";
import {
  type Keyed,
  type LinkRepository,
  listLinkRepositories,
  listRepositorySessions,
  loadCommitFacts,
  loadSession,
  type SessionVersion,
} from "../../store/read/link_facts.ts";
import { loadChange, loadChangeLevels } from "../../store/write/commit_changes.ts";
import { type CommitLinks, LinkWriter, setLinksFingerprint } from "../../store/write/links.ts";
import { loadPlaces, refreshSessionPlaces } from "../../store/write/session_folders.ts";
import { saveWrittenFiles } from "../../store/write/written_files.ts";
import type { GitSyncProgress, RepoFailure } from "../events.ts";
import { readCandidateChanges } from "./read_changes.ts";

/** Facts of sessions and commits are kept between runs up to about so many lines: some 16 MB. */
const MAX_LINES = 1_000_000;
/** What an act or a file takes besides its lines, in lines. */
const LINES_PER_PART = 20;

interface Entry<Facts> {
  /** What the facts were read from. */
  version: string;
  facts: Facts;
  lines: number;
}

/**
 * Facts that linking has read from the store, for its next run: a session that goes on costs the reading of that one
 * alone. What was read from another version is read anew, so that keeping facts changes no link.
 */
export class FactsCache {
  readonly #sessions = new Map<string, Entry<SessionWork>>();
  readonly #changes = new Map<string, Entry<CommitChange>>();
  #lines = 0;

  /** What a session did in a repository, as `load` reads it where it is not kept. */
  session(
    { session, repository, version }: { session: number; repository: number; version: string },
    load: () => SessionWork,
  ): SessionWork {
    return this.#kept(this.#sessions, { key: `${session} ${repository}`, version }, {
      load,
      linesOf: ({ actions }) =>
        actions.reduce(
          (sum, action) =>
            sum + LINES_PER_PART +
            (action.kind === "edit" ? action.added.length + action.removed.length : 0),
          LINES_PER_PART,
        ),
    });
  }

  /** What a commit changes, as `load` reads it where it is not kept; null stays unknown. */
  change(
    { repository, hash, level }: { repository: number; hash: CommitHash; level: string },
    load: () => CommitChange | null,
  ): CommitChange | null {
    const key = `${repository} ${hash}`;
    return this.#kept<CommitChange | null>(
      this.#changes as Map<string, Entry<CommitChange | null>>,
      { key, version: level },
      {
        load,
        linesOf: (change) =>
          (change?.files ?? []).reduce(
            // An added line has its place beside it.
            (sum, { added, removed }) => sum + LINES_PER_PART + 2 * added.length + removed.length,
            LINES_PER_PART,
          ),
      },
    );
  }

  #kept<Facts>(
    entries: Map<string, Entry<Facts>>,
    { key, version }: { key: string; version: string },
    { load, linesOf }: { load: () => Facts; linesOf: (facts: Facts) => number },
  ): Facts {
    const known = entries.get(key);
    if (known?.version === version) return known.facts;
    const facts = load();
    const lines = linesOf(facts);
    if (known !== undefined) {
      entries.delete(key);
      this.#lines -= known.lines;
    }
    if (this.#lines + lines <= MAX_LINES) {
      entries.set(key, { version, facts, lines });
      this.#lines += lines;
    }
    return facts;
  }
}

const kept = new WeakMap<Database, FactsCache>();

/** What is kept of a database's facts as long as it is open. */
export function factsCacheOf(db: Database): FactsCache {
  let facts = kept.get(db);
  if (facts === undefined) kept.set(db, facts = new FactsCache());
  return facts;
}

/** Changes are kept in memory during a run up to about this many lines; what is beyond is read from the store each time. */
const KEPT_LINES = 8_000_000;
/** What a commit takes besides its lines, in lines. */
const LINES_PER_COMMIT = 50;

/** The checkpoints that commits name. */
export function checkpointsOf(commits: readonly Keyed<CommitFacts>[]): Set<string> {
  const checkpoints = new Set<string>();
  for (const { facts } of commits) {
    for (const { key, value } of facts.trailers) {
      if (/^entire-checkpoint$/i.test(key)) checkpoints.add(value.trim());
    }
  }
  return checkpoints;
}

/** All that the links of a repository are made from. */
export function factsOf(
  db: Database,
  { repository, commits, sessions, named }: {
    repository: LinkRepository;
    commits: readonly Keyed<CommitFacts>[];
    sessions: SessionWork[];
    named: Attributions | null;
  },
): RepositoryFacts {
  const keys = new Map(commits.map(({ key, facts }) => [facts.hash, key]));
  const levels = loadChangeLevels(db, repository.id);
  const facts = factsCacheOf(db);
  return {
    userEmail: repository.userEmail,
    commits: commits.map(({ facts }) => facts),
    sessions,
    changeOf: memoized((hash) => {
      const key = keys.get(hash)!;
      const level = levels.get(key);
      if (level === undefined) return null;
      return facts.change({ repository: repository.id, hash, level }, () => loadChange(db, key));
    }),
    named,
  };
}

/** Remembers what `load` gave, as far as memory is to be used for it. */
function memoized(load: (hash: CommitHash) => CommitChange | null): RepositoryFacts["changeOf"] {
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

/** What sessions did in a repository, in the same order. */
export async function sessionFactsOf(
  db: Database,
  { repository, sessions, places, pause }: {
    repository: number;
    sessions: readonly SessionVersion[];
    places: PathIndex;
    pause: Pause;
  },
): Promise<SessionWork[]> {
  const facts = factsCacheOf(db);
  const found: SessionWork[] = [];
  for (const { key: session, factsVersion, location } of sessions) {
    const version = `${factsVersion} ${location}`;
    found.push(
      facts.session(
        { session, repository, version },
        () => {
          const { id, externalIds, events, activities } = loadSession(db, session);
          return { id, externalIds, ...actionsIn(repository, { events, activities, places }) };
        },
      ),
    );
    await pause();
  }
  return found;
}

/** The most sessions that are kept of those considered for a commit and not linked. */
const MAX_CONSIDERED = 8;

/** What was decided of a commit, as the store keeps it. */
export function rowsOf(
  { commit, verdicts, shares, lines, byOthers, copies }: Decision,
  { facts, commits, keys }: {
    facts: RepositoryFacts;
    commits: readonly Keyed<CommitFacts>[];
    keys: readonly number[];
  },
): CommitLinks {
  const lost = verdicts.filter(({ linked }) => !linked).slice(0, MAX_CONSIDERED);
  return {
    commit: commits[commit].key,
    byOthers,
    copies: copies.map(({ commit, reason }) => ({ copy: commits[commit].key, reason })),
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

/** Raised whenever the engine would give other links for the same facts, so that stored ones are made anew. */
const ENGINE_VERSION = 4;

/** How many commits are written in one transaction. */
const BATCH = 200;

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
  sessions: SessionVersion[];
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
  for (const { repository, sessions } of pending) {
    if (repository.commits === 0) continue;
    for (const { key } of sessions) open.set(key, (open.get(key) ?? 0) + 1);
  }
  const total = open.size;
  onProgress({ type: "correlatingStarted", totalCorrelatableSessions: total });
  const result: LinkResult = { linksCreated: 0, failures: [] };
  const created = new Map<number, number>();
  const pause = yielder(signal);
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
    if (one.repository.commits === 0) continue;
    for (const { key: session } of one.sessions) {
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
  { repository, sessions: versions, fingerprint }: Pending,
  { places, pause, withoutRules, signal }: {
    places: PathIndex;
    pause: Pause;
    withoutRules: readonly Rule[];
    signal?: AbortSignal;
  },
): Promise<number[]> {
  const commits = loadCommitFacts(db, repository.id);
  const keys = versions.map(({ key }) => key);
  const sessions = await sessionFactsOf(db, {
    repository: repository.id,
    sessions: versions,
    places,
    pause,
  });
  const readable = repository.state === "repository" && commits.length > 0;
  if (readable) {
    await readCandidateChanges({ db, runGit }, { repository, commits, sessions, signal });
  }
  const named = !readable || withoutRules.includes("trailer")
    ? null
    : await readAttributions(runGit, {
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
    batch.push(rowsOf(decision, { facts, commits, keys }));
    if (batch.length === BATCH) {
      created.push(...writer.write(batch));
      batch = [];
    }
    await pause();
  }
  created.push(...writer.write(batch));
  // Of a repository that is gone and was never read nothing can be told.
  if (repository.state === "repository" || commits.length > 0) {
    await keepLandedLines(db, { repository: repository.id, facts, keys, pause });
  }
  setLinksFingerprint(db, { repository: repository.id, fingerprint });
  return created;
}

/** Tells what came of every line that sessions wrote, and keeps it. */
async function keepLandedLines(
  db: Database,
  { repository, facts, keys, pause }: {
    repository: number;
    facts: RepositoryFacts;
    keys: readonly number[];
    pause: Pause;
  },
): Promise<void> {
  const rows: WrittenFile[] = [];
  for (const file of landedLines(facts)) {
    if (file !== undefined) rows.push({ ...file, session: keys[file.session] });
    await pause();
  }
  saveWrittenFiles(db, repository, rows);
}

function failureOf({ path }: LinkRepository, { message: why }: DiffError): RepoFailure {
  return {
    repo: path,
    code: "diffFailed",
    message:
      `git could not read what its commits change (${why}); they are linked at the next sync that can.`,
  };
}

/** The repositories whose facts or rules are not those their links were made from. */
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
    if (fingerprint === repository.linksFingerprint) continue;
    pending.push({ repository, sessions, fingerprint });
  }
  return pending;
}

function fingerprintOf(sessions: readonly SessionVersion[]): string {
  let low = 0x811c9dc5;
  let high = 0xcbf29ce4;
  for (const { key, factsVersion, location } of sessions) {
    low = Math.imul(low ^ key, 0x01000193);
    high = Math.imul(high ^ factsVersion ^ low, 0x01000193);
    high = Math.imul(high ^ location, 0x01000193);
  }
  return `${sessions.length}:${(high >>> 0).toString(16)}${(low >>> 0).toString(16)}`;
}
