import type { News as NewsFacts } from "../lib/queries/schemas.ts";
import type { Dashboard, RepositoryActivity, RepositorySummary } from "../lib/store/shapes.ts";
import { formatCount, formatCounted, formatHours, formatShare } from "../lib/text/format.ts";
import { AGENT_NAMES } from "../lib/domain/agents.ts";
import { listHref, withParams } from "../lib/text/urls.ts";
import { RANGE_NAMES, type RangeName } from "../lib/time/ranges.ts";
import { Empty } from "./Empty.tsx";
import { ColumnHead, Explained } from "./Explained.tsx";
import { Figure, Figures, LinesNotLanded, SurvivingLines } from "./Figures.tsx";
import { RepositorySelect } from "./Filters.tsx";
import { Time } from "./Time.tsx";

/** Props of {@linkcode RangeBar}. */
export interface RangeBarProps {
  url: URL;
  range: RangeName;
  repositoryId: string | undefined;
  repositories: RepositorySummary[];
}

const NAMES: Record<RangeName, string> = {
  week: "7 days",
  month: "30 days",
  quarter: "90 days",
  year: "Year",
  all: "All",
};

/** Chooses what the overview shows. Every choice is an address, so back and forward work and it can be shared. */
export function RangeBar({ url, range, repositoryId, repositories }: RangeBarProps) {
  return (
    <div class="range-bar">
      <nav class="tabs" aria-label="Range">
        {RANGE_NAMES.map((name) => (
          <a
            key={name}
            href={withParams(url, { range: name })}
            aria-current={name === range ? "page" : "false"}
          >
            {NAMES[name]}
          </a>
        ))}
      </nav>
      <form class="filters" method="get" autocomplete="off" action="/">
        <input type="hidden" name="range" value={range} />
        <RepositorySelect repositories={repositories} chosen={repositoryId} />
        <button class="button" type="submit">Show</button>
      </form>
    </div>
  );
}

/** What happened since the reader's last visit. */
export function News(
  { news: { since, sessions, commits, linked, unlinked, elsewhere } }: { news: NewsFacts },
) {
  return (
    <p class="news">
      <span class="faint">
        Since your last visit, <Time at={since} as="ago" />:
      </span>{" "}
      {sessions + commits === 0 ? "nothing new." : (
        <>
          <a href={`/sessions?from=${since}`}>{formatCounted(sessions, "session")}</a>
          {" and "}
          <a href={`/commits?from=${since}`}>{formatCounted(commits, "commit")}</a>
          {commits > 0 && (
            <span class="faint">
              {`, ${formatCount(linked)} with a session, ${formatCount(unlinked)} without`}
              {elsewhere > 0 && `, ${formatCount(elsewhere)} by others`}
            </span>
          )}.
        </>
      )}
    </p>
  );
}

/** What Ascribe is, in three sentences; with nothing stored yet, what to do as well. */
export function FirstVisit({ empty = false }: { empty?: boolean }) {
  if (!empty) {
    return (
      <div class="first-visit">
        <Explanation />
      </div>
    );
  }
  return (
    <>
      <header class="page-head">
        <h1>Which session did this commit come from?</h1>
      </header>
      <Explanation />
      <p class="lede">
        No session has been read yet. Press <strong>Sync now</strong> below; if nothing turns up,
        {" "}
        <a href="/settings#folders">Settings</a> says where Ascribe looks for sessions.
      </p>
    </>
  );
}

/** What Ascribe is, in three sentences. */
export function Explanation() {
  return (
    <p class="lede">
      Ascribe reads the sessions that coding agents keep on this machine, and the git repositories
      that those sessions worked in. It links each session with the commits that came from it, and
      says on what evidence. Nothing leaves this machine.
    </p>
  );
}

/** Props of {@linkcode OverviewFigures}. */
export interface OverviewFiguresProps {
  dashboard: Dashboard;
  /** The one repository that it is about; all without it. */
  repositoryId?: string;
}

/** The range's totals, the one that matters most first. */
export function OverviewFigures({ dashboard, repositoryId }: OverviewFiguresProps) {
  const { totals, coverage, lines, from, to } = dashboard;
  const own = totals.linked + totals.unlinked;
  return (
    <Figures>
      <Figure
        label="Coverage"
        value={own === 0 ? "–" : formatShare(totals.linked / own)}
        counted="coverage"
      >
        {formatCount(totals.linked)} of {formatCounted(own, "commit")}
      </Figure>
      <Figure label="Commits with a session" value={totals.linked} counted="linked">
        {formatCount(totals.tier1)} recorded, {formatCount(totals.tier2)} inferred
      </Figure>
      <Figure label="Without a session" value={totals.unlinked} counted="unlinked">
        {totals.unlinked > 0 && (
          <>
            {formatCount(totals.unlinked - totals.unknown)} by hand, {formatCount(totals.unknown)}
            {" "}
            unknown
            <span class="aside">
              <a href={listHref("/commits", { from, to, repositoryId, state: "unlinked" })}>
                See them
              </a>
            </span>
          </>
        )}
      </Figure>
      <Figure label="Commits by others" value={totals.elsewhere} counted="elsewhere" />
      <LinesNotLanded
        counts={coverage}
        href={listHref("/edits", { from, to, repositoryId, landed: "missing" })}
      />
      <SurvivingLines lines={lines} />
      <Figure label="Sessions" value={totals.sessions} counted="sessionsInRange">
        {formatCount(coverage.sessionsWithCommits)} with commits
      </Figure>
      <Figure
        label="Session time"
        value={formatHours(totals.activeMinutes)}
        counted="activeTime"
      />
    </Figures>
  );
}

const WIDTH = 72;

/** How many of somebody's own commits have a session: a bar and its share. */
export function CoverageBar({ counts }: { counts: { linked: number; unlinked: number } }) {
  const own = counts.linked + counts.unlinked;
  if (own === 0) return <span class="faint">–</span>;
  const share = counts.linked / own;
  return (
    <span class="coverage">
      <svg width={WIDTH} height="6" aria-hidden="true">
        <rect class="coverage-rest" width={WIDTH} height="6" />
        <rect class="coverage-linked" width={WIDTH * share} height="6" />
      </svg>
      <Explained
        says={`${formatCount(counts.linked)} of ${formatCount(own)} own commits have a session.`}
      >
        {formatShare(share)}
      </Explained>
    </span>
  );
}

/** Which agent wrote what survives: per agent its sessions, commits, surviving lines and models. */
export function AgentRanking(
  { dashboard: { agents, from, to }, repositoryId }: OverviewFiguresProps,
) {
  const range = { from, to, repositoryId };
  return (
    <div class="table-box">
      <table class="stack">
        <caption class="visually-hidden">Agents, the one with most sessions first</caption>
        <thead>
          <tr>
            <ColumnHead label="Agent" />
            <ColumnHead label="Sessions" counted="sessionsInRange" />
            <ColumnHead label="Commits" counted="linked" />
            <ColumnHead label="Surviving lines" counted="standing" />
            <ColumnHead label="Models" />
          </tr>
        </thead>
        <tbody>
          {agents.map(({ agent, sessions, commits, written, standing, models }) => (
            <tr key={agent}>
              <th scope="row" class="main-cell">
                <a class="line" href={listHref("/sessions", { ...range, agent })}>
                  {AGENT_NAMES[agent].title}
                </a>
              </th>
              <td class="number" data-label="Sessions">{formatCount(sessions)}</td>
              <td class="number" data-label="Commits">
                <a href={listHref("/commits", { ...range, agent })}>{formatCount(commits)}</a>
              </td>
              <td class="number" data-label="Surviving lines">
                {written === 0 ? "–" : `${formatCount(standing)} of ${formatCount(written)}`}
              </td>
              <td data-label="Models">
                {models.map(({ model, sessions }) => `${model} ${formatCount(sessions)}`)
                  .join(", ") || "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const SHOWN = 12;

/** Props of {@linkcode RepositoryRanking}. */
export interface RepositoryRankingProps {
  /** What happened in the range, the busiest repository first. */
  active: readonly RepositoryActivity[];
  /** All there are. */
  repositories: readonly RepositorySummary[];
}

/** Where the range's work was, and how much of its commits came from sessions; after it what could not be read. */
export function RepositoryRanking({ active, repositories }: RepositoryRankingProps) {
  if (repositories.length === 0) {
    return (
      <Empty title="No repository found yet">Sessions name the folders; a sync looks there.</Empty>
    );
  }
  const byId = new Map(repositories.map((repository) => [repository.id, repository]));
  const busy = active.slice(0, SHOWN);
  const failed = repositories.filter(({ id, failure }) =>
    failure !== null && !busy.some((one) => one.id === id)
  );
  return (
    <div class="table-box">
      <table class="stack">
        <caption class="visually-hidden">
          Repositories, the one with most session time first
        </caption>
        <thead>
          <tr>
            <ColumnHead label="Repository" />
            <ColumnHead label="Session time" counted="activeTimeOfRepository" />
            <ColumnHead label="Commits" counted="commitsInRange" />
            <ColumnHead label="Coverage" counted="coverage" />
          </tr>
        </thead>
        <tbody>
          {busy.map((activity) => (
            <tr key={activity.id}>
              <Name repository={byId.get(activity.id)} />
              <td class="number" data-label="Session time">
                {formatHours(activity.activeMinutes)}
              </td>
              <td class="number" data-label="Commits">{formatCount(activity.commits)}</td>
              <td class="number" data-label="Coverage">
                <CoverageBar counts={activity} />
              </td>
            </tr>
          ))}
          {failed.slice(0, SHOWN).map((repository) => (
            <tr key={repository.id}>
              <Name repository={repository} />
              <td class="number faint" colSpan={3}>–</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Name({ repository }: { repository: RepositorySummary | undefined }) {
  if (repository === undefined) return <th scope="row" class="main-cell" />;
  const { id, name, path, failure } = repository;
  return (
    <th scope="row" class="main-cell">
      <a class="line" href={`/repositories/${id}`} title={path}>{name}</a>
      {failure && <span class="bad">{failure.code}</span>}
    </th>
  );
}

/** How a repository's last scan went; where it failed, why and what to do. */
export function RepositoryState({ repository }: { repository: RepositorySummary }) {
  const { failure, lastScannedAt, lastOutcome, excluded } = repository;
  if (excluded) return <span class="faint">excluded by a setting</span>;
  return (
    <span class="repository-state">
      {failure !== null && (
        <span class="bad quoted">
          <strong>Failed:</strong> {failure.message}
        </span>
      )}
      <span class="soft">
        {lastScannedAt === null ? "–" : (
          <>
            {lastOutcome === "empty" ? "No commits. Scanned " : "Scanned "}
            <Time at={lastScannedAt} as="ago" />
          </>
        )}
      </span>
    </span>
  );
}
