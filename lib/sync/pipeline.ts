import type { GitRunner } from "../git/runner.ts";
import type { Rule } from "../links/link.ts";
import type { Database } from "../store/database.ts";
import { refreshSearch } from "../store/search_index.ts";
import { endRun, nextRunId, type RunEnd, startRun } from "../store/runs.ts";
import type { Changed, SyncKind } from "./announcements.ts";
import type { GitSyncProgress, GitSyncResult } from "./events.ts";
import { indexTranscripts } from "./index_step.ts";
import type { IndexingProgress } from "./indexing_state.ts";
import { linkSessions } from "./link_step.ts";
import { scanRepositories } from "./scan_step.ts";

/** What a sync works with. */
export interface SyncDeps {
  /** The one connection that writes. */
  db: Database;
  /** The folders of Claude Code, each with `projects` in it. */
  claudeDirs: readonly string[];
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
  /** Hears what of the store a step has changed. */
  onChanged?: (what: Changed[]) => void;
  /** @default {"user"} */
  kind?: SyncKind;
  /** The row that the run gets in `sync_runs`. @default the next one */
  runId?: number;
  /** Read every transcript anew. @default {false} */
  rebuild?: boolean;
  /** Rules to leave out, for measuring. @default {[]} */
  withoutRules?: readonly Rule[];
}

/** What of the store each step changes. */
const STEP_CHANGES = {
  index: ["sessions"],
  scan: ["repositories", "commits"],
  link: ["links"],
  search: [],
} as const satisfies Record<string, Changed[]>;

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
  const { onProgress, onIndexing = () => {}, onChanged = () => {}, signal } = options;
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
  const step = async <Result>(name: keyof typeof STEP_CHANGES, work: () => Promise<Result>) => {
    signal?.throwIfAborted();
    const before = db.changes;
    try {
      return await work();
    } finally {
      if (db.changes !== before) onChanged([...STEP_CHANGES[name]]);
    }
  };

  startRun(db, { id: runId, kind: options.kind ?? "user", startedAt });
  try {
    await step(
      "index",
      () =>
        indexTranscripts(deps, {
          onProgress: onIndexing,
          signal,
          rebuild: options.rebuild ?? false,
        }),
    );
    end.indexedAt = now();
    const scan = await step("scan", () => scanRepositories(deps, { onProgress: watched, signal }));
    end.commitsFound = scan.commitsFound;
    end.failures.push(...scan.failures);
    const link = await step(
      "link",
      () =>
        linkSessions(deps, {
          onProgress: watched,
          signal,
          withoutRules: options.withoutRules ?? [],
        }),
    );
    end.linksCreated = link.linksCreated;
    end.failures.push(...link.failures);
    await step("search", () => refreshSearch(db, { signal }));
  } catch (error) {
    end.outcome = signal?.aborted ? "cancelled" : "failed";
    end.error = error instanceof Error ? error.message : String(error);
    throw error;
  } finally {
    const durationMs = Math.round(performance.now() - since);
    endRun(db, runId, { ...end, endedAt: startedAt + durationMs });
  }
  return {
    runId,
    reposScanned: end.reposScanned,
    commitsFound: end.commitsFound,
    linksCreated: end.linksCreated,
    durationMs: Math.round(performance.now() - since),
    failures: end.failures,
  };
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
