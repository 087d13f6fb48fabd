import {
  explainFailure,
  explainGone,
  explainOdd,
  explainUnreadable,
  type ScanFailure,
} from "../git/failure.ts";
import { type Fingerprint, readFingerprint } from "../git/fingerprint.ts";
import type { FolderProbe } from "../git/folder_probe.ts";
import {
  findMissing,
  readRoots,
  scanHashes,
  scanLog,
  type ScannedCommit,
  scanReflogs,
} from "../git/log_scanner.ts";
import { type GitPlace, readRefs } from "../git/refs.ts";
import { RootFinder } from "../git/root_finder.ts";
import type { GitFailure, GitRunner } from "../git/runner.ts";
import { readSettings } from "../git/settings.ts";
import { readWorktreeRecords } from "../git/worktrees.ts";
import type { CommitHash } from "../domain/ids.ts";
import { parentPath } from "../links/paths.ts";
import { iterateReachableHashes, markUnreachable, saveCommits } from "../store/commits.ts";
import type { Database } from "../store/database.ts";
import { loadTips, saveScan, type StoredRepository } from "../store/repositories.ts";
import type { RepoOutcome } from "./events.ts";
import { expectOk, Failed } from "./scan_failure.ts";
import type { Pause } from "./turns.ts";

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
export async function scanRepository(
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
  #place: GitPlace;
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
    const fingerprint = read.kind === "fingerprint" ? read.fingerprint : null;
    const full = this.#needsAll(fingerprint, wanted);
    if (
      !full && fingerprint !== null && lastOutcome !== "failed" &&
      printed(fingerprint) === this.#repository.fingerprint
    ) {
      const outcome = lastOutcome === "empty" ? "empty" : "unchanged";
      return { outcome, read: false, commitsFound: 0, changed: false, failure: null };
    }
    const since = full ? wanted : this.#repository.scannedSince ?? null;
    return await this.#read({ since, full, fingerprint });
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
    const { tips, defaultBranch } = this.#expect(refs);
    const { userEmail, remotes, objectFormat } = this.#expect(settings);

    const seen = loadTips(db, id);
    await this.#readLog({ tips, seen: full ? [] : seen, since });
    if (scannedSince !== undefined) await this.#findLost({ tips, seen, full });
    if (worktrees.reflogs) await this.#readReflogs({ worktrees: worktrees.linked, since });

    const outcome = tips.length === 0 ? "empty" : "scanned";
    saveScan(db, id, {
      facts: {
        objectFormat,
        roots: await this.#roots({ tips, full, fingerprint }),
        remotes,
        userEmail,
        defaultBranch,
        tips,
        fingerprint: printed(fingerprint),
        since,
        at: now(),
        outcome,
      },
      commitsChanged: this.#changed,
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

  /** Reflogs are a help and no more: where they can't be read, nothing is missed that refs hold. */
  async #readReflogs(
    { worktrees, since }: { worktrees: string[]; since: number | null },
  ): Promise<void> {
    const { runGit, signal } = this.#context;
    const end = await scanReflogs(runGit, {
      place: this.#place,
      worktrees,
      since,
      signal,
      onCommits: (commits) => this.#keep(commits, false),
    });
    if (end.kind === "aborted" || end.kind === "gitMissing") this.#expect(end);
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
      for (const hash of iterateReachableHashes(db, this.#repository.id)) suspects.add(hash);
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

function printed(fingerprint: Fingerprint | null): string {
  if (fingerprint === null) return `${RACY}:`;
  const { racy, refs, boundary } = fingerprint;
  return `${racy ? RACY : ""}${refs}:${boundary}`;
}
