import { formatCount, formatCounted } from "../lib/client/format.ts";
import type { CommitDiff as GitDiff } from "../lib/git/questions.ts";
import type { DiffFile } from "../lib/pages/diff_view.ts";
import { DiffHunks } from "./DiffHunks.tsx";
import { COUNTED } from "../lib/pages/counted.ts";
import { Explained } from "./Explained.tsx";
import { blameHref } from "./FilePlace.tsx";

/** Props of {@linkcode CommitDiff}. */
export interface CommitDiffProps {
  files: DiffFile[];
  diff: Pick<GitDiff, "against" | "cut">;
  repositoryId: number;
  hash: string;
}

/** A file with more lines is folded, and so is everything after so many lines. */
const OPEN_LINES = 400;
const OPEN_LINES_TOGETHER = 1_500;
/** A list of fewer files would only repeat them. */
const LISTED_FROM = 3;
const LISTED = 200;

/** What a commit changes, file by file; beside added lines stands what somebody had asked for. */
export function CommitDiff({ files, diff, repositoryId, hash }: CommitDiffProps) {
  let before = 0;
  return (
    <>
      {files.length >= LISTED_FROM && <FileList files={files} />}
      <div class="diff">
        {files.map((file, i) => {
          const open = file.shown <= OPEN_LINES && before + file.shown <= OPEN_LINES_TOGETHER;
          before += file.shown;
          return (
            <details key={file.path} class="diff-file" id={`file-${i + 1}`} open={open}>
              <summary>
                <FileName file={file} />
                <Counts file={file} />
              </summary>
              <p class="diff-links">
                <Written file={file} />
                {file.status !== "deleted" && !file.binary && (
                  <a href={blameHref(repositoryId, { path: file.spelledPath, at: hash })}>
                    Who wrote every line
                  </a>
                )}
              </p>
              <DiffHunks file={file} />
            </details>
          );
        })}
      </div>
      {diff.cut && (
        <p class="note">
          The commit changes more than a page can show. <code>git show {hash.slice(0, 12)}</code>
          {" "}
          in the repository has all of it.
        </p>
      )}
    </>
  );
}

function FileList({ files }: { files: DiffFile[] }) {
  return (
    <ol class="diff-list">
      {files.slice(0, LISTED).map((file, i) => (
        <li key={file.path}>
          <a href={`#file-${i + 1}`}>
            <FileName file={file} />
          </a>
          <Counts file={file} />
        </li>
      ))}
      {files.length > LISTED && <li class="faint">and {formatCount(files.length - LISTED)} more
      </li>}
    </ol>
  );
}

const SAID = {
  added: "new",
  copied: "copied",
  deleted: "deleted",
  modified: null,
  renamed: "renamed",
  typeChanged: "of another kind",
} as const;

function FileName({ file }: { file: DiffFile }) {
  const said = SAID[file.status];
  return (
    <span class="diff-name">
      <span class="path">
        {file.oldPath !== null && (
          <>
            <span class="faint">{file.oldPath}</span>
            <span class="visually-hidden">became</span>
            <span aria-hidden="true">→</span>
          </>
        )}
        {file.path}
      </span>
      {said !== null && <span class="diff-status">{said}</span>}
      {file.oldMode !== null && file.newMode !== null && file.oldMode !== file.newMode && (
        <span class="diff-status">{modeSaid(file.oldMode, file.newMode)}</span>
      )}
    </span>
  );
}

function modeSaid(before: string, mode: string): string {
  if (mode === "100755") return "now executable";
  if (mode === "100644") return "no longer executable";
  return `mode ${mode} after ${before}`;
}

function Counts({ file }: { file: DiffFile }) {
  if (file.binary) return <span class="diff-counts faint">binary</span>;
  return (
    <span class="diff-counts">
      <span class="good">+{formatCount(file.added)}</span>{" "}
      <span class="bad">−{formatCount(file.removed)}</span>
    </span>
  );
}

function Written({ file }: { file: DiffFile }) {
  if (file.binary || file.added === 0) return null;
  if (file.written === 0) return <span>no added line is known to be a session's</span>;
  return (
    <Explained says={COUNTED.linesWrittenOfFile}>
      sessions wrote {file.added === 1 ? "the added line" : (
        <>
          {formatCount(file.written)} of {formatCounted(file.added, "added line")}
        </>
      )}
    </Explained>
  );
}
