import { DiffError } from "../git/diffs.ts";
import { readNamedSessions } from "../git/recorders.ts";
import type { GitRunner } from "../git/runner.ts";
import { decide } from "../links/engine.ts";
import type { RepositoryFacts } from "../links/facts.ts";
import { landedLines, type WrittenFile } from "../links/landed.ts";
import type { Rule } from "../links/link.ts";
import type { Places } from "../links/places.ts";
import type { Database } from "../store/database.ts";
import {
  type LinkRepository,
  listLinkRepositories,
  listRepositorySessions,
  loadCommitFacts,
  type SessionVersion,
} from "../store/link_facts.ts";
import { type CommitLinks, LinkWriter, setLinksFingerprint } from "../store/links.ts";
import { loadPlaces, refreshSessionPlaces } from "../store/session_places.ts";
import { saveWrittenFiles } from "../store/written_files.ts";
import type { GitSyncProgress, RepoFailure } from "./events.ts";
import { checkpointsOf, factsOf, sessionFactsOf } from "./link_facts.ts";
import { rowsOf } from "./link_rows.ts";
import { readCandidateChanges } from "./read_changes.ts";
import { type Pause, pauses } from "./turns.ts";

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
    places: Places;
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
  for (const { key, factsVersion, placed } of sessions) {
    low = Math.imul(low ^ key, 0x01000193);
    high = Math.imul(high ^ factsVersion ^ low, 0x01000193);
    high = Math.imul(high ^ placed, 0x01000193);
  }
  return `${sessions.length}:${(high >>> 0).toString(16)}${(low >>> 0).toString(16)}`;
}
