import { formatAgo, formatCount, formatCounted } from "./format.ts";
import type { SyncState, SyncTotals } from "./sync_model.ts";

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
export function describeTotals(totals: SyncTotals, now: number): string {
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
  if (reading.filesTotal === null) return "Reading transcripts...";
  return `Reading transcripts ${formatCount(reading.filesDone)}/${
    formatCount(reading.filesTotal)
  }...`;
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
