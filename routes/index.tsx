import { page } from "fresh";
import { CommitTable } from "../components/CommitTable.tsx";
import { DayChart } from "../components/DayChart.tsx";
import { Empty } from "../components/Empty.tsx";
import { Explained } from "../components/Explained.tsx";
import { LoomFrame, loomProps } from "../components/LoomFrame.tsx";
import {
  AgentRanking,
  FirstVisit,
  News,
  OverviewFigures,
  RangeBar,
  RepositoryRanking,
} from "../components/Overview.tsx";
import { PageHead, SectionHead } from "../components/PageHead.tsx";
import { METRIC_HELP } from "../components/metric_help.ts";
import { define } from "../define.ts";
import Loom from "../islands/Loom.tsx";
import { contextOf } from "../lib/http/api.ts";
import { parseInput } from "../lib/http/input.ts";
import { visitCookie, visitOf } from "../lib/http/last_visit.ts";
import { preferencesOf, readerZone } from "../lib/http/preferences.ts";
import { news, overview } from "../lib/queries/overview.ts";
import { everyItem } from "../lib/queries/query.ts";
import { repositories } from "../lib/queries/repositories.ts";
import { status } from "../lib/queries/status.ts";
import { formatCounted } from "../lib/text/format.ts";
import { listHref } from "../lib/text/urls.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const context = contextOf(ctx.state);
    const input = await parseInput("overview", ctx.url.searchParams);
    const { weekStart } = preferencesOf(ctx.req.headers);
    const timeZone = input.timeZone ?? readerZone(ctx.req.headers);
    const visit = visitOf(ctx.req.headers, Date.now());
    const since = visit.before === null ? null : new Date(visit.before).toISOString();
    ctx.state.title = "Overview";
    return page({
      ...await overview.run(context, { ...input, timeZone, weekStart }),
      news: since === null ? null : await news.run(context, { since }),
      repositoryId: input.repository,
      status: await status.run(context, {}),
      repositories: await everyItem(repositories, context),
    }, { headers: { "set-cookie": visitCookie(visit) } });
  },
});

export default define.page<typeof handler>(({ data, url }) => {
  const { dashboard, range, status, repositories, repositoryId } = data;
  if (status.sessionsIndexed === 0) return <FirstVisit empty />;
  const isEmpty = dashboard.days.every((day) =>
    day.activities + day.linked + day.unlinked + day.elsewhere === 0
  );
  const loom = {
    filter: { repository: repositoryId },
    from: dashboard.from,
    to: dashboard.to,
    table: listHref("/commits", { from: dashboard.from, to: dashboard.to, repositoryId }),
  };
  return (
    <>
      <PageHead title="Overview">
        <Explained says={METRIC_HELP.sessions}>
          {formatCounted(status.sessionsIndexed, "session")}
        </Explained>
        <Explained says={METRIC_HELP.projects}>
          {formatCounted(status.projectsFound, "project")}
        </Explained>
        <Explained says={METRIC_HELP.repositories}>
          {formatCounted(status.repositoriesFound, "repository", "repositories")}
        </Explained>
        <Explained says={METRIC_HELP.commits}>
          {formatCounted(status.commitsFound, "commit")}
        </Explained>
        <Explained says={METRIC_HELP.links}>{formatCounted(status.linksCreated, "link")}</Explained>
      </PageHead>
      {data.news === null ? <FirstVisit /> : <News news={data.news} />}
      <RangeBar url={url} range={range} repositoryId={repositoryId} repositories={repositories} />
      <LoomFrame table={loom.table}>
        <Loom {...loomProps(loom)} />
      </LoomFrame>
      {isEmpty
        ? (
          <Empty title="Nothing in this range">
            No session was at work and no commit was made. Choose a longer range above.
          </Empty>
        )
        : (
          <>
            <OverviewFigures dashboard={dashboard} repositoryId={repositoryId} />
            <section aria-labelledby="by-day">
              <SectionHead id="by-day" title={`By ${dashboard.granularity}`} />
              <DayChart
                days={dashboard.days}
                granularity={dashboard.granularity}
                repositoryId={repositoryId}
              />
            </section>
            {dashboard.agents.length > 0 && (
              <section aria-labelledby="agents">
                <SectionHead id="agents" title="Agents" />
                <AgentRanking dashboard={dashboard} repositoryId={repositoryId} />
              </section>
            )}
            <div class="columns">
              <section aria-labelledby="newest">
                <SectionHead id="newest" title="Newest links">
                  <a
                    href={listHref("/commits", {
                      from: dashboard.from,
                      to: dashboard.to,
                      repositoryId,
                      state: "linked",
                    })}
                  >
                    All linked commits
                  </a>
                </SectionHead>
                {dashboard.newestLinks.length === 0
                  ? (
                    <Empty title="No commit is linked yet">
                      Links appear once a sync has read both the sessions and the repositories.
                    </Empty>
                  )
                  : <CommitTable commits={dashboard.newestLinks} caption="Newest links" />}
              </section>
              <section aria-labelledby="repositories">
                <SectionHead id="repositories" title="Repositories">
                  <a href="/repositories">All</a>
                </SectionHead>
                <RepositoryRanking
                  active={dashboard.repositories}
                  repositories={repositories.filter(({ id }) =>
                    repositoryId === undefined || id === repositoryId
                  )}
                />
              </section>
            </div>
          </>
        )}
    </>
  );
});
