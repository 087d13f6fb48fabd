import Loom from "../../islands/Loom.tsx";
import { page } from "fresh";
import { Empty } from "../../components/Empty.tsx";
import { Figure, Figures, LinesNotLanded, SurvivingLines } from "../../components/Figures.tsx";
import { FileTable } from "../../components/FilePath.tsx";
import { LoomFrame, loomProps } from "../../components/LoomFrame.tsx";
import { PageHead, SectionHead } from "../../components/PageHead.tsx";
import { SessionSources } from "../../components/SessionSources.tsx";
import { SessionTable, sessionTitle } from "../../components/SessionTable.tsx";
import { Time } from "../../components/Time.tsx";
import { Timeline } from "../../components/Timeline.tsx";
import { Untold } from "../../components/AgentTells.tsx";
import { define } from "../../define.ts";
import { AGENT_NAMES } from "../../lib/domain/agents.ts";
import { contextOf } from "../../lib/http/api.ts";
import { parseInput } from "../../lib/http/input.ts";
import { sessionFiles } from "../../lib/queries/sessions.ts";
import { timeline } from "../../lib/queries/timeline.ts";
import { formatHours } from "../../lib/text/format.ts";
import { withParams } from "../../lib/text/urls.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const context = contextOf(ctx.state);
    const input = await parseInput("timeline", ctx.url.searchParams, ctx.params);
    const { session, skipped, entries } = await timeline.run(context, input);
    ctx.state.title = sessionTitle(session);
    const edited = await sessionFiles.run(context, { id: input.id });
    return page({ session, skipped, entries, edited });
  },
});

export default define.page<typeof handler>(
  ({ data: { session, skipped, entries, edited }, url }) => {
    const { project, openAtTheTime, activities } = session;
    const activeMs = activities.reduce(
      (sum, { startedAt, endedAt }) => sum + Date.parse(endedAt) - Date.parse(startedAt),
      0,
    );
    const loom = project === null ? null : {
      filter: { project: project.id },
      from: session.startedAt,
      to: session.commits.at(-1)?.authoredAt ?? session.endedAt,
      session: session.sessionId,
      table: "#timeline",
    };
    return (
      <article>
        <PageHead
          title={sessionTitle(session)}
          kicker={
            <>
              <a href="/sessions" aria-current="false">Sessions</a>
              {project && (
                <>
                  {" of "}
                  <a class="quoted" href={`/projects/${project.id}`} title={project.path}>
                    {project.name}
                  </a>
                </>
              )}
            </>
          }
        >
          <span>{AGENT_NAMES[session.agent].title}</span>
          <code class="hash hash-long">{session.sessionId}</code>
          <span>
            <Time at={session.startedAt} /> to <Time at={session.endedAt} />
          </span>
          {session.branch && <span class="quoted">branch {session.branch}</span>}
          {session.models.length > 0 && <span class="quoted">{session.models.join(", ")}</span>}
          {session.forkedFrom && (
            <a href={`/sessions/${session.forkedFrom}`}>continues another session</a>
          )}
        </PageHead>
        <Figures>
          <Figure label="Commits" value={session.commits.length} counted="commitsOfSession" />
          <Figure
            label="Session time"
            value={formatHours(activeMs / 60_000)}
            counted="activeTime"
          />
          <Figure label="Prompts" value={session.promptCount} counted="prompts" />
          <Figure label="Messages" value={session.messageCount} counted="messages" />
          <Figure label="Edits" value={session.editCount} counted="edits" />
          <LinesNotLanded
            counts={session}
            href={`/edits?session=${session.sessionId}&landed=missing`}
          />
          <SurvivingLines lines={session.lines} />
        </Figures>
        {loom !== null && session.startedAt !== null && (
          <LoomFrame table={loom.table}>
            <Loom {...loomProps(loom)} />
          </LoomFrame>
        )}
        <div class="columns session-columns">
          <section aria-labelledby="timeline">
            <SectionHead id="timeline" title="Prompts and what came of them" />
            {entries.length === 0
              ? (
                <Empty title="Nothing was asked">
                  The session holds no prompt and no commit.
                </Empty>
              )
              : <Timeline entries={entries} />}
            <nav class="pager" aria-label="Prompts">
              {skipped > 0 && (
                <a href={withParams(url, { prompts: null, prompt: null })} aria-current="false">
                  First prompts
                </a>
              )}
              {session.nextPrompts !== null && (
                <a
                  href={withParams(url, { prompts: session.nextPrompts, prompt: null })}
                  rel="next"
                  aria-current="false"
                >
                  Later prompts
                </a>
              )}
            </nav>
          </section>
          <aside>
            <section aria-labelledby="files">
              <SectionHead id="files" title="Files" />
              {edited.total === 0 ? <Empty title="No file was edited" /> : (
                <FileTable
                  files={edited.files}
                  total={edited.total}
                  root={project?.path ?? null}
                />
              )}
            </section>
            <section aria-labelledby="transcripts">
              <SectionHead id="transcripts" title="Source" />
              <Untold agent={session.agent} />
              <SessionSources files={session.transcripts} skippedLines={session.skippedLines} />
            </section>
          </aside>
        </div>
        <section aria-labelledby="open">
          <SectionHead id="open" title="Concurrent sessions" />
          {openAtTheTime.length === 0
            ? <Empty title="No other session of this project was at work then" />
            : (
              <SessionTable
                sessions={openAtTheTime}
                caption="Sessions of the same project that were at work at the same time"
                oneProject
              />
            )}
        </section>
      </article>
    );
  },
);
