import type { AgentFolders } from "../domain/settings.ts";
import type { GitRunner } from "../git/run/runner.ts";
import type { Rule } from "../domain/links.ts";
import type { Database } from "../store/database.ts";
import {
  closeInterruptedRuns,
  endRun,
  lastCompletedRun,
  nextRunId,
  type RunEnd,
  startRun,
} from "../store/write/runs.ts";
import { refreshSearch } from "../store/write/search_index.ts";
import { errorMessage } from "../text/errors.ts";
import type { Changed, SyncKind } from "./announcements.ts";
import type { GitSyncProgress, GitSyncResult } from "./events.ts";
import { indexSources } from "./steps/index_sources.ts";
import type { IndexingProgress } from "./indexing_state.ts";
import { CANCELLED_MESSAGE } from "./report.ts";
import { linkSessions } from "./steps/link.ts";
import type { RepositoryStep } from "./steps/repository_steps.ts";
import { scanRepositories } from "./steps/scan.ts";

/** What a sync works with. */
export interface SyncDeps {
  /** The one connection that writes. */
  db: Database;
  /** The folders of Claude Code, each with `projects` in it. */
  agents: readonly AgentFolders[];
  runGit: GitRunner;
  now: () => number;
}

/** How a sync is watched, ended and named. */
export interface SyncOptions {
  /** Hears what happens, in order and never concurrently. */
  onProgress: (progress: GitSyncProgress) => void;
  /** Ends the sync at its next batch; what was stored until then stays. */
  signal?: AbortSignal;
  /** Hears how far reading the transcripts came, before the first of `onProgress`. */
  onIndexing?: (progress: IndexingProgress) => void;
  /** Hears where repositories stand in the scan. */
  onRepositories?: (steps: RepositoryStep[]) => void;
  /** Hears what of the store a step has changed. */
  onChanged?: (what: Changed[]) => void;
  /** @default {"user"} */
  kind?: SyncKind;
  /** The row that the run gets in `sync_runs`. @default the next one */
  runId?: number;
  /** Read every source from its beginning. @default {false} */
  rebuild?: boolean;
  /** Rules to leave out, for measuring. @default {[]} */
  withoutRules?: readonly Rule[];
}

/**
 * Runs one sync: reads what is new in the transcripts, scans the repositories that sessions worked in, links, and
 * makes what is new searchable.
 *
 * The run's row says how it ended, whatever way it did.
 *
 * @throws {DOMException} `AbortError` once `signal` is aborted.
 */
export async function runGitSync(deps: SyncDeps, options: SyncOptions): Promise<GitSyncResult> {
  const { db, now } = deps;
  const { onProgress, onIndexing = () => {}, onChanged = () => {}, onRepositories, signal } =
    options;
  const runId = options.runId ?? nextRunId(db);
  const startedAt = now();
  const since = performance.now();
  const end: RunEnd = {
    outcome: "completed",
    indexedAt: null,
    endedAt: startedAt,
    reposScanned: 0,
    totalRepos: 0,
    commitsFound: 0,
    linksCreated: 0,
    error: null,
    failures: [],
  };
  const watched = (progress: GitSyncProgress) => {
    tally(end, progress);
    onProgress(progress);
  };
  /** Runs a step and reports what it changed. If it is cut short, everything it wrote counts as a change. */
  const step = async <Result>(
    what: Changed[],
    work: () => Promise<Result>,
    hasChanged: (result: Result, wrote: boolean) => boolean,
  ): Promise<Result> => {
    signal?.throwIfAborted();
    const before = db.changes;
    let changed = true;
    try {
      const result = await work();
      changed = hasChanged(result, db.changes !== before);
      return result;
    } finally {
      if (changed && db.changes !== before) onChanged(what);
    }
  };

  const last = lastCompletedRun(db);
  // One that a full disk kept from saying how it ended.
  closeInterruptedRuns(db, startedAt);
  startRun(db, { id: runId, kind: options.kind ?? "user", startedAt });
  try {
    const rebuild = options.rebuild ?? false;
    await step(
      ["sessions"],
      () => indexSources(deps, { onProgress: onIndexing, signal, rebuild }),
      ({ sessionsChanged }) => sessionsChanged > 0,
    );
    end.indexedAt = now();
    const scan = await step(
      ["repositories", "commits"],
      () => scanRepositories(deps, { onProgress: watched, onRepositories, signal }),
      ({ changedRepositories }) => changedRepositories.length > 0,
    );
    end.commitsFound = scan.commitsFound;
    end.failures.push(...scan.failures);
    const withoutRules = options.withoutRules ?? [];
    const link = await step(
      ["links"],
      () => linkSessions(deps, { onProgress: watched, signal, withoutRules }),
      (_, wrote) => wrote,
    );
    end.linksCreated = link.linksCreated;
    end.failures.push(...link.failures);
    await refreshSearch(db, { signal });
    signal?.throwIfAborted();
    if (troubleOf(end) !== troubleOf(last)) onChanged(["repositories"]);
  } catch (error) {
    const reason = errorMessage(error);
    end.outcome = signal?.aborted ? "cancelled" : "failed";
    end.error = signal?.aborted ? CANCELLED_MESSAGE : reason;
    throw error;
  } finally {
    end.endedAt = startedAt + Math.round(performance.now() - since);
    endRun(db, runId, end);
  }
  const { reposScanned, commitsFound, linksCreated, failures, endedAt } = end;
  const durationMs = endedAt - startedAt;
  return { runId, reposScanned, commitsFound, linksCreated, durationMs, failures };
}

/** What a run has to say about repositories besides their commits. */
function troubleOf(run: Pick<RunEnd, "totalRepos" | "failures"> | null): string {
  return JSON.stringify([run?.totalRepos ?? 0, run?.failures ?? []]);
}

/** Adds up what a run reports, so that one that is cut short leaves its counts too. */
function tally(end: RunEnd, progress: GitSyncProgress): void {
  switch (progress.type) {
    case "scanningStarted":
      end.totalRepos = progress.totalRepos;
      break;
    case "repoScanned":
      end.reposScanned = progress.reposDone;
      end.commitsFound += progress.commitsInRepo;
      break;
    case "correlatingStarted":
      break;
    case "sessionCorrelated":
      end.linksCreated += progress.linksInSession;
      break;
    default:
      progress satisfies never;
  }
}
