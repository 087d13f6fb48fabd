import { HttpError, page } from "fresh";
import { blameHref, filesHref } from "../../../components/BlameTable.tsx";
import { FilePlace } from "../../../components/FilePlace.tsx";
import { PageHead } from "../../../components/PageHead.tsx";
import { define } from "../../../define.ts";
import { formatBytes, formatCounted } from "../../../lib/client/format.ts";
import type { TreeEntry } from "../../../lib/git/reading.ts";
import { textParam } from "../../../lib/http/params.ts";
import type { RepositoryId } from "../../../lib/ids.ts";
import { getRepository } from "../../../lib/store/views/repository_list.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { store, git } = ctx.state;
    const id = Number(ctx.params.id) as RepositoryId;
    const repository = Number.isSafeInteger(id) ? getRepository(store, id) : undefined;
    if (repository === undefined) throw new HttpError(404, "No repository has this number.");
    const path = ctx.url.searchParams.get("path") ?? "";
    const at = textParam(ctx.url.searchParams, "at") ?? "HEAD";
    ctx.state.title = path === "" ? `Files of ${repository.name}` : path;
    const answer = git === undefined
      ? { kind: "failed" as const, message: "This server cannot run git." }
      : await git.tree(repository.path, { path, at });
    return page({ repository, path, at, answer }, { status: answer.kind === "tree" ? 200 : 404 });
  },
});

export default define.page<typeof handler>(({ data: { repository, path, at, answer } }) => (
  <>
    <PageHead
      title={path.slice(path.lastIndexOf("/") + 1) || "Files"}
      kicker={<FilePlace repository={repository} path={path} at={at} />}
    >
      {answer.kind === "tree" && (
        <span>{formatCounted(answer.entries.length, "entry", "entries")}</span>
      )}
      <span>at {at}</span>
    </PageHead>
    {answer.kind === "failed" ? <p class="notice notice-warn quoted">{answer.message}</p> : (
      <table>
        <caption class="visually-hidden">Files and folders</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="number">Size</th>
          </tr>
        </thead>
        <tbody>
          {answer.entries.map((entry) => (
            <tr key={entry.name}>
              <th scope="row" class="path">
                <EntryName entry={entry} repositoryId={repository.id} path={path} at={at} />
              </th>
              <td class="number faint">{entry.size !== null && formatBytes(entry.size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </>
));

function EntryName({ entry, repositoryId, path, at }: {
  entry: TreeEntry;
  repositoryId: number;
  path: string;
  at: string;
}) {
  const inside = path === "" ? entry.name : `${path}/${entry.name}`;
  switch (entry.kind) {
    case "folder":
      return <a href={filesHref(repositoryId, { path: inside, at })}>{entry.name}/</a>;
    case "file":
      return <a href={blameHref(repositoryId, { path: inside, at })}>{entry.name}</a>;
    case "submodule":
      return <span class="faint">{entry.name} (submodule)</span>;
    default:
      return entry.kind satisfies never;
  }
}
