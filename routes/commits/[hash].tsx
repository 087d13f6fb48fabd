import { HttpError, page } from "fresh";
import { AmbiguousCommit } from "../../components/AmbiguousCommit.tsx";
import { CommitSessions } from "../../components/CommitSessions.tsx";
import { Diff } from "../../components/Diff.tsx";
import { Empty } from "../../components/Empty.tsx";
import { commitHref, Hash } from "../../components/Hash.tsx";
import { PageHead, SectionHead } from "../../components/PageHead.tsx";
import { Time } from "../../components/Time.tsx";
import { define } from "../../define.ts";
import { formatCounted } from "../../lib/client/format.ts";
import { repositoryParam } from "../../lib/http/list_params.ts";
import { viewDiff } from "../../lib/pages/diff_view.ts";
import { findCommit } from "../../lib/store/views/commit_detail.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { store, git } = ctx.state;
    const repositoryId = repositoryParam(ctx.url.searchParams);
    const found = findCommit(store, ctx.params.hash, { repositoryId });
    if (found.kind === "notFound") {
      throw new HttpError(404, "No commit has this hash. It may not have been scanned yet.");
    }
    ctx.state.title = found.kind === "found" ? found.commit.subject : "Several commits";
    if (found.kind === "ambiguous") return page({ found, patch: null, files: [] }, { status: 300 });
    const patch = await git?.patch(found.commit.repository.path, found.commit.hash) ?? null;
    const files = patch?.kind === "patch"
      ? await viewDiff(patch.files, found.commit.writtenLines)
      : [];
    return page({ found, patch, files });
  },
});

export default define.page<typeof handler>(({ data: { found, patch, files } }) => {
  if (found.kind === "ambiguous") return <AmbiguousCommit candidates={found.candidates} />;
  const { commit } = found;
  const { repository } = commit;
  return (
    <article>
      <PageHead
        title={commit.subject || "Commit without a subject"}
        kicker={
          <>
            <a href="/commits">Commits</a> of{" "}
            <a class="quoted" href={`/repositories/${repository.id}`} title={repository.path}>
              {repository.name}
            </a>
          </>
        }
      >
        <code class="hash hash-long">{commit.hash}</code>
        <span class="quoted" title={commit.authorEmail}>by {commit.authorName}</span>
        <span>
          <Time at={commit.authoredAt} /> (<Time at={commit.authoredAt} as="ago" />)
        </span>
        {commit.committedAt !== commit.authoredAt && (
          <span title="A rebase, an amend or a cherry-pick commits anew what was authored before">
            committed <Time at={commit.committedAt} />
          </span>
        )}
        {!commit.reachable && <span class="warn">no branch or tag holds it any more</span>}
      </PageHead>
      <CommitSessions commit={commit} />
      {patch !== null && (
        <section aria-labelledby="changes">
          <SectionHead id="changes" title="What it changed">
            {formatCounted(files.length, "file")}
            {commit.parents.length > 1 && ", compared with its first parent"}
          </SectionHead>
          {patch.kind === "failed"
            ? <p class="notice notice-warn quoted">{patch.message}</p>
            : files.length === 0
            ? <Empty title="No file" />
            : (
              <Diff files={files} repositoryId={repository.id} hash={commit.hash} cut={patch.cut} />
            )}
        </section>
      )}
      <section aria-labelledby="about">
        <SectionHead id="about" title="About" />
        <dl class="pairs">
          <dt>{commit.parents.length === 1 ? "Parent" : "Parents"}</dt>
          <dd>
            {commit.parents.length === 0 ? "none: the first commit" : (
              <ul>
                {commit.parents.map(({ hash, subject }) => (
                  <li key={hash}>
                    {subject === null ? <Hash hash={hash} /> : (
                      <Hash
                        hash={hash}
                        href={commitHref({ hash, repositoryId: repository.id })}
                      />
                    )} <span class="quoted soft">{subject ?? "not scanned"}</span>
                  </li>
                ))}
              </ul>
            )}
          </dd>
          <dt>Author</dt>
          <dd class="quoted">{commit.authorName} ({commit.authorEmail})</dd>
          {commit.committerEmail !== commit.authorEmail && (
            <>
              <dt>Committer</dt>
              <dd class="quoted">{commit.committerEmail}</dd>
            </>
          )}
          {commit.trailers.map(({ key, value }, i) => (
            <>
              <dt key={`${i}-key`} class="quoted">{key}</dt>
              <dd key={i} class="quoted">{value}</dd>
            </>
          ))}
          {commit.alsoIn.length > 0 && (
            <>
              <dt>Also in</dt>
              <dd>
                {commit.alsoIn.map(({ id, name, path }) => (
                  <a
                    key={id}
                    href={commitHref({ hash: commit.hash, repositoryId: id })}
                    title={path}
                  >
                    {name}
                  </a>
                ))}
              </dd>
            </>
          )}
        </dl>
      </section>
    </article>
  );
});
