import type { SyncDone, SyncState, SyncTotals, ToastContent } from "../domain/sync_model.ts";
import { formatAgo, formatCount, formatCounted } from "./format.ts";

/** The one line that the StatusBar shows. */
export function describeSync(state: SyncState, now: number): string {
  switch (state.phase) {
    case "idle":
      return describeTotals(state.totals, now);
    case "starting":
    case "scanning":
      return describeReading(state) ?? describeScanning(state);
    case "correlating":
      return describeCorrelating(state);
    default:
      return state.phase satisfies never;
  }
}

/** What is stored and since when, while nothing runs. */
function describeTotals(totals: SyncTotals, now: number): string {
  const sessions = formatCounted(totals.sessionsIndexed, "session");
  if (totals.lastGitSyncAt === null) {
    return `Not yet synced · ${formatCounted(totals.projectsFound, "project")} · ${sessions}`;
  }
  const commits = formatCounted(totals.commitsFound, "commit");
  return `Last update: ${formatAgo(totals.lastGitSyncAt, now)} · ${sessions} · ${commits}`;
}

/** The share of the running step that is done, from 0 to 1; null where its total is not known. */
export function syncShare(state: SyncState): number | null {
  const { counters, reading } = state;
  if (state.phase === "idle") return null;
  if (state.phase === "correlating") {
    return share(counters.sessionsCorrelated, counters.totalCorrelatableSessions);
  }
  if (reading !== null) return share(reading.filesDone, reading.filesTotal ?? 0);
  return share(counters.reposScanned, counters.totalRepos);
}

function describeReading({ reading }: SyncState): string | null {
  if (reading === null) return null;
  if (reading.filesTotal === null) return "Reading sessions...";
  return `Reading sessions ${formatCount(reading.filesDone)}/${formatCount(reading.filesTotal)}...`;
}

function describeScanning({ phase, counters }: SyncState): string {
  if (phase === "starting") return "Starting sync...";
  if (counters.totalRepos === 0) return "Scanning repos...";
  return `Scanning repo ${formatCount(counters.reposScanned)}/${
    formatCount(counters.totalRepos)
  }...`;
}

function describeCorrelating({ counters }: SyncState): string {
  const links = `(${formatCounted(counters.linksCreated, "link")})`;
  if (counters.totalCorrelatableSessions === 0) return `Linking commits... ${links}`;
  const done = formatCount(counters.sessionsCorrelated);
  return `Linking sessions ${done}/${formatCount(counters.totalCorrelatableSessions)}... ${links}`;
}

function share(done: number, total: number): number | null {
  return total === 0 ? null : Math.min(1, done / total);
}

/** What a run that ended well came to, in a toast. A repository that failed is never hidden behind a success. */
export function describeDone(done: SyncDone): ToastContent {
  const failed = done.failedRepos === 0
    ? null
    : `${formatCounted(done.failedRepos, "repository", "repositories")} failed`;
  if (done.commitsFound === 0 && done.linksCreated === 0 && failed === null) {
    return { kind: "success", title: "Already up to date", detail: null, retry: false };
  }
  const parts = [
    formatCounted(done.reposScanned, "repo"),
    formatCounted(done.commitsFound, "commit"),
    formatCounted(done.linksCreated, "link"),
    ...(failed === null ? [] : [failed]),
  ];
  return {
    kind: failed === null ? "success" : "warning",
    title: "Sync completed",
    detail: parts.join(" | "),
    retry: false,
  };
}
