import { commitTitle } from "../../components/Hash.tsx";
import { page } from "fresh";
import {
  CommitAbout,
  CommitChoice,
  CommitMessage,
  CommitSessions,
} from "../../components/Commit.tsx";
import { CommitDiff } from "../../components/CommitDiff.tsx";
import { Empty } from "../../components/Empty.tsx";
import { Explained } from "../../components/Explained.tsx";
import { PageHead, SectionHead } from "../../components/PageHead.tsx";
import { Time } from "../../components/Time.tsx";
import { define } from "../../define.ts";
import { contextOf } from "../../lib/http/api.ts";
import { parseInput } from "../../lib/http/input.ts";
import { AmbiguousCommit, commit } from "../../lib/queries/commits.ts";
import { changes } from "../../lib/queries/diff.ts";
import type { DiffFile } from "../../lib/queries/schemas.ts";
import { formatCount, formatCounted } from "../../lib/text/format.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const context = contextOf(ctx.state);
    const input = await parseInput("commit", ctx.url.searchParams, ctx.params);
    try {
      const found = await commit.run(context, input);
      const { hash, repository } = found;
      ctx.state.title = commitTitle(found.subject);
      const changed = await changes.run(context, { hash, repository: repository.id });
      return page({ commit: found, ...changed });
    } catch (error) {
      if (!(error instanceof AmbiguousCommit)) throw error;
      ctx.state.title = "Several commits";
      return page({ candidates: error.candidates }, { status: 300 });
    }
  },
});

export default define.page<typeof handler>(({ data }) => {
  if ("candidates" in data) return <CommitChoice candidates={data.candidates} />;
  const { commit, message, diff, refs } = data;
  const { repository } = commit;
  const files = diff?.kind === "ok" ? diff.files : [];
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
                      diff={diff}
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
