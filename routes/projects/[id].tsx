import Loom from "../../islands/Loom.tsx";
import { page } from "fresh";
import { Empty } from "../../components/Empty.tsx";
import { Figure, Figures } from "../../components/Figures.tsx";
import { LoomFrame, loomProps } from "../../components/LoomFrame.tsx";
import { PageHead, SectionHead } from "../../components/PageHead.tsx";
import { Pager } from "../../components/Pager.tsx";
import { SessionTable } from "../../components/SessionTable.tsx";
import { Time } from "../../components/Time.tsx";
import { define } from "../../define.ts";
import { contextOf } from "../../lib/http/api.ts";
import { parseInput } from "../../lib/http/input.ts";
import { project, sessions } from "../../lib/queries/sessions.ts";
import { withParams } from "../../lib/text/urls.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const context = contextOf(ctx.state);
    const { id, ...options } = await parseInput(
      "projectSessions",
      ctx.url.searchParams,
      ctx.params,
    );
    const found = await project.run(context, { id });
    ctx.state.title = found.name;
    const ofProject = await sessions.run(context, { ...options, project: id });
    return page({ project: found, options, sessions: ofProject });
  },
});

export default define.page<typeof handler>(({ data, url }) => {
  const { project, options, sessions } = data;
  const sort = options.sort ?? "ended";
  const order = options.order ?? "desc";
  const loom = { filter: { project: project.id }, table: `/sessions?project=${project.id}` };
  return (
    <>
      <PageHead title={project.name} kicker={<a href="/projects" aria-current="false">Projects</a>}>
        <span class="path">{project.path}</span>
        {project.repository === null ? <span>no repository found here</span> : (
          <span>
            repository{" "}
            <a class="quoted" href={`/repositories/${project.repository.id}`}>
              {project.repository.name}
            </a>
          </span>
        )}
        <span>
          <Time at={project.startedAt} as="day" /> to <Time at={project.endedAt} as="day" />
        </span>
      </PageHead>
      <Figures>
        <Figure label="Sessions" value={project.sessionCount} counted="sessionsOfProject" />
        <Figure
          label="With commits"
          value={project.sessionsWithCommits}
          counted="sessionsWithCommits"
        />
      </Figures>
      <LoomFrame table={loom.table}>
        <Loom {...loomProps(loom)} />
      </LoomFrame>
      <section aria-labelledby="sessions">
        <SectionHead id="sessions" title="Sessions" />
        {sessions.items.length === 0 ? <Empty title="No session here" /> : (
          <SessionTable
            sessions={sessions.items}
            caption={`Sessions of ${project.name}`}
            oneProject
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
      </section>
    </>
  );
});
