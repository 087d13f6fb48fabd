import type { Database } from "../database.ts";
import { type KeyedRow, pageByKey, type PageOptions } from "../read/page.ts";
import type { Page } from "../shapes.ts";

/** How a run stands or ended. `interrupted`: its process ended first. */
export type RunOutcome = "running" | "completed" | "failed" | "cancelled" | "interrupted";

/** One sync, as it is kept. Times are Unix milliseconds. */
export interface SyncRun {
  id: number;
  kind: "user" | "background";
  startedAt: number;
  endedAt: number | null;
  outcome: RunOutcome;
  reposScanned: number;
  totalRepos: number;
  commitsFound: number;
  linksCreated: number;
  /** Why it failed, or null. */
  error: string | null;
  /** Repositories that could not be scanned or linked. */
  failures: { repo: string; code: string; message: string }[];
}

/** What is kept of a run once it ended. */
export type RunEnd = Omit<SyncRun, "id" | "kind" | "startedAt" | "endedAt"> & {
  endedAt: number;
  /** When its transcripts were read to the end; null where that was not reached. */
  indexedAt: number | null;
};

/** What the user reads of a run whose process ended before it did. */
export const INTERRUPTED_MESSAGE = "Ascribe was stopped while this sync ran";

/** How many runs are kept. */
const KEPT_RUNS = 1000;

/** The number that the next run gets: greater than every one before. */
export function nextRunId(db: Database): number {
  const row = db.get<{ last: number | null }>("SELECT max(id) AS last FROM sync_runs");
  return (row?.last ?? 0) + 1;
}

/** Keeps that a run has begun, and lets go of the oldest ones. */
export function startRun(
  db: Database,
  { id, kind, startedAt }: Pick<SyncRun, "id" | "kind" | "startedAt">,
): void {
  db.transaction(() => {
    db.run(
      "INSERT INTO sync_runs (id, kind, started_at, outcome) VALUES (?, ?, ?, 'running')",
      id,
      kind,
      startedAt,
    );
    db.run("DELETE FROM sync_runs WHERE id <= ?", id - KEPT_RUNS);
  });
}

/** Keeps how a run ended. */
export function endRun(db: Database, id: number, end: RunEnd): void {
  db.run(
    `UPDATE sync_runs SET indexed_at = ?, ended_at = ?, outcome = ?, repos_scanned = ?, total_repos = ?, commits_found = ?,
       links_created = ?, error = ?, failures = ? WHERE id = ?`,
    end.indexedAt,
    end.endedAt,
    end.outcome,
    end.reposScanned,
    end.totalRepos,
    end.commitsFound,
    end.linksCreated,
    end.error,
    JSON.stringify(end.failures),
    id,
  );
}

/** Ends every run that its process left running; to be called before a run begins. */
export function closeInterruptedRuns(db: Database, now: number): void {
  db.run(
    `UPDATE sync_runs SET ended_at = max(?, started_at), outcome = 'interrupted', error = ?
     WHERE outcome = 'running'`,
    now,
    INTERRUPTED_MESSAGE,
  );
}

/** One run, or null where it is not kept. */
export function getRun(db: Database, id: number): SyncRun | null {
  const row = db.get<RunRow>(`SELECT ${COLUMNS} FROM sync_runs WHERE id = ?`, id);
  return row === undefined ? null : toRun(row);
}

/**
 * Runs, newest first, page by page.
 *
 * @throws {CursorError} If the cursor is not one that this list has given.
 */
export function listRuns(db: Database, options: PageOptions = {}): Page<SyncRun> {
  const { rows, cursor } = pageByKey<RunRow & KeyedRow>(db, {
    select: `SELECT ${COLUMNS} FROM sync_runs`,
    where: [],
    values: [],
    key: "id",
    id: "id",
    sort: "runs",
    order: "desc",
  }, options);
  const total = db.get<{ runs: number }>("SELECT count(*) AS runs FROM sync_runs")!.runs;
  return { items: rows.map(toRun), total, cursor };
}

/** The newest run that came to its end well, or null. */
export function lastCompletedRun(db: Database): SyncRun | null {
  const row = db.get<RunRow>(
    `SELECT ${COLUMNS} FROM sync_runs WHERE outcome = 'completed' ORDER BY id DESC LIMIT 1`,
  );
  return row === undefined ? null : toRun(row);
}

/** When transcripts were last read to the end and when a sync last came to its end well; null where never. */
export function lastTimes(db: Database): { indexedAt: number | null; syncedAt: number | null } {
  return db.get<{ indexedAt: number | null; syncedAt: number | null }>(
    `SELECT
       (SELECT indexed_at FROM sync_runs WHERE indexed_at IS NOT NULL ORDER BY id DESC LIMIT 1) AS indexedAt,
       (SELECT ended_at FROM sync_runs WHERE outcome = 'completed' ORDER BY id DESC LIMIT 1) AS syncedAt`,
  )!;
}

const COLUMNS = `id, kind, started_at AS startedAt, ended_at AS endedAt, outcome,
  repos_scanned AS reposScanned, total_repos AS totalRepos, commits_found AS commitsFound,
  links_created AS linksCreated, error, failures`;

type RunRow = Omit<SyncRun, "failures"> & { failures: string };

function toRun(
  { id, kind, startedAt, endedAt, outcome, error, failures, ...counts }: RunRow,
): SyncRun {
  const { reposScanned, totalRepos, commitsFound, linksCreated } = counts;
  return {
    id,
    kind,
    startedAt,
    endedAt,
    outcome,
    reposScanned,
    totalRepos,
    commitsFound,
    linksCreated,
    error,
    failures: JSON.parse(failures),
  };
}
