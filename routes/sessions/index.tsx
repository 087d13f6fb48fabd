import { page } from "fresh";
import { EmptyList } from "../../components/EmptyList.tsx";
import { Explained } from "../../components/Explained.tsx";
import { PageHead } from "../../components/PageHead.tsx";
import { Pager } from "../../components/Pager.tsx";
import { SessionFilters } from "../../components/SessionFilters.tsx";
import { SessionTable } from "../../components/SessionTable.tsx";
import { define } from "../../define.ts";
import { formatCounted } from "../../lib/client/format.ts";
import { sessionListParams } from "../../lib/http/list_params.ts";
import { withParams } from "../../lib/pages/address.ts";
import { COUNTED } from "../../lib/pages/counted.ts";
import { readerZone } from "../../lib/pages/reader_zone.ts";
import { listProjects } from "../../lib/store/views/projects.ts";
import { listRepositoryNames } from "../../lib/store/views/repository_list.ts";
import { listSessions } from "../../lib/store/views/session_list.ts";

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
        <Explained says={COUNTED.sessions}>
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
