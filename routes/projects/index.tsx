import { page } from "fresh";
import { ColumnHead } from "../../components/Explained.tsx";
import { Empty } from "../../components/Empty.tsx";
import { PageHead } from "../../components/PageHead.tsx";
import { Time } from "../../components/Time.tsx";
import { define } from "../../define.ts";
import { formatCount, formatCounted } from "../../lib/text/format.ts";
import { contextOf } from "../../lib/http/api.ts";
import { everyItem } from "../../lib/queries/query.ts";
import { projects } from "../../lib/queries/sessions.ts";

export const handler = define.handlers({
  async GET(ctx) {
    ctx.state.title = "Projects";
    return page({ projects: await everyItem(projects, contextOf(ctx.state)) });
  },
});

export default define.page<typeof handler>(({ data: { projects } }) => (
  <>
    <PageHead title="Projects">
      <span>{formatCounted(projects.length, "folder")} that sessions were started in</span>
    </PageHead>
    {projects.length === 0
      ? (
        <Empty title="No project yet">
          A folder turns up here once a session that was started in it has been read.
        </Empty>
      )
      : (
        <div class="table-box">
          <table class="stack">
            <caption class="visually-hidden">Projects, the one worked in last first</caption>
            <thead>
              <tr>
                <ColumnHead label="Project" />
                <ColumnHead label="Repository" />
                <ColumnHead label="Sessions" counted="sessionsOfProject" />
                <ColumnHead label="With commits" counted="sessionsWithCommits" />
                <ColumnHead label="First message" />
                <ColumnHead label="Last message" />
              </tr>
            </thead>
            <tbody>
              {projects.map((project) => (
                <tr key={project.id} id={`project-${project.id}`}>
                  <th scope="row" class="main-cell">
                    <a class="line" dir="auto" href={`/projects/${project.id}`}>{project.name}</a>
                    <span class="path faint">{project.path}</span>
                  </th>
                  <td>
                    {project.repository === null
                      ? <span class="faint">none found</span>
                      : (
                        <a class="quoted" href={`/repositories/${project.repository.id}`}>
                          {project.repository.name}
                        </a>
                      )}
                  </td>
                  <td class="number" data-label="Sessions">{formatCount(project.sessionCount)}</td>
                  <td class="number" data-label="With commits">
                    {formatCount(project.sessionsWithCommits)}
                  </td>
                  <td class="soft nowrap" data-label="From">
                    <Time at={project.startedAt} as="day" />
                  </td>
                  <td class="soft nowrap" data-label="Last">
                    <Time at={project.endedAt} as="ago" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
  </>
));
