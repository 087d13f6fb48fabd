import { pathSteps } from "../lib/git/tree_path.ts";
import type { RepositoryRef } from "../lib/store/views/refs.ts";

/** The address of a file, line by line. */
export function blameHref(
  repositoryId: number,
  { path, at, line }: { path: string; at: string; line?: number },
): string {
  const query = new URLSearchParams({ path, ...(at !== "HEAD" && { at }) });
  if (line === undefined) return `/repositories/${repositoryId}/blame?${query}`;
  query.set("line", String(line));
  return `/repositories/${repositoryId}/blame?${query}#L${line}`;
}

/** The address of a folder of a repository. */
export function filesHref(
  repositoryId: number,
  { path, at }: { path: string; at: string },
): string {
  const query = new URLSearchParams({ ...(path !== "" && { path }), ...(at !== "HEAD" && { at }) });
  const text = query.toString();
  return `/repositories/${repositoryId}/files${text === "" ? "" : `?${text}`}`;
}

/** Where a file or a folder lies: its repository and every folder above it, each a link. */
export function FilePlace(
  { repository, path, at }: { repository: RepositoryRef; path: string; at: string },
) {
  const folders = pathSteps(path).slice(0, -1);
  return (
    <span class="file-place">
      <a href={`/repositories/${repository.id}`} class="quoted">{repository.name}</a>
      {path !== "" && (
        <>
          {" / "}
          <a href={filesHref(repository.id, { path: "", at })}>files</a>
        </>
      )}
      {folders.map(({ name, path }) => (
        <span key={path}>
          {" / "}
          <a class="quoted" href={filesHref(repository.id, { path, at })}>{name}</a>
        </span>
      ))}
    </span>
  );
}
