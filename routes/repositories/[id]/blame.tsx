import { HttpError, page } from "fresh";
import { BlameLines, BlameSummary } from "../../../components/Blame.tsx";
import { PlainLines } from "../../../components/Code.tsx";
import { Empty } from "../../../components/Empty.tsx";
import { blameHref, FileLocation, filesHref } from "../../../components/FilePath.tsx";
import { PageHead } from "../../../components/PageHead.tsx";
import { RevisionPicker } from "../../../components/RevisionPicker.tsx";
import { define } from "../../../define.ts";
import type { RepositoryId } from "../../../lib/domain/ids.ts";
import { pathSteps } from "../../../lib/git/tree.ts";
import { integerParam, revisionParam } from "../../../lib/http/params.ts";
import { LINES_A_PAGE, viewBlame } from "../../../lib/queries/blame.ts";
import {
  CANNOT_READ,
  findPath,
  gitErrorStatus,
  locationOf,
} from "../../../lib/queries/location.ts";
import { getRepository } from "../../../lib/store/read/repositories.ts";
import { formatBytes, formatCounted } from "../../../lib/text/format.ts";
import { withParams } from "../../../lib/text/urls.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { store, git } = ctx.state;
    const { searchParams } = ctx.url;
    const id = Number(ctx.params.id) as RepositoryId;
    const repository = Number.isSafeInteger(id) ? getRepository(store, id) : undefined;
    if (repository === undefined) throw new HttpError(404, "No repository has this number.");
    const path = searchParams.get("path") ?? "";
    const at = revisionParam(searchParams, "at");
    const line = integerParam(searchParams, "line");
    const goTo = integerParam(searchParams, "goto");
    if (goTo !== undefined) return ctx.redirect(blameHref(id, { path, at, line: goTo }));
    if (path === "") return ctx.redirect(filesHref(id, { path, at }));
    const from = line === undefined
      ? integerParam(searchParams, "from") ?? 1
      : line - (line - 1) % LINES_A_PAGE;
    ctx.state.title = `${pathSteps(path).at(-1)!.name}, blame`;
    const nothing = { repository, path, at, line, hash: null, refs: [], blame: null, view: null };
    if (git === undefined) return page({ ...nothing, gitError: CANNOT_READ }, { status: 503 });
    const [found, refs] = await Promise.all([
      findPath(git, repository, { path, revision: at }),
      git.ask({ ask: "refs", repository: locationOf(repository) }),
    ]);
    const some = { ...nothing, refs: refs.kind === "ok" ? refs.value.refs : [] };
    if (found.kind === "error") {
      return page({ ...some, gitError: found }, { status: gitErrorStatus(found) });
    }
    if (found.at.kind !== "file") return ctx.redirect(filesHref(id, { path, at }));
    const { hash } = found;
    const answer = await git.ask({
      ask: "blame",
      repository: locationOf(repository),
      hash,
      path,
      from,
      count: LINES_A_PAGE,
    });
    if (answer.kind === "error") {
      return page({ ...some, hash, gitError: answer }, { status: gitErrorStatus(answer) });
    }
    const blame = answer.value;
    const view = blame.kind === "text" ? viewBlame(store, blame, id) : null;
    return page({ ...some, hash, gitError: null, blame, view });
  },
});

export default define.page<typeof handler>(({ data, url }) => {
  const { repository, path, at, line, hash, refs, gitError, blame, view } = data;
  return (
    <article class="blame-page">
      <PageHead
        title={pathSteps(path).at(-1)!.name}
        kicker={<FileLocation repository={repository} path={path} at={at} />}
      >
        {view !== null && <span>{formatCounted(view.lineCount, "line")}</span>}
        {hash !== null && (
          <span>
            at <code class="hash">{hash.slice(0, 8)}</code>{" "}
            <a href={blameHref(repository.id, { path, at: hash })} aria-current="false">
              Permalink
            </a>
          </span>
        )}
      </PageHead>
      <RevisionPicker path={path} at={at} refs={refs}>
        <label>
          Line
          <input type="number" name="goto" min={1} value={line} />
        </label>
      </RevisionPicker>
      {gitError !== null && <p class="notice notice-warn quoted" role="note">{gitError.message}</p>}
      {blame?.kind === "binary" && (
        <Empty title="Not text">
          {formatBytes(blame.size)} of something else than lines: nobody can say who wrote which.
        </Empty>
      )}
      {view !== null && view.lineCount === 0 && <Empty title="The file is empty" />}
      {blame?.kind === "text" && blame.groups.length === 0 && blame.lines.length > 0 && (
        <>
          <p class="notice" role="note">
            Two branches changed this file before they were merged, and its name is not UTF-8: git
            cannot be asked who wrote its lines.
          </p>
          <PlainLines lines={blame.lines} first={blame.from} />
        </>
      )}
      {view !== null && view.chunks.length > 0 && (
        <div class="blame-columns">
          <BlameSummary view={view} />
          <div class="blame-main">
            <Pages url={url} view={view} label="Parts of this file, above it" />
            <BlameLines chunks={view.chunks} repositoryId={repository.id} path={path} />
            <Pages url={url} view={view} label="Parts of this file, below it" />
          </div>
        </div>
      )}
    </article>
  );
});

function Pages(
  { url, view, label }: {
    url: URL;
    view: { from: number; to: number; lineCount: number };
    label: string;
  },
) {
  const { from, to, lineCount } = view;
  if (from === 1 && to >= lineCount) return null;
  const part = (first: number | null) => withParams(url, { from: first, line: null });
  return (
    <nav class="pager" aria-label={label}>
      {from > 1
        ? (
          <a href={part(Math.max(1, from - LINES_A_PAGE))} rel="prev" aria-current="false">
            Earlier lines
          </a>
        )
        : <span />}
      <span>
        Lines {from} to {to} of {lineCount}
      </span>
      {to < lineCount
        ? <a href={part(to + 1)} rel="next" aria-current="false">Later lines</a>
        : <span />}
    </nav>
  );
}
