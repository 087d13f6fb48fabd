import { commitTitle } from "../../components/Hash.tsx";
import { HttpError, page } from "fresh";
import {
  AmbiguousCommit,
  CommitAbout,
  CommitMessage,
  CommitSessions,
} from "../../components/Commit.tsx";
import { CommitDiff } from "../../components/CommitDiff.tsx";
import { Empty } from "../../components/Empty.tsx";
import { Explained } from "../../components/Explained.tsx";
import { PageHead, SectionHead } from "../../components/PageHead.tsx";
import { Time } from "../../components/Time.tsx";
import { define } from "../../define.ts";
import { repositoryParam } from "../../lib/http/params.ts";
import { type DiffFile, viewDiff } from "../../lib/queries/diff.ts";
import { locationOf } from "../../lib/queries/location.ts";
import { findCommit } from "../../lib/store/read/commit_detail.ts";
import { getRepository } from "../../lib/store/read/repositories.ts";
import { formatCount, formatCounted } from "../../lib/text/format.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { store, git } = ctx.state;
    const repositoryId = repositoryParam(ctx.url.searchParams);
    const found = findCommit(store, ctx.params.hash, { repositoryId });
    if (found.kind === "notFound") {
      throw new HttpError(404, "No commit has this hash. It may not have been scanned yet.");
    }
    ctx.state.title = found.kind === "found"
      ? commitTitle(found.commit.subject)
      : "Several commits";
    if (found.kind === "ambiguous") {
      return page({ found, message: null, diff: null, files: [], refs: null }, { status: 300 });
    }
    const { hash, parents, writtenLines } = found.commit;
    const place = getRepository(store, found.commit.repository.id);
    if (git === undefined || place === undefined) {
      return page({ found, message: null, diff: null, files: [], refs: null });
    }
    const repository = locationOf(place);
    const [message, diff, refs] = await Promise.all([
      git.ask({ ask: "message", repository, hash }),
      git.ask({ ask: "diff", repository, hash, parents: parents.length }),
      git.ask({ ask: "refs", repository, holding: hash }),
    ]);
    const files = diff.kind === "ok" ? viewDiff(diff.value.files, writtenLines) : [];
    return page({
      found,
      message: message.kind === "ok" ? message.value : null,
      diff,
      files,
      refs: refs.kind === "ok" ? refs.value : null,
    });
  },
});

export default define.page<typeof handler>(({ data: { found, message, diff, files, refs } }) => {
  if (found.kind === "ambiguous") return <AmbiguousCommit candidates={found.candidates} />;
  const { commit } = found;
  const { repository } = commit;
  return (
    <article>
      <PageHead
        title={commitTitle(commit.subject)}
        kicker={
          <>
            <a href="/commits" aria-current="false">Commits</a> of{" "}
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
          <Explained says="A rebase, an amend or a cherry-pick commits anew what was authored before.">
            committed <Time at={commit.committedAt} />
          </Explained>
        )}
        {!commit.reachable && <span class="warn">no branch or tag holds it any more</span>}
      </PageHead>
      {message !== null && message.body !== "" && <CommitMessage message={message} />}
      <div class="columns">
        <CommitSessions commit={commit} />
        <CommitAbout commit={commit} refs={refs} />
      </div>
      {diff !== null && (
        <section aria-labelledby="changes">
          <SectionHead id="changes" title="What it changed">
            {diff.kind === "ok" && (
              <>
                {formatCounted(files.length, "file")}, <Totals files={files} />
              </>
            )}
          </SectionHead>
          {diff.kind === "error"
            ? <p class="notice notice-warn quoted" role="note">{diff.message}</p>
            : (
              <>
                {commit.parents.length > 1 && files.length > 0 && (
                  <p class="note">
                    Lines that the merge has from none of its parents. Everything else belongs to
                    the commits it brings together.
                  </p>
                )}
                {files.length === 0
                  ? <NothingChanged merge={commit.parents.length > 1} />
                  : (
                    <CommitDiff
                      files={files}
                      diff={diff.value}
                      repositoryId={repository.id}
                      hash={commit.hash}
                    />
                  )}
              </>
            )}
        </section>
      )}
    </article>
  );
});

function Totals({ files }: { files: DiffFile[] }) {
  const sum = (count: (file: DiffFile) => number) =>
    formatCount(files.reduce((total, file) => total + count(file), 0));
  return (
    <span class="diff-counts">
      <span class="good">+{sum(({ added }) => added)}</span>{" "}
      <span class="bad">−{sum(({ removed }) => removed)}</span>
    </span>
  );
}

function NothingChanged({ merge }: { merge: boolean }) {
  return merge
    ? (
      <Empty title="Nothing of its own">
        The merge brings together what its parents have. The lines belong to their commits.
      </Empty>
    )
    : <Empty title="No file">The commit changes no file.</Empty>;
}
