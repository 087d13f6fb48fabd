import { formatCount } from "../lib/client/format.ts";
import type { SessionFile } from "../lib/store/views/session_files.ts";
import { blameHref } from "./FilePlace.tsx";
import { ColumnHead } from "./ColumnHead.tsx";

/** Props of {@linkcode FileTable}. */
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
