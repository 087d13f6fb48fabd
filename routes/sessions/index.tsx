import { page } from "fresh";
import { EmptyList } from "../../components/Empty.tsx";
import { Explained } from "../../components/Explained.tsx";
import { SessionFilters } from "../../components/Filters.tsx";
import { PageHead } from "../../components/PageHead.tsx";
import { Pager } from "../../components/Pager.tsx";
import { SessionTable } from "../../components/SessionTable.tsx";
import { METRIC_HELP } from "../../components/metric_help.ts";
import { define } from "../../define.ts";
import { readerZone, sessionListParams } from "../../lib/http/params.ts";
import { listProjects } from "../../lib/store/read/projects.ts";
import { listRepositoryNames } from "../../lib/store/read/repositories.ts";
import { listSessions } from "../../lib/store/read/session_list.ts";
import { formatCounted } from "../../lib/text/format.ts";
import { withParams } from "../../lib/text/urls.ts";

export const handler = define.handlers({
  GET(ctx) {
    const { store } = ctx.state;
    const timeZone = readerZone(ctx.req.headers);
    const options = sessionListParams(ctx.url.searchParams, { timeZone });
    ctx.state.title = "Sessions";
    return page({
      options,
      timeZone,
      sessions: listSessions(store, options),
      projects: listProjects(store),
      repositories: listRepositoryNames(store),
    });
  },
});

export default define.page<typeof handler>(({ data, url }) => {
  const { options, timeZone, sessions, projects, repositories } = data;
  const sort = options.sort ?? "ended";
  const order = options.order ?? "desc";
  return (
    <>
      <PageHead title="Sessions">
        <Explained says={METRIC_HELP.sessions}>
          {formatCounted(sessions.total, "session")} match
        </Explained>
      </PageHead>
      <SessionFilters
        options={options}
        timeZone={timeZone}
        projects={projects}
        repositories={repositories}
      />
      {sessions.items.length === 0 ? <EmptyList url={url} noun="session" /> : (
        <SessionTable
          sessions={sessions.items}
          caption="Sessions"
          sorting={{
            by: sort,
            order,
            href: (by) =>
              withParams(url, {
                sort: by,
                order: by === sort && order === "desc" ? "asc" : null,
              }),
          }}
        />
      )}
      <Pager
        url={url}
        shown={sessions.items.length}
        total={sessions.total}
        cursor={sessions.cursor}
      />
    </>
  );
});
