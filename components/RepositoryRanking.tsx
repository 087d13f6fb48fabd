import { formatCount, formatHours } from "../lib/client/format.ts";
import type { RepositoryActivity } from "../lib/store/views/repository_activity.ts";
import type { RepositorySummary } from "../lib/store/views/repository_list.ts";
import { ColumnHead } from "./ColumnHead.tsx";
import { CoverageBar } from "./CoverageBar.tsx";
import { Empty } from "./Empty.tsx";

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
