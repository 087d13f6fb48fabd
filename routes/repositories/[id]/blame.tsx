import { HttpError, page } from "fresh";
import { blameHref, BlameTable } from "../../../components/BlameTable.tsx";
import { FilePlace } from "../../../components/FilePlace.tsx";
import { PageHead } from "../../../components/PageHead.tsx";
import { define } from "../../../define.ts";
import { formatCount, formatCounted } from "../../../lib/client/format.ts";
import { integerParam, textParam } from "../../../lib/http/params.ts";
import type { RepositoryId } from "../../../lib/ids.ts";
import { LINES_A_PAGE, viewBlame } from "../../../lib/pages/blame_view.ts";
import { withParams } from "../../../lib/pages/address.ts";
import { getRepository } from "../../../lib/store/views/repository_list.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { store, git } = ctx.state;
    const { searchParams } = ctx.url;
    const id = Number(ctx.params.id) as RepositoryId;
    const repository = Number.isSafeInteger(id) ? getRepository(store, id) : undefined;
    if (repository === undefined) throw new HttpError(404, "No repository has this number.");
    const path = searchParams.get("path") ?? "";
    const at = textParam(searchParams, "at") ?? "HEAD";
    const from = integerParam(searchParams, "from") ?? 1;
    ctx.state.title = `${path.slice(path.lastIndexOf("/") + 1)} by line`;
    const answer = git === undefined
      ? { kind: "failed" as const, message: "This server cannot run git." }
      : await git.blame(repository.path, { path, at });
    if (answer.kind === "failed") {
      return page({ repository, path, at, from, answer, view: null }, { status: 404 });
    }
    const view = await viewBlame(store, answer, { repositoryId: id, path, from });
    return page({ repository, path, at, from, answer, view });
  },
});

export default define.page<typeof handler>(({ data, url }) => {
  const { repository, path, at, from, answer, view } = data;
  return (
    <>
      <PageHead
        title={path.slice(path.lastIndexOf("/") + 1) || repository.name}
        kicker={<FilePlace repository={repository} path={path} at={at} />}
      >
        {view !== null && <span>{formatCounted(view.total, "line")}</span>}
        {view !== null && (
          <span title="Lines whose text an edit of a session wrote, before the commit that they came with">
            {formatCount(view.written)} written by sessions
          </span>
        )}
        {answer.kind === "blame" && (
          <a href={blameHref(repository.id, { path, at: answer.commit })}>Permanent address</a>
        )}
      </PageHead>
      <form class="filters" method="get">
        <input type="hidden" name="path" value={path} />
        <label>
          Revision
          <input type="text" name="at" value={at} maxLength={200} spellcheck={false} />
        </label>
        <button class="button" type="submit">Show</button>
      </form>
      {answer.kind === "failed" ? <p class="notice notice-warn quoted">{answer.message}</p> : (
        <>
          <p class="note blame-note">
            Beside each line stands the commit that it came with, and what was asked for when it was
            written. A line's number leads to the prompt.
          </p>
          <BlameTable groups={view!.groups} repositoryId={repository.id} path={path} />
          <nav class="pager" aria-label="Parts of this file">
            {from > 1 && <a href={withParams(url, { from: null })}>First lines</a>}
            {from + LINES_A_PAGE <= view!.total && (
              <a href={withParams(url, { from: from + LINES_A_PAGE })} rel="next">Later lines</a>
            )}
          </nav>
          {answer.cut && <p class="note">The file is longer than what is shown.</p>}
        </>
      )}
    </>
  );
});
