import { FolderProbe } from "../git/folder_probe.ts";
import type { GitRunner } from "../git/runner.ts";
import type { RepositoryId } from "../domain/ids.ts";
import { earliestSessionStart } from "../store/commits.ts";
import type { Database } from "../store/database.ts";
import {
  listStoredRepositories,
  saveFailure,
  saveUnchanged,
  type StoredRepository,
} from "../store/repositories.ts";
import type { GitSyncProgress, RepoFailure } from "./events.ts";
import { findRepositories } from "./find_repositories.ts";
import type { RepositoryStep } from "./repository_steps.ts";
import { type RepositoryScan, scanRepository } from "./scan_repository.ts";
import { inParallel, pauses } from "./turns.ts";

/** What the scan step works with. */
export interface ScanDeps {
  db: Database;
  runGit: GitRunner;
  now: () => number;
  /** How folders are looked at; a new one each time if not given. */
  probe?: FolderProbe;
}

/** How the scan step runs. */
export interface ScanOptions {
  onProgress: (progress: GitSyncProgress) => void;
  /** Hears where repositories stand: all of them at first, then each as it goes on. */
  onRepositories?: (steps: RepositoryStep[]) => void;
  signal?: AbortSignal;
}

/** What the scan step came to. */
export interface ScanResult {
  /** All that were looked at, those that failed included. */
  reposScanned: number;
  /** Commits that refs hold and that were not known before. */
  commitsFound: number;
  failures: RepoFailure[];
  /** The repositories whose commits changed. */
  changedRepositories: number[];
}

const REPOSITORIES_AT_ONCE = 4;
/** Commits are wanted from a little before the first session on: clocks differ. */
const BEFORE_FIRST_SESSION_MS = 24 * 60 * 60 * 1000;

/**
 * Finds the repositories that sessions worked in and brings their commits up to date, several at once. One that fails
 * stops no other, and each is reported once, whatever its outcome. One that is known to be gone is reported when it goes
 * and left out from then on.
 *
 * @throws {DOMException} If `signal` is aborted; what was stored so far stays.
 * @throws {Error} If there is no git to run.
 */
export async function scanRepositories(
  { db, runGit, now, probe = new FolderProbe() }: ScanDeps,
  { onProgress, onRepositories = () => {}, signal }: ScanOptions,
): Promise<ScanResult> {
  const pause = pauses(signal);
  await findRepositories({ db, runGit, probe, now }, { signal, pause });
  const repositories = await findScannable(db, probe);
  const totalRepos = repositories.length;
  onRepositories(repositories.map(({ path }) => ({ repo: path, state: "queued", message: null })));
  onProgress({ type: "scanningStarted", totalRepos });

  const first = earliestSessionStart(db);
  const since = first === null ? null : first - BEFORE_FIRST_SESSION_MS;
  const context = { db, runGit, probe, now, signal, pause };
  const result: ScanResult = {
    reposScanned: 0,
    commitsFound: 0,
    failures: [],
    changedRepositories: [],
  };
  const unchanged: RepositoryId[] = [];
  await inParallel(repositories, {
    limit: REPOSITORIES_AT_ONCE,
    work: async (repository) => {
      onRepositories([{ repo: repository.path, state: "scanning", message: null }]);
      const scan = await scanRepository(repository, { since, context });
      const message = scan.failure?.message ?? null;
      onRepositories([{ repo: repository.path, state: scan.outcome, message }]);
      if (scan.failure !== null) {
        const { code, message } = scan.failure;
        result.failures.push({ repo: repository.path, code, message });
        keepFailure(db, repository, scan);
      }
      if (!scan.read) unchanged.push(repository.id);
      if (scan.changed) result.changedRepositories.push(repository.id);
      result.commitsFound += scan.commitsFound;
      onProgress({
        type: "repoScanned",
        reposDone: ++result.reposScanned,
        totalRepos,
        commitsInRepo: scan.commitsFound,
        repo: repository.path,
        outcome: scan.outcome,
      });
      await pause();
    },
  });
  if (unchanged.length > 0) saveUnchanged(db, unchanged, now());
  return result;
}

/** The repositories to look at: not those the user left out, nor those that were gone before and still are. */
async function findScannable(db: Database, probe: FolderProbe): Promise<StoredRepository[]> {
  const found: StoredRepository[] = [];
  for (const repository of listStoredRepositories(db)) {
    if (repository.excluded) continue;
    if (repository.state === "gone" && (await probe.entry(repository.commonDir)) !== "folder") {
      continue;
    }
    found.push(repository);
  }
  return found;
}

function keepFailure(db: Database, repository: StoredRepository, scan: RepositoryScan): void {
  const { code, message } = scan.failure!;
  const state = code === "timeout" || code === "unexpected" ? repository.state : code;
  saveFailure(db, repository.id, { code, message, state, commitsChanged: scan.changed });
}
