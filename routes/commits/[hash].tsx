import { HttpError, page } from "fresh";
import { AmbiguousCommit } from "../../components/AmbiguousCommit.tsx";
import { CommitSessions } from "../../components/CommitSessions.tsx";
import { commitHref, Hash } from "../../components/Hash.tsx";
import { PageHead, SectionHead } from "../../components/PageHead.tsx";
import { Time } from "../../components/Time.tsx";
import { define } from "../../define.ts";
import { repositoryParam } from "../../lib/http/list_params.ts";
import { findCommit } from "../../lib/store/views/commit_detail.ts";

export const handler = define.handlers({
  GET(ctx) {
    const repositoryId = repositoryParam(ctx.url.searchParams);
    const found = findCommit(ctx.state.store, ctx.params.hash, { repositoryId });
    if (found.kind === "notFound") {
      throw new HttpError(404, "No commit has this hash. It may not have been scanned yet.");
    }
    ctx.state.title = found.kind === "found" ? found.commit.subject : "Several commits";
    return page(found, found.kind === "found" ? {} : { status: 300 });
  },
});

export default define.page<typeof handler>(({ data }) => {
  if (data.kind === "ambiguous") return <AmbiguousCommit candidates={data.candidates} />;
  const { commit } = data;
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
