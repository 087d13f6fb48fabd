import { page } from "fresh";
import { Empty } from "../../../components/Empty.tsx";
import { blameHref, FileEntries, FileLocation, filesHref } from "../../../components/FilePath.tsx";
import { PageHead } from "../../../components/PageHead.tsx";
import { RevisionPicker } from "../../../components/RevisionPicker.tsx";
import { define } from "../../../define.ts";
import { pathSteps, readablePath } from "../../../lib/git/tree.ts";
import { canonicalAddress, contextOf, gitErrorStatus } from "../../../lib/http/api.ts";
import { parseInput } from "../../../lib/http/input.ts";
import { files } from "../../../lib/queries/blame.ts";
import { formatCounted } from "../../../lib/text/format.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const input = await parseInput("files", ctx.url.searchParams, ctx.params);
    const { path = "", at = "HEAD" } = input;
    const { repository, found, refs } = await files.run(contextOf(ctx.state), input);
    const canonical = canonicalAddress(ctx.url, repository.id);
    if (canonical !== null) return ctx.redirect(canonical);
    if (found.kind === "file") return ctx.redirect(blameHref(repository.id, { path, at }));
    ctx.state.title = path === "" ? `Files of ${repository.name}` : readablePath(path);
    const status = found.kind === "error" ? gitErrorStatus(found) : 200;
    return page({ repository, path, at, found, refs }, { status });
  },
});

export default define.page<typeof handler>(({ data }) => {
  const { repository, path, at, found, refs } = data;
  return (
    <>
      <PageHead
        title={pathSteps(path).at(-1)!.name || "Files"}
        kicker={<FileLocation repository={repository} path={path} at={at} />}
      >
        {found.kind === "folder" && (
          <span>{formatCounted(found.entries.length, "entry", "entries")}</span>
        )}
        <span>Open a file to see who wrote each line, and what was asked for.</span>
      </PageHead>
      <RevisionPicker path={path} at={at} refs={refs} />
      {found.kind === "error"
        ? <p class="notice notice-warn quoted" role="note">{found.message}</p>
        : found.kind === "folder"
        ? (
          <FileEntries
            entries={found.entries}
            cut={found.cut}
            repositoryId={repository.id}
            at={at}
          />
        )
        : (
          <Empty title="Another repository">
            A submodule stands here.{" "}
            <a href={filesHref(repository.id, { path: "", at })} aria-current="false">
              Back to the files
            </a>
          </Empty>
        )}
    </>
  );
});
