import { page } from "fresh";
import { Empty } from "../../components/Empty.tsx";
import { ColumnHead, Explained } from "../../components/Explained.tsx";
import { CoverageBar, RepositoryState } from "../../components/Overview.tsx";
import { PageHead } from "../../components/PageHead.tsx";
import { Time } from "../../components/Time.tsx";
import { METRIC_HELP } from "../../components/metric_help.ts";
import { define } from "../../define.ts";
import { contextOf } from "../../lib/http/api.ts";
import { everyItem } from "../../lib/queries/query.ts";
import { repositories } from "../../lib/queries/repositories.ts";
import { formatCount, formatCounted } from "../../lib/text/format.ts";

export const handler = define.handlers({
  async GET(ctx) {
    ctx.state.title = "Repositories";
    const found = await everyItem(repositories, contextOf(ctx.state));
    return page({
      // What failed comes first: it is what there is to do here.
      repositories: found.toSorted((a, b) =>
        Number(b.failure !== null) - Number(a.failure !== null)
      ),
      failed: found.filter(({ failure }) => failure !== null).length,
    });
  },
});

export default define.page<typeof handler>(({ data: { repositories, failed } }) => (
  <>
    <PageHead title="Repositories">
      <Explained says={METRIC_HELP.repositories}>
        {formatCounted(repositories.length, "repository", "repositories")}
      </Explained>
      {failed > 0 && <span class="bad">{formatCount(failed)} could not be scanned</span>}
    </PageHead>
    {repositories.length === 0
      ? (
        <Empty title="No repository found yet">
          Ascribe looks in the folders that sessions worked in, once a sync has read them. Did
          folders move? Say so in <a href="/settings#aliases">Settings, moved folders</a>.
        </Empty>
      )
      : (
        <div class="table-box">
          <table class="stack">
            <caption class="visually-hidden">Repositories, failed ones first</caption>
            <thead>
              <tr>
                <ColumnHead label="Repository" />
                <ColumnHead label="Last scan" />
                <ColumnHead label="Sessions" counted="sessionsOfRepository" />
                <ColumnHead label="Commits" counted="commits" />
                <ColumnHead label="Other authors" counted="elsewhere" />
                <ColumnHead label="Coverage" counted="coverage" />
                <ColumnHead label="Last commit" />
              </tr>
            </thead>
            <tbody>
              {repositories.map((repository) => (
                <tr key={repository.id} id={`repository-${repository.id}`}>
                  <th scope="row" class="main-cell">
                    <a class="line" dir="auto" href={`/repositories/${repository.id}`}>
                      {repository.name}
                    </a>
                    <span class="path faint">{repository.path}</span>
                  </th>
                  <td>
                    <RepositoryState repository={repository} />
                  </td>
                  <td class="number" data-label="Sessions">
                    {formatCount(repository.sessionCount)}
                  </td>
                  <td class="number" data-label="Commits">
                    {formatCount(repository.commits.total)}
                  </td>
                  <td class="number" data-label="Other authors">
                    {formatCount(repository.commits.elsewhere)}
                  </td>
                  <td class="number" data-label="Coverage">
                    <CoverageBar counts={repository.commits} />
                  </td>
                  <td class="soft nowrap" data-label="Last commit">
                    <Time at={repository.lastCommitAt} as="ago" unknown="none" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
  </>
));
