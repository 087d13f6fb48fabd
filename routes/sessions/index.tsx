import { page } from "fresh";
import { EmptyList } from "../../components/Empty.tsx";
import { Explained } from "../../components/Explained.tsx";
import { SessionFilters } from "../../components/Filters.tsx";
import { PageHead } from "../../components/PageHead.tsx";
import { Pager } from "../../components/Pager.tsx";
import { SessionTable } from "../../components/SessionTable.tsx";
import { METRIC_HELP } from "../../components/metric_help.ts";
import { define } from "../../define.ts";
import { readerZone } from "../../lib/http/preferences.ts";
import { contextOf } from "../../lib/http/api.ts";
import { parseInput } from "../../lib/http/input.ts";
import { everyItem } from "../../lib/queries/query.ts";
import { repositoryNames } from "../../lib/queries/repositories.ts";
import { projects, sessions } from "../../lib/queries/sessions.ts";
import { formatCounted } from "../../lib/text/format.ts";
import { withParams } from "../../lib/text/urls.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const context = contextOf(ctx.state);
    const input = await parseInput("sessions", ctx.url.searchParams);
    const options = { ...input, timeZone: input.timeZone ?? readerZone(ctx.req.headers) };
    ctx.state.title = "Sessions";
    return page({
      options,
      sessions: await sessions.run(context, options),
      projects: await everyItem(projects, context),
      repositories: await repositoryNames.run(context, {}),
    });
  },
});

export default define.page<typeof handler>(({ data, url }) => {
  const { options, sessions, projects, repositories } = data;
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
