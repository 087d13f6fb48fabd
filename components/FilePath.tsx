import type { TreeEntry } from "../lib/git/read/queries.ts";
import { pathSteps } from "../lib/git/tree.ts";
import type { RepositoryRef, SessionFile } from "../lib/store/shapes.ts";
import { formatBytes, formatCount } from "../lib/text/format.ts";
import { Empty } from "./Empty.tsx";
import { ColumnHead } from "./Explained.tsx";

/** The address of a file, line by line. */
export function blameHref(
  repositoryId: string,
  { path, at, line }: { path: string; at: string; line?: number },
): string {
  const query = new URLSearchParams({ path, ...(at !== "HEAD" && { at }) });
  if (line === undefined) return `/repositories/${repositoryId}/blame?${query}`;
  query.set("line", String(line));
  return `/repositories/${repositoryId}/blame?${query}#L${line}`;
}

/** The address of a folder of a repository. */
export function filesHref(
  repositoryId: string,
  { path, at }: { path: string; at: string },
): string {
  const query = new URLSearchParams({ ...(path !== "" && { path }), ...(at !== "HEAD" && { at }) });
  const text = query.toString();
  return `/repositories/${repositoryId}/files${text === "" ? "" : `?${text}`}`;
}

/** Where a file or a folder lies: its repository and every folder above it, each a link. */
export function FileLocation(
  { repository, path, at }: { repository: RepositoryRef; path: string; at: string },
) {
  const folders = pathSteps(path).slice(0, -1);
  return (
    <span class="file-place">
      <a href={`/repositories/${repository.id}`} class="quoted" aria-current="false">
        {repository.name}
      </a>
      {path !== "" && (
        <>
          {" / "}
          <a href={filesHref(repository.id, { path: "", at })} aria-current="false">files</a>
        </>
      )}
      {folders.map(({ name, path }) => (
        <span key={path}>
          {" / "}
          <a class="quoted" href={filesHref(repository.id, { path, at })} aria-current="false">
            {name}
          </a>
        </span>
      ))}
    </span>
  );
}

export interface FileTableProps {
  files: SessionFile[];
  total: number;
  /** The folder that paths are shown relative to. */
  root: string | null;
}

const SHOWN = 15;

/** The files that a session edited; the ones edited least are folded. */
export function FileTable({ files, total, root }: FileTableProps) {
  const rest = files.slice(SHOWN);
  return (
    <>
      <Rows files={files.slice(0, SHOWN)} root={root} />
      {rest.length > 0 && (
        <details class="fold" id="more-files">
          <summary>{formatCount(total - SHOWN)} more</summary>
          <Rows files={rest} root={root} />
          {total > files.length && (
            <p class="note">{formatCount(total - files.length)} files are not listed.</p>
          )}
        </details>
      )}
    </>
  );
}

function Rows({ files, root }: { files: SessionFile[]; root: string | null }) {
  return (
    <table>
      <caption class="visually-hidden">Files that the session edited</caption>
      <thead>
        <tr>
          <ColumnHead label="File" />
          <ColumnHead label="Edits" counted="edits" />
          <ColumnHead label="Landed" counted="landed" />
        </tr>
      </thead>
      <tbody>
        {files.map(({ path, edits, landed, place }) => (
          <tr key={path}>
            <th scope="row" class="path" title={path}>
              {place === null ? relative(path, root) : (
                <a
                  href={blameHref(place.repository.id, {
                    path: place.pathInRepository,
                    at: "HEAD",
                  })}
                >
                  {relative(path, root)}
                </a>
              )}
            </th>
            <td class="number">{formatCount(edits)}</td>
            <td class="number">
              {landed === 0 ? <span class="faint">none</span> : formatCount(landed)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function relative(path: string, root: string | null): string {
  if (root === null || !path.startsWith(root)) return path;
  return path.slice(root.length).replace(/^[/\\]/, "") || path;
}

export interface FileEntriesProps {
  entries: TreeEntry[];
  cut: boolean;
  repositoryId: string;
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

function Name({ entry, repositoryId, at }: { entry: TreeEntry; repositoryId: string; at: string }) {
  const { name, path, kind } = entry;
  switch (kind) {
    case "folder":
      return (
        <a class="folder" href={filesHref(repositoryId, { path, at })} aria-current="false">
          {name}/
        </a>
      );
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
