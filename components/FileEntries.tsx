import { formatBytes, formatCount } from "../lib/client/format.ts";
import type { TreeEntry } from "../lib/git/questions.ts";
import { Empty } from "./Empty.tsx";
import { blameHref, filesHref } from "./FilePlace.tsx";

/** Props of {@linkcode FileEntries}. */
export interface FileEntriesProps {
  entries: TreeEntry[];
  cut: boolean;
  repositoryId: number;
  /** The folder's path; "" for the topmost. */
  path: string;
  at: string;
}

/** What a folder holds. */
export function FileEntries({ entries, cut, repositoryId, path, at }: FileEntriesProps) {
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
          {entries.map((entry) => {
            const inside = path === "" ? entry.name : `${path}/${entry.name}`;
            return (
              <tr key={entry.name}>
                <th scope="row" class="path">
                  <Name entry={entry} repositoryId={repositoryId} path={inside} at={at} />
                </th>
                <td class="number faint">{entry.size !== null && formatBytes(entry.size)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {cut && <p class="note">Only the first {formatCount(entries.length)} are listed.</p>}
    </>
  );
}

function Name({ entry, repositoryId, path, at }: {
  entry: TreeEntry;
  repositoryId: number;
  path: string;
  at: string;
}) {
  const { name, kind } = entry;
  // A name that is not UTF-8 has no address.
  if (name.includes("\ufffd")) return <span class="faint">{name}</span>;
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
