import { page } from "fresh";
import { CommitTable } from "../components/CommitTable.tsx";
import { DayChart } from "../components/DayChart.tsx";
import { Empty } from "../components/Empty.tsx";
import { Explained } from "../components/Explained.tsx";
import { LoomFrame, loomProps } from "../components/LoomFrame.tsx";
import {
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
import { visitCookie, visitOf } from "../lib/http/last_visit.ts";
import { choiceParam, dashboardParams, readerZone } from "../lib/http/params.ts";
import { preferencesOf } from "../lib/http/preferences.ts";
import { readNews } from "../lib/queries/news.ts";
import { listRepositories } from "../lib/store/read/repositories.ts";
import { extentOf, getDashboard, getStatus } from "../lib/store/read/stats.ts";
import { formatCounted } from "../lib/text/format.ts";
import { listHref } from "../lib/text/urls.ts";
import { RANGE_NAMES, rangeStart } from "../lib/time/ranges.ts";

export const handler = define.handlers({
  GET(ctx) {
    const { store } = ctx.state;
    const now = Date.now();
    const asked = choiceParam(ctx.url.searchParams, "range", RANGE_NAMES);
    const timeZone = readerZone(ctx.req.headers);
    const params = dashboardParams(ctx.url.searchParams, now, { timeZone });
    const { weekStart } = preferencesOf(ctx.req.headers);
    const read = (range: typeof RANGE_NAMES[number]) =>
      getDashboard(store, {
        ...params,
        from: params.from ?? rangeStart(range, now, params.timeZone ?? "UTC"),
        // All there is ends with the last thing, not with blank months after it.
        to: range !== "all" || ctx.url.searchParams.has("to")
          ? params.to
          : Math.min(now, extentOf(store, params.repositoryId)?.to ?? now),
        weekStart,
      });
    let range = asked ?? "quarter";
    let dashboard = read(range);
    const { commits, sessions } = dashboard.totals;
    if (asked === undefined && commits + sessions === 0) {
      range = "all";
      dashboard = read(range);
    }
    ctx.state.title = "Overview";
    const visit = visitOf(ctx.req.headers, now);
    const headers = { "set-cookie": visitCookie(visit) };
    return page({
      news: visit.before === null ? null : readNews(store, visit.before),
      dashboard,
      range,
      repositoryId: params.repositoryId,
      status: getStatus(store),
      repositories: listRepositories(store),
    }, { headers });
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
                      Links appear once a sync has read both the transcripts and the repositories.
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
