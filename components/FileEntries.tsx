import { formatBytes, formatCount } from "../lib/client/format.ts";
import type { TreeEntry } from "../lib/git/questions.ts";
import { Empty } from "./Empty.tsx";
import { blameHref, filesHref } from "./FilePlace.tsx";

/** Props of {@linkcode FileEntries}. */
export interface FileEntriesProps {
  entries: TreeEntry[];
  cut: boolean;
  repositoryId: number;
  at: string;
}

/** What a folder holds. */
export function FileEntries({ entries, cut, repositoryId, at }: FileEntriesProps) {
  if (entries.length === 0) return <Empty title="Nothing is in it" />;
  return (
    <>
      <table class="file-entries">
        <caption class="visually-hidden">Files and folders</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" class="number">Size</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.path}>
              <th scope="row" class="path">
                <Name entry={entry} repositoryId={repositoryId} at={at} />
              </th>
              <td class="number faint">{entry.size !== null && formatBytes(entry.size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {cut && <p class="note">Only the first {formatCount(entries.length)} are listed.</p>}
    </>
  );
}

function Name({ entry, repositoryId, at }: { entry: TreeEntry; repositoryId: number; at: string }) {
  const { name, path, kind } = entry;
  switch (kind) {
    case "folder":
      return <a class="folder" href={filesHref(repositoryId, { path, at })}>{name}/</a>;
    case "file":
      return <a href={blameHref(repositoryId, { path, at })}>{name}</a>;
    case "link":
      return (
        <>
          <a href={blameHref(repositoryId, { path, at })}>{name}</a> <span class="faint">link</span>
        </>
      );
    case "submodule":
      return <span class="faint">{name} (submodule)</span>;
    default:
      return kind satisfies never;
  }
}
