import { createHash } from "node:crypto";
import { inParallel, type Pause, yielder } from "../../async/yield.ts";
import type { CommitHash, RepositoryKey } from "../../domain/ids.ts";
import type { ScannedCommit } from "../../domain/link_facts.ts";
import type { RepoOutcome } from "../../domain/sync_model.ts";
import { FolderProbe } from "../../git/locate/folder_probe.ts";
import { readWorktreeRecords } from "../../git/locate/worktrees.ts";
import {
  explainFailure,
  explainGone,
  explainOdd,
  explainUnreadable,
  type ScanFailure,
} from "../../git/run/failure.ts";
import type { GitDir, GitFailure, GitRunner } from "../../git/run/runner.ts";
import { type Fingerprint, readFingerprint, withRefs } from "../../git/scan/fingerprint.ts";
import { findMissing, readRoots, scanHashes, scanLog, scanReflogs } from "../../git/scan/log.ts";
import { readRefs, readRefState } from "../../git/scan/refs.ts";
import { RootFinder } from "../../git/scan/root_finder.ts";
import { readOwnAddresses } from "../../git/scan/mailmap.ts";
import { readSettings } from "../../git/scan/settings.ts";
import type { Database } from "../../store/database.ts";
import {
  earliestSessionStart,
  listReachableHashes,
  markUnreachable,
  saveCommits,
} from "../../store/write/commits.ts";
import {
  listStoredRepositories,
  loadTips,
  saveFailure,
  saveFingerprint,
  saveScan,
  saveUnchanged,
  type StoredRepository,
} from "../../store/write/repositories.ts";
import { parentPath } from "../../text/paths.ts";
import { DAY_MS } from "../../time/days.ts";
import type { GitSyncProgress, RepoFailure } from "../events.ts";
import { findRepositories } from "./find_repositories.ts";
import type { RepositoryStep } from "./repository_steps.ts";

/** Ends the scan of one repository with a reason that the user gets to read. */
class Failed extends Error {
  readonly failure: ScanFailure;

  constructor(failure: ScanFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * What git answered about the repository at `path`.
 *
 * @throws {Failed} If git could not do what was asked of it.
 * @throws {DOMException} If it was aborted.
 * @throws {Error} If there is no git to ask.
 */
function expectOk<Outcome extends { kind: string }>(
  outcome: Outcome | GitFailure,
  { path, signal }: { path: string; signal?: AbortSignal },
): Exclude<Outcome, GitFailure> {
  if (outcome.kind === "ok") return outcome as Exclude<Outcome, GitFailure>;
  const failure = outcome as GitFailure;
  if (failure.kind === "gitMissing") throw new Error(failure.message);
  if (failure.kind === "aborted") {
    throw signal?.reason ?? new DOMException("Aborted", "AbortError");
  }
  throw new Failed(explainFailure(failure, path));
}

/** What scanning a repository takes. */
export interface ScanContext {
  db: Database;
  runGit: GitRunner;
  probe: FolderProbe;
  now: () => number;
  signal?: AbortSignal;
  pause: Pause;
}

/** What scanning one repository came to. */
export interface RepositoryScan {
  outcome: RepoOutcome;
  /** Whether it was read: not where its fingerprint was the same. */
  read: boolean;
  /** Commits that refs hold and that were not known before. */
  commitsFound: number;
  /** Whether any of its commits came, went out of reach, or came back. */
  changed: boolean;
  failure: ScanFailure | null;
}

/** A fingerprint that was read while the file system's clock could not tell changes apart. */
const RACY = "?";

/**
 * Brings the commits of one repository up to date. Without a change of its refs no process is started; with one, only
 * what is new since the last scan is walked, as long as that comes to the same.
 *
 * @param options.since The time of the first commit wanted, Unix milliseconds; null for all.
 * @throws {DOMException} If the signal is aborted. What was stored so far stays.
 * @throws {Error} If there is no git to run.
 */
async function scanRepository(
  repository: StoredRepository,
  { since, context }: { since: number | null; context: ScanContext },
): Promise<RepositoryScan> {
  const scan = new Scan(repository, context);
  try {
    return await scan.run(since);
  } catch (error) {
    if (error instanceof Failed) return scan.failed(error.failure);
    throw error;
  }
}

class Scan {
  #repository: StoredRepository;
  #context: ScanContext;
  #place: GitDir;
  #found = 0;
  #changed = false;
  #root: CommitHash | null = null;

  constructor(repository: StoredRepository, context: ScanContext) {
    this.#repository = repository;
    this.#context = context;
    this.#place = { cwd: repository.path, ceiling: parentPath(repository.path) };
  }

  async run(wanted: number | null): Promise<RepositoryScan> {
    const { now, signal } = this.#context;
    const { commonDir, lastOutcome } = this.#repository;
    await this.#checkFolders();
    const read = await readFingerprint(commonDir, { now, signal });
    if (read.kind === "odd") throw new Failed(explainOdd(read.path));
    const fingerprint = read.kind === "fingerprint"
      ? read.fingerprint
      : read.kind === "elsewhere"
      ? await this.#asked(read.fingerprint)
      : null;
    const full = this.#needsAll(fingerprint, wanted);
    const before = storedParts(this.#repository.fingerprint);
    if (
      !full && fingerprint !== null && lastOutcome !== "failed" &&
      historyOf(fingerprint) === before.history
    ) {
      if (fingerprint.recorders !== before.recorders) {
        saveFingerprint(this.#context.db, this.#repository.id, printed(fingerprint, before.named));
      }
      const outcome = lastOutcome === "empty" ? "empty" : "unchanged";
      return { outcome, read: false, commitsFound: 0, changed: false, failure: null };
    }
    const since = full ? wanted : this.#repository.scannedSince ?? null;
    return await this.#read({ since, full, fingerprint });
  }

  /** A fingerprint with what git says of refs; null where it cannot tell, which a scan will say. */
  async #asked(fingerprint: Fingerprint): Promise<Fingerprint | null> {
    const { runGit, signal } = this.#context;
    const answer = await readRefState(runGit, { place: this.#place, signal });
    if (answer.kind === "ok") return withRefs(fingerprint, answer.state);
    if (answer.kind === "aborted" || answer.kind === "gitMissing") this.#expect(answer);
    return null;
  }

  failed(failure: ScanFailure): RepositoryScan {
    return { ...this.#sum("failed"), failure };
  }

  async #checkFolders(): Promise<void> {
    const { probe } = this.#context;
    const { commonDir, path } = this.#repository;
    const entry = await probe.entry(commonDir);
    if (entry === "timeout") throw new Failed(explainFailure({ kind: "timeout" }, path));
    if (entry === "unreadable") throw new Failed(explainUnreadable(path));
    if (entry !== "folder") throw new Failed(explainGone(path));
    // The folder of a submodule or of a separate git directory may be gone while that is not.
    if (!commonDir.startsWith(`${path}/`) && (await probe.entry(path)) !== "folder") {
      this.#place = { cwd: commonDir, ceiling: parentPath(commonDir) };
    }
  }

  /** Whether what the last scan saw can't be built upon. */
  #needsAll(fingerprint: Fingerprint | null, wanted: number | null): boolean {
    const { scannedSince, fingerprint: before } = this.#repository;
    if (scannedSince === undefined || before === null) return true;
    if (scannedSince !== null && (wanted === null || wanted < scannedSince)) return true;
    const boundary = before.split(":")[1];
    return fingerprint === null ? boundary !== "" : boundary !== fingerprint.boundary;
  }

  async #read({ since, full, fingerprint }: {
    since: number | null;
    full: boolean;
    fingerprint: Fingerprint | null;
  }): Promise<RepositoryScan> {
    const { db, runGit, signal, now } = this.#context;
    const { id, commonDir, scannedSince } = this.#repository;
    const place = this.#place;
    const worktrees = await readWorktreeRecords(commonDir);
    const [refs, settings] = await Promise.all([
      readRefs(runGit, place, { signal, heads: worktrees.detached }),
      readSettings(runGit, place, signal),
    ]);
    const { tips, defaultBranch, recorders } = this.#expect(refs);
    const named = recorders === "" ? "" : createHash("sha256").update(recorders).digest("hex");
    const { userEmail, remotes, objectFormat } = this.#expect(settings);

    const seen = loadTips(db, id);
    await this.#readLog({ tips, seen: full ? [] : seen, since });
    if (scannedSince !== undefined) await this.#findLost({ tips, seen, full });
    const isWhole = !worktrees.reflogs ||
      await this.#readReflogs({ worktrees: worktrees.linked, since });

    const outcome = tips.length === 0 ? "empty" : "scanned";
    saveScan(db, id, {
      facts: {
        objectFormat,
        roots: await this.#roots({ tips, full, fingerprint }),
        remotes,
        userEmail,
        ownAddresses: userEmail === null
          ? []
          : await readOwnAddresses(this.#repository.path, userEmail),
        defaultBranch,
        tips,
        fingerprint: printed(
          fingerprint && { ...fingerprint, racy: fingerprint.racy || !isWhole },
          named,
        ),
        since,
        at: now(),
        outcome,
      },
      // What recorders say is a fact of commits like any other.
      commitsChanged: this.#changed ||
        storedParts(this.#repository.fingerprint).named !== named,
    });
    return this.#sum(outcome);
  }

  #sum(outcome: RepoOutcome): RepositoryScan {
    return {
      outcome,
      read: true,
      commitsFound: this.#found,
      changed: this.#changed,
      failure: null,
    };
  }

  async #readLog(query: { tips: string[]; seen: string[]; since: number | null }): Promise<void> {
    const { runGit, signal } = this.#context;
    const finder = new RootFinder(query.tips);
    const end = await scanLog(runGit, {
      place: this.#place,
      query,
      signal,
      onCommits: (commits) => {
        finder.see(commits);
        return this.#keep(commits, true);
      },
    });
    this.#expect(end);
    this.#root = finder.root;
  }

  /**
   * Reads what reflogs remember. They are a help and no more: if git cannot read them, nothing is missed that refs hold.
   *
   * @returns Whether they are done with; if git took too long, the next scan is to try again.
   */
  async #readReflogs(
    { worktrees, since }: { worktrees: string[]; since: number | null },
  ): Promise<boolean> {
    const { runGit, signal } = this.#context;
    const end = await scanReflogs(runGit, {
      place: this.#place,
      worktrees,
      since,
      signal,
      onCommits: (commits) => this.#keep(commits, false),
    });
    if (end.kind === "aborted" || end.kind === "gitMissing") this.#expect(end);
    return end.kind !== "timeout";
  }

  async #keep(commits: ScannedCommit[], reachable: boolean): Promise<void> {
    const { db, pause } = this.#context;
    const { added, revived } = saveCommits(db, this.#repository.id, { commits, reachable });
    if (reachable) this.#found += added;
    if (added + revived > 0) this.#changed = true;
    await pause();
  }

  /** Finds the commits that refs held at the last scan and hold no more. */
  async #findLost(
    { tips, seen, full }: { tips: string[]; seen: string[]; full: boolean },
  ): Promise<void> {
    const { db, runGit, signal, pause } = this.#context;
    const place = this.#place;
    const kept = new Set(tips);
    const left = seen.filter((hash) => !kept.has(hash));
    if (!full && left.length === 0) return;
    const suspects = new Set<string>();
    const isAll = full || await this.#anyMissing(left);
    if (isAll) {
      for (const hash of listReachableHashes(db, this.#repository.id)) suspects.add(hash);
    } else {
      const onHashes = (hashes: string[]) => hashes.forEach((hash) => suspects.add(hash));
      this.#expect(
        await scanHashes(runGit, { place, query: { tips: left, seen: tips }, signal, onHashes }),
      );
    }
    if (suspects.size === 0) return;
    // Where clocks were wrong git takes some for lost that are not, so all that refs hold is held against them.
    const onHashes = async (hashes: string[]) => {
      for (const hash of hashes) suspects.delete(hash);
      await pause();
    };
    this.#expect(await scanHashes(runGit, { place, query: { tips }, signal, onHashes }));
    if (markUnreachable(db, this.#repository.id, suspects) > 0) this.#changed = true;
  }

  async #anyMissing(hashes: string[]): Promise<boolean> {
    const { runGit, signal } = this.#context;
    const found = await findMissing(runGit, { place: this.#place, hashes, signal });
    return this.#expect(found).missing.length > 0;
  }

  async #roots({ tips, full, fingerprint }: {
    tips: string[];
    full: boolean;
    fingerprint: Fingerprint | null;
  }): Promise<string[]> {
    const { runGit, signal } = this.#context;
    const { roots } = this.#repository;
    // Where a shallow clone ends is not where history began.
    if (fingerprint !== null && fingerprint.boundary !== "") return [];
    if (tips.length === 0 || (!full && roots.length > 0)) return roots;
    // Where the log showed all of history there is no need to walk it once more.
    if (full && this.#root !== null) return [this.#root];
    return this.#expect(await readRoots(runGit, { place: this.#place, tips, signal })).roots;
  }

  #expect<Outcome extends { kind: string }>(
    outcome: Outcome | GitFailure,
  ): Exclude<Outcome, GitFailure> {
    return expectOk(outcome, { path: this.#repository.path, signal: this.#context.signal });
  }
}

/** What of a fingerprint tells of commits. */
function historyOf({ racy, refs, boundary }: Fingerprint): string {
  return `${racy ? RACY : ""}${refs}:${boundary}`;
}

/** A fingerprint as it is kept, with what recorders' refs named when git was asked last. */
function printed(fingerprint: Fingerprint | null, named: string): string {
  if (fingerprint === null) return `${RACY}:::${named}`;
  return `${historyOf(fingerprint)}:${fingerprint.recorders}:${named}`;
}

/** The parts of a fingerprint as it is kept. */
function storedParts(
  kept: string | null,
): { history: string | null; recorders: string; named: string } {
  if (kept === null) return { history: null, recorders: "", named: "" };
  const [refs, boundary, recorders = "", named = ""] = kept.split(":");
  return { history: `${refs}:${boundary}`, recorders, named };
}

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
const BEFORE_FIRST_SESSION_MS = DAY_MS;

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
  const pause = yielder(signal);
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
  const unchanged: RepositoryKey[] = [];
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
