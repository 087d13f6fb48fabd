import { formatCount } from "../lib/client/format.ts";
import type { RepositorySummary } from "../lib/store/views/repository_list.ts";
import { ColumnHead } from "./ColumnHead.tsx";
import { CoverageBar } from "./CoverageBar.tsx";
import { Empty } from "./Empty.tsx";

const SHOWN = 12;

/** The repositories with the newest commits, and how much of each came from sessions. */
export function RepositoryRanking({ repositories }: { repositories: RepositorySummary[] }) {
  if (repositories.length === 0) {
    return (
      <Empty title="No repository found yet">Sessions name the folders; a sync looks there.</Empty>
    );
  }
  const newest = repositories.toSorted((a, b) =>
    (b.lastCommitAt ?? "").localeCompare(a.lastCommitAt ?? "")
  );
  return (
    <div class="table-box">
      <table class="stack">
        <caption class="visually-hidden">Repositories, the newest commit first</caption>
        <thead>
          <tr>
            <ColumnHead label="Repository" />
            <ColumnHead label="Commits" counted="commits" />
            <ColumnHead label="Coverage" counted="coverage" />
          </tr>
        </thead>
        <tbody>
          {newest.slice(0, SHOWN).map((repository) => (
            <tr key={repository.id}>
              <th scope="row" class="main-cell">
                <a
                  class="line"
                  href={`/repositories/${repository.id}`}
                  title={repository.path}
                >
                  {repository.name}
                </a>
                {repository.failure && <span class="bad">{repository.failure.code}</span>}
              </th>
              <td class="number" data-label="Commits">{formatCount(repository.commits.total)}</td>
              <td class="number" data-label="Coverage">
                <CoverageBar counts={repository.commits} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
