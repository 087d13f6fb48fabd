import Loom from "../../../islands/Loom.tsx";
import { page } from "fresh";
import { CommitTable } from "../../../components/CommitTable.tsx";
import { Empty } from "../../../components/Empty.tsx";
import { Figure, Figures, LinesNotLanded, SurvivingLines } from "../../../components/Figures.tsx";
import { filesHref } from "../../../components/FilePath.tsx";
import { LoomFrame, loomProps } from "../../../components/LoomFrame.tsx";
import { RepositoryState } from "../../../components/Overview.tsx";
import { PageHead, SectionHead } from "../../../components/PageHead.tsx";
import { SessionTable } from "../../../components/SessionTable.tsx";
import { define } from "../../../define.ts";
import { canonicalAddress, contextOf } from "../../../lib/http/api.ts";
import { parseInput } from "../../../lib/http/input.ts";
import { commits } from "../../../lib/queries/commits.ts";
import { repository } from "../../../lib/queries/repositories.ts";
import { sessions } from "../../../lib/queries/sessions.ts";
import { formatShare } from "../../../lib/text/format.ts";

const SHOWN = 20;

export const handler = define.handlers({
  async GET(ctx) {
    const context = contextOf(ctx.state);
    const { id } = await parseInput("repository", ctx.url.searchParams, ctx.params);
    const found = await repository.run(context, { id });
    const canonical = canonicalAddress(ctx.url, found.repository.id);
    if (canonical !== null) return ctx.redirect(canonical);
    ctx.state.title = found.repository.name;
    return page({
      ...found,
      commits: await commits.run(context, { repository: id, limit: SHOWN }),
      sessions: await sessions.run(context, { repository: id, limit: SHOWN }),
    });
  },
});

export default define.page<typeof handler>(
  ({ data: { repository, landed, commits, sessions } }) => {
    const { linked, unlinked, elsewhere } = repository.commits;
    const own = linked + unlinked;
    const only = `repository=${repository.id}`;
    const loom = { filter: { repository: repository.id }, table: `/commits?${only}` };
    return (
      <>
        <PageHead
          title={repository.name}
          kicker={<a href="/repositories" aria-current="false">Repositories</a>}
        >
          <span class="path">{repository.path}</span>
          <a href={filesHref(repository.id, { path: "", at: "HEAD" })}>Browse files</a>
          {repository.userEmail && <span class="quoted">commits as {repository.userEmail}</span>}
        </PageHead>
        {repository.failure !== null && (
          <p class="notice notice-bad" role="note">
            <RepositoryState repository={repository} />
          </p>
        )}
        <Figures>
          <Figure
            label="Coverage"
            value={own === 0 ? "–" : formatShare(linked / own)}
            counted="coverage"
          />
          <Figure label="Commits with a session" value={linked} counted="linked" />
          <Figure label="Without a session" value={unlinked} counted="unlinked">
            {unlinked > 0 && <a href={`/commits?${only}&state=unlinked`}>See them</a>}
          </Figure>
          <Figure label="Commits by others" value={elsewhere} counted="elsewhere" />
          <LinesNotLanded counts={landed} href={`/edits?${only}&landed=missing`} />
          <SurvivingLines lines={repository.lines} />
          <Figure label="Sessions" value={repository.sessionCount} counted="sessionsOfRepository" />
        </Figures>
        <LoomFrame table={loom.table}>
          <Loom {...loomProps(loom)} />
        </LoomFrame>
        <section aria-labelledby="commits">
          <SectionHead id="commits" title="Newest commits">
            <a href={`/commits?${only}`}>All commits</a>
          </SectionHead>
          {commits.items.length === 0
            ? (
              <Empty title="No commit">
                {repository.failure === null
                  ? "No branch or tag holds one since the earliest session."
                  : "None is known, since the repository could not be read."}
              </Empty>
            )
            : (
              <CommitTable
                commits={commits.items}
                caption={`Newest commits of ${repository.name}`}
                oneRepository
              />
            )}
        </section>
        <section aria-labelledby="sessions">
          <SectionHead id="sessions" title="Newest sessions">
            <a href={`/sessions?${only}`}>All sessions</a>
          </SectionHead>
          {sessions.items.length === 0 ? <Empty title="No session worked here" /> : (
            <SessionTable
              sessions={sessions.items}
              caption={`Newest sessions of ${repository.name}`}
            />
          )}
        </section>
        <section aria-labelledby="places">
          <SectionHead id="places" title="Where it is" />
          <dl class="pairs">
            <dt>Last scan</dt>
            <dd>
              <RepositoryState repository={repository} />
            </dd>
            <dt>Git directory</dt>
            <dd class="path">{repository.commonDir}</dd>
            <dt>Worktrees</dt>
            <dd>
              <Paths paths={repository.worktrees} />
            </dd>
            <dt>Folders that sessions worked in</dt>
            <dd>
              <Paths paths={repository.folders.map(({ path }) => path)} />
            </dd>
            {repository.remotes.length > 0 && (
              <>
                <dt>Remotes</dt>
                <dd>
                  <Paths paths={repository.remotes} />
                </dd>
              </>
            )}
          </dl>
        </section>
      </>
    );
  },
);

function Paths({ paths }: { paths: string[] }) {
  if (paths.length === 0) return <span class="faint">none</span>;
  return (
    <ul>
      {paths.map((path) => <li key={path} class="path">{path}</li>)}
    </ul>
  );
}
