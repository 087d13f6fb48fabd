import { formatAgo, formatCount, formatCounted, formatDuration } from "../lib/text/format.ts";
import { useDates } from "../lib/client/use_dates.ts";
import type { RepositoryProgress, RunSummary, SyncDetails } from "../lib/client/sync_details.ts";
import { Explained } from "./Explained.tsx";

export interface SyncPanelProps {
  details: SyncDetails;
  /** Now, Unix milliseconds; it ticks. */
  now: number;
}

/** What a sync is doing, repository by repository, and what the ones before came to. */
export function SyncPanel({ details, now }: SyncPanelProps) {
  const state = details.state.value;
  if (state === null) {
    return (
      <p class="note">
        {details.failed.value ? "Ascribe does not answer." : "Reading the runs..."}
      </p>
    );
  }
  // A run that has only begun is not among them yet, and the one before must not stand for it.
  const run = state.runs.find(({ id }) => state.runId === 0 || id === state.runId);
  return (
    <>
      {run !== undefined && <RunHead run={run} repositories={state.repositories} now={now} />}
      <div class="sync-columns">
        <section aria-labelledby="sync-repositories">
          <h3 id="sync-repositories">Repositories in this run</h3>
          <Repositories repositories={state.repositories} />
        </section>
        <section aria-labelledby="sync-runs">
          <h3 id="sync-runs">Sync history</h3>
          <Runs runs={state.runs} now={now} />
        </section>
      </div>
      <p class="note">
        While nothing runs, the line below counts every session that is stored, and the commits that
        a branch or tag holds.
      </p>
    </>
  );
}

const KINDS = { user: "Sync", background: "Background sync" };
const OUTCOMES: Record<RunSummary["outcome"], string> = {
  running: "running",
  completed: "completed",
  failed: "failed",
  cancelled: "cancelled",
  interrupted: "cut short: Ascribe was stopped",
};

function RunHead(
  { run, repositories, now }: {
    run: RunSummary;
    repositories: RepositoryProgress[];
    now: number;
  },
) {
  const done = repositories.filter(({ state }) => !["queued", "scanning"].includes(state)).length;
  return (
    <p class="facts">
      <strong>{KINDS[run.kind]} {run.id}</strong>
      <span>{OUTCOMES[run.outcome]}</span>
      <span>{formatDuration(elapsed(run, now))}</span>
      {run.outcome === "running"
        // What a run came to is stored at its end.
        ? (
          <span>
            {formatCount(done)} of{" "}
            {formatCounted(repositories.length, "repository", "repositories")}
          </span>
        )
        : (
          <span>
            {formatCounted(run.reposScanned, "repository", "repositories")},{" "}
            {formatCounted(run.commitsFound, "new commit")},{" "}
            {formatCounted(run.linksCreated, "new link")}
          </span>
        )}
      {run.error !== null && <span class="bad quoted">{run.error}</span>}
    </p>
  );
}

const STATES: Record<RepositoryProgress["state"], string> = {
  queued: "queued",
  scanning: "scanning...",
  scanned: "scanned",
  unchanged: "unchanged",
  empty: "no commits",
  failed: "failed",
};
const ORDER = ["failed", "scanning", "queued", "scanned", "empty", "unchanged"];

function Repositories({ repositories }: { repositories: RepositoryProgress[] }) {
  if (repositories.length === 0) return <p class="note">No repository was scanned.</p>;
  const sorted = repositories.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <ul class="sync-list">
      {sorted.map(({ id, name, path, state, message }) => (
        <li key={path} data-state={state}>
          <span class="sync-state">{STATES[state]}</span>
          <span class="quoted" title={path}>
            {id === null ? name : <a href={`/repositories/${id}`}>{name}</a>}
          </span>
          {message !== null && <p class="bad quoted">{message}</p>}
        </li>
      ))}
    </ul>
  );
}

function Runs({ runs, now }: { runs: RunSummary[]; now: number }) {
  const dates = useDates();
  if (runs.length === 0) return <p class="note">None yet.</p>;
  return (
    <ul class="sync-list">
      {runs.map((run) => (
        <li key={run.id}>
          <span class="sync-state">
            <Explained says={dates.minute(Date.parse(run.startedAt))}>
              {formatAgo(Date.parse(run.startedAt), now)}
            </Explained>
          </span>
          <span>
            {run.kind === "background" ? "background, " : ""}
            <span class={run.outcome === "failed" ? "bad" : undefined}>
              {OUTCOMES[run.outcome]}
            </span>
            {run.endedAt !== null && ` in ${formatDuration(elapsed(run, now))}`}
            {run.commitsFound + run.linksCreated > 0 &&
              `: ${formatCounted(run.commitsFound, "new commit")}, ${
                formatCounted(run.linksCreated, "new link")
              }`}
          </span>
          {run.failures.length > 0 && (
            <details class="fold">
              <summary class="bad">
                {formatCounted(run.failures.length, "repository", "repositories")} failed
              </summary>
              <ul>
                {run.failures.map(({ repo, message }) => (
                  <li key={repo} class="quoted">{message}</li>
                ))}
              </ul>
            </details>
          )}
          {run.error !== null && <p class="bad quoted">{run.error}</p>}
        </li>
      ))}
    </ul>
  );
}

function elapsed({ startedAt, endedAt }: RunSummary, now: number): number {
  return (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt);
}
