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
import { actionsIn } from "../../links/actions.ts";
import type { Verdict } from "../../links/claim.ts";
import { withoutConcurrentEdits } from "../../links/concurrent_edits.ts";
import { decide, type Decision } from "../../links/engine.ts";
import { landedLines } from "../../links/lines/landed.ts";
import { lineRanges } from "../../links/lines/match.ts";
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
import { listIncomplete, loadChange, loadChangeLevels } from "../../store/write/commit_changes.ts";
import { type CommitLinks, LinkWriter, setLinksFingerprint } from "../../store/write/links.ts";
import { loadPlaces, refreshSessionPlaces } from "../../store/write/session_folders.ts";
import { saveWrittenFiles } from "../../store/write/written_files.ts";
import { FNV_START, mixFnv } from "../../text/fnv.ts";
import { VersionedLru } from "../../text/lru.ts";
import type { PathIndex } from "../../text/path_index.ts";
import type { GitSyncProgress, RepoFailure } from "../events.ts";
import { readCandidateChanges } from "./read_changes.ts";

/** Sessions' facts, and commits' changes, are each kept between runs up to about so many lines: some 8 MB. */
const KEPT_LINES = 500_000;
/** Changes are kept while their repository is linked up to about so many lines; others are read from the store each time. */
const RUN_LINES = 8_000_000;
/** What an act or a file takes besides its lines, in lines. */
const LINES_PER_PART = 20;

/**
 * Facts that linking has read from the store: a run asks for a commit's change many times, and in the next run a session
 * that goes on costs the reading of that one alone. What was read from another version is read again, so that keeping
 * facts changes no link.
 */
class FactsCache {
  readonly #sessions = new VersionedLru<SessionWork>({ weight: KEPT_LINES });
  readonly #changes = new VersionedLru<CommitChange | null>({ weight: RUN_LINES });

  /** What a session did in a repository, as `load` reads it if it is not kept. */
  session(
    { session, repository, version }: { session: number; repository: number; version: string },
    load: () => SessionWork,
  ): SessionWork {
    return this.#sessions.get({ key: `${session} ${repository}`, version }, load, ({ actions }) => {
      let lines = LINES_PER_PART;
      for (const action of actions) {
        lines += LINES_PER_PART;
        if (action.kind === "edit") lines += action.added.length + action.removed.length;
      }
      return lines;
    });
  }

  /** What a commit changes, whatever repository holds it, as `load` reads it if it is not kept; null stays unknown. */
  change(
    { hash, level }: { hash: CommitHash; level: string },
    load: () => CommitChange | null,
  ): CommitChange | null {
    return this.#changes.get({ key: hash, version: level }, load, (change) => {
      let lines = LINES_PER_PART;
      for (const { added, removed } of change?.files ?? []) {
        // An added line has its place beside it.
        lines += LINES_PER_PART + 2 * added.length + removed.length;
      }
      return lines;
    });
  }

  /** Forgets what is only for a run: the changes of its repository are asked for over and over. */
  endRun(): void {
    this.#changes.trim(KEPT_LINES);
  }
}

const caches = new WeakMap<Database, FactsCache>();

/** The facts that are kept of a database as long as it is open. */
function factsCacheOf(db: Database): FactsCache {
  let cache = caches.get(db);
  if (cache === undefined) caches.set(db, cache = new FactsCache());
  return cache;
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

/** All that the links of a repository are made from. */
function factsOf(
  db: Database,
  { repository, commits, sessions, named }: {
    repository: LinkRepository;
    commits: readonly Keyed<CommitFacts>[];
    sessions: readonly SessionWork[];
    named: Attributions | null;
  },
): RepositoryFacts {
  const keys = new Map(commits.map(({ key, facts }) => [facts.hash, key]));
  const levels = loadChangeLevels(db, repository.id);
  const cache = factsCacheOf(db);
  return {
    userEmail: repository.userEmail,
    ownAddresses: JSON.parse(repository.ownAddresses),
    commits: commits.map(({ facts }) => facts),
    sessions,
    changeOf: (hash) => {
      const key = keys.get(hash)!;
      const level = levels.get(key);
      if (level === undefined) return null;
      // Another time it may be less that is missing.
      if (level === "partial") return loadChange(db, key);
      return cache.change({ hash, level }, () => loadChange(db, key));
    },
    named,
  };
}

/** What sessions did in a repository, in the same order. */
async function sessionFactsOf(
  db: Database,
  { repository, sessions, places, pause }: {
    repository: number;
    sessions: readonly SessionVersion[];
    places: PathIndex;
    pause: Pause;
  },
): Promise<readonly SessionWork[]> {
  const cache = factsCacheOf(db);
  const found: SessionWork[] = [];
  for (const { key: session, factsVersion, location } of sessions) {
    const version = `${factsVersion} ${location}`;
    found.push(
      cache.session(
        { session, repository, version },
        () => {
          const { id, agent, externalIds, events, activities } = loadSession(db, session);
          return {
            id,
            agent,
            externalIds,
            ...actionsIn(repository, { events, activities, places }),
          };
        },
      ),
    );
    await pause();
  }
  return withoutConcurrentEdits(found);
}

/** The most sessions that are kept of those considered for a commit and not linked. */
const MAX_CONSIDERED = 8;

/** What was decided of a commit, as the store keeps it. */
function rowsOf(
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
const ENGINE_VERSION = 6;

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
  const objects = readable ? objectsStamp(repository.commonDir) : "";
  if (readable) {
    const again = repository.linksFingerprint?.endsWith(objects) !== true;
    await readCandidateChanges({ db, runGit }, { repository, commits, sessions, again, signal });
  }
  const named =
    !readable || (["trailer", "notes"] as const).every((rule) => withoutRules.includes(rule))
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
  setLinksFingerprint(db, {
    repository: repository.id,
    fingerprint: listIncomplete(db).has(repository.id) ? fingerprint + objects : fingerprint,
  });
  factsCacheOf(db).endRun();
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
  const incomplete = listIncomplete(db);
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
    const objects = incomplete.has(repository.id) ? objectsStamp(repository.commonDir) : "";
    if (fingerprint + objects === repository.linksFingerprint) continue;
    pending.push({ repository, sessions, fingerprint });
  }
  return pending;
}

/** What differs once objects came to a repository: when packs and the folders of loose objects were written. */
function objectsStamp(commonDir: string): string {
  const folders = ["", "/pack"];
  for (let first = 0; first < 256; first++) folders.push(`/${first.toString(16).padStart(2, "0")}`);
  let stamp = FNV_START;
  for (const folder of folders) {
    try {
      stamp = mixFnv(stamp, Deno.statSync(`${commonDir}/objects${folder}`).mtime?.getTime() ?? 0);
    } catch {
      stamp = mixFnv(stamp, 1);
    }
  }
  return ` objects:${(stamp >>> 0).toString(16)}`;
}

function fingerprintOf(sessions: readonly SessionVersion[]): string {
  let low = FNV_START;
  let high = 0xcbf29ce4;
  for (const { key, factsVersion, location } of sessions) {
    low = mixFnv(low, key);
    high = mixFnv(high, factsVersion ^ low);
    high = mixFnv(high, location);
  }
  return `${sessions.length}:${(high >>> 0).toString(16)}${(low >>> 0).toString(16)}`;
}
