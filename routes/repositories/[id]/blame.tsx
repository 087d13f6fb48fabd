import { page } from "fresh";
import { BlameLines, BlameSummary } from "../../../components/Blame.tsx";
import { PlainLines } from "../../../components/Code.tsx";
import { Empty } from "../../../components/Empty.tsx";
import { blameHref, FileLocation, filesHref } from "../../../components/FilePath.tsx";
import { PageHead } from "../../../components/PageHead.tsx";
import { RevisionPicker } from "../../../components/RevisionPicker.tsx";
import { define } from "../../../define.ts";
import { pathSteps } from "../../../lib/git/tree.ts";
import { canonicalAddress, contextOf, gitErrorStatus } from "../../../lib/http/api.ts";
import { parseInput } from "../../../lib/http/input.ts";
import { blameView, LINES_A_PAGE } from "../../../lib/queries/blame.ts";
import { formatBytes, formatCounted } from "../../../lib/text/format.ts";
import { withParams } from "../../../lib/text/urls.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { searchParams } = ctx.url;
    const goTo = searchParams.get("goto") ?? "";
    if (goTo !== "") searchParams.set("line", goTo);
    const input = await parseInput("blameView", searchParams, ctx.params);
    const { id, path = "", at = "HEAD", line } = input;
    if (goTo !== "") return ctx.redirect(blameHref(id, { path, at, line }));
    if (path === "") return ctx.redirect(filesHref(id, { path, at }));
    const { found, ...version } = await blameView.run(contextOf(ctx.state), input);
    const canonical = canonicalAddress(ctx.url, version.repository.id);
    if (canonical !== null) return ctx.redirect(canonical);
    if (found.kind === "folder" || found.kind === "submodule") {
      return ctx.redirect(filesHref(id, { path, at }));
    }
    ctx.state.title = `${pathSteps(path).at(-1)!.name}, blame`;
    const status = found.kind === "error" ? gitErrorStatus(found) : 200;
    return page({ ...version, path, at, line, found }, { status });
  },
});

export default define.page<typeof handler>(({ data, url }) => {
  const { repository, path, at, line, hash, refs, found } = data;
  const view = found.kind === "text" ? found.view : null;
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
      {found.kind === "error" && (
        <p class="notice notice-warn quoted" role="note">{found.message}</p>
      )}
      {found.kind === "binary" && (
        <Empty title="Not text">
          {formatBytes(found.size)} of something else than lines: nobody can say who wrote which.
        </Empty>
      )}
      {view !== null && view.lineCount === 0 && <Empty title="The file is empty" />}
      {found.kind === "text" && found.lines.length > 0 && (
        <>
          <p class="notice" role="note">
            Two branches changed this file before they were merged, and its name is not UTF-8: git
            cannot be asked who wrote its lines.
          </p>
          <PlainLines lines={found.lines} first={found.view.from} />
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
