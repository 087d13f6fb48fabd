import type { Status } from "../queries/schemas.ts";

/** What the metrics are about. */
export interface MetricsSources {
  status: Status;
  /** How many event streams are open. */
  openStreams: number;
}

/** Writes the metrics in Prometheus' text format, version 0.0.4. */
export function writeMetrics({ status, openStreams }: MetricsSources): string {
  const seconds = (time: string | null) => time === null ? 0 : Date.parse(time) / 1000;
  const gauges: [name: string, help: string, value: number][] = [
    ["sessions", "Sessions stored.", status.sessionsIndexed],
    ["projects", "Projects stored.", status.projectsFound],
    ["repositories", "Repositories stored.", status.repositoriesFound],
    ["commits", "Commits stored that a branch or tag holds.", status.commitsFound],
    ["links", "Links stored.", status.linksCreated],
    ["sync_running", "1 while a sync is at work.", status.running === null ? 0 : 1],
    ["sync_interval_seconds", "Seconds between background syncs.", status.gitSyncIntervalSecs],
    [
      "last_sync_timestamp_seconds",
      "When a sync last came to its end well; 0 before the first.",
      seconds(status.lastGitSyncAt),
    ],
    [
      "last_index_timestamp_seconds",
      "When sources were last read to the end; 0 before the first time.",
      seconds(status.lastIndexedAt),
    ],
    ["open_streams", "Event streams that clients hold.", openStreams],
    ["resident_memory_bytes", "Memory of the process.", Deno.memoryUsage().rss],
  ];
  return gauges.map(([name, help, value]) =>
    `# HELP ascribe_${name} ${help}\n# TYPE ascribe_${name} gauge\nascribe_${name} ${value}\n`
  ).join("");
}
