import { HttpError, page } from "fresh";
import { Empty } from "../../../components/Empty.tsx";
import { blameHref, FileEntries, FileLocation, filesHref } from "../../../components/FilePath.tsx";
import { PageHead } from "../../../components/PageHead.tsx";
import { RevisionPicker } from "../../../components/RevisionPicker.tsx";
import { define } from "../../../define.ts";
import type { RepositoryId } from "../../../lib/domain/ids.ts";
import { pathSteps, readablePath } from "../../../lib/git/tree.ts";
import { revisionParam } from "../../../lib/http/params.ts";
import {
  CANNOT_READ,
  findPath,
  gitErrorStatus,
  locationOf,
} from "../../../lib/queries/location.ts";
import { getRepository } from "../../../lib/store/read/repositories.ts";
import { formatCounted } from "../../../lib/text/format.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { store, git } = ctx.state;
    const id = Number(ctx.params.id) as RepositoryId;
    const repository = Number.isSafeInteger(id) ? getRepository(store, id) : undefined;
    if (repository === undefined) throw new HttpError(404, "No repository has this number.");
    const path = ctx.url.searchParams.get("path") ?? "";
    const at = revisionParam(ctx.url.searchParams, "at");
    ctx.state.title = path === "" ? `Files of ${repository.name}` : readablePath(path);
    if (git === undefined) {
      return page({ repository, path, at, found: CANNOT_READ, refs: [] }, { status: 503 });
    }
    const [found, refs] = await Promise.all([
      findPath(git, repository, { path, revision: at }),
      git.ask({ ask: "refs", repository: locationOf(repository) }),
    ]);
    if (found.kind === "found" && found.at.kind === "file") {
      return ctx.redirect(blameHref(repository.id, { path, at }));
    }
    return page({ repository, path, at, found, refs: refs.kind === "ok" ? refs.value.refs : [] }, {
      status: found.kind === "error" ? gitErrorStatus(found) : 200,
    });
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
        {found.kind === "found" && found.at.kind === "folder" && (
          <span>{formatCounted(found.at.entries.length, "entry", "entries")}</span>
        )}
        <span>Open a file to see who wrote each line, and what was asked for.</span>
      </PageHead>
      <RevisionPicker path={path} at={at} refs={refs} />
      {found.kind === "error"
        ? <p class="notice notice-warn quoted" role="note">{found.message}</p>
        : found.at.kind === "folder"
        ? (
          <FileEntries
            entries={found.at.entries}
            cut={found.at.cut}
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
