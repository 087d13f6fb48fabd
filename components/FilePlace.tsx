import type { RepositoryRef } from "../lib/store/views/refs.ts";
import { filesHref } from "./BlameTable.tsx";

/** Where a file or a folder lies: its repository and every folder above it, each a link. */
export function FilePlace(
  { repository, path, at }: { repository: RepositoryRef; path: string; at: string },
) {
  const folders = path.split("/").slice(0, -1);
  return (
    <>
      <a href={`/repositories/${repository.id}`} class="quoted">{repository.name}</a>
      {" / "}
      <a href={filesHref(repository.id, { path: "", at })}>files</a>
      {folders.map((name, i) => (
        <span key={i}>
          {" / "}
          <a
            class="quoted"
            href={filesHref(repository.id, { path: folders.slice(0, i + 1).join("/"), at })}
          >
            {name}
          </a>
        </span>
      ))}
    </>
  );
}
