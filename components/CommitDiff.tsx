import { hashLine, isDistinctive } from "../lib/domain/line_hashes.ts";
import type { CommitDiff as GitDiff, DiffLine } from "../lib/git/read/queries.ts";
import { textOf } from "../lib/highlight/code_line.ts";
import type { DiffChunk } from "../lib/queries/diff.ts";
import type { DiffFile } from "../lib/queries/schemas.ts";
import { findSecretsInLines, type SecretSpan } from "../lib/secrets/secrets.ts";
import { formatCount, formatCounted } from "../lib/text/format.ts";
import { WriterNote } from "./Blame.tsx";
import { Code } from "./Code.tsx";
import { Explained } from "./Explained.tsx";
import { blameHref } from "./FilePath.tsx";
import { METRIC_HELP } from "./metric_help.ts";

export interface CommitDiffProps {
  files: DiffFile[];
  diff: Pick<GitDiff, "against" | "cut">;
  repositoryId: string;
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
                    Blame this file
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

const FILE_STATES = {
  added: "new",
  copied: "copied",
  deleted: "deleted",
  modified: null,
  renamed: "renamed",
  typeChanged: "of another kind",
} as const;

function FileName({ file }: { file: DiffFile }) {
  const said = FILE_STATES[file.status];
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
  if (file.written === 0) return <span>No added line traced to a session</span>;
  return (
    <Explained says={METRIC_HELP.linesWrittenOfFile}>
      sessions wrote {file.added === 1 ? "the added line" : (
        <>
          {formatCount(file.written)} of {formatCounted(file.added, "added line")}
        </>
      )}
    </Explained>
  );
}

/** The changed lines of a file, with those around them. */
export function DiffHunks({ file }: { file: DiffFile }) {
  if (file.binary) {
    return <p class="diff-nothing">It is not text, so there are no lines to show.</p>;
  }
  if (file.hunks.length === 0) {
    return (
      <p class="diff-nothing">
        {file.cut ? "It changes more lines than a page can show." : "No line of it changed."}
      </p>
    );
  }
  return (
    <div class="diff-hunks">
      {file.hunks.map((hunk, i) => (
        <div key={i} class="diff-hunk">
          {(i > 0 || hunk.heading !== "") && (
            <p class="diff-heading">
              <span class="visually-hidden">From line {hunk.newStart} on</span>
              <span aria-hidden="true">⋯</span> <code>{hunk.heading}</code>
            </p>
          )}
          {hunk.chunks.map((chunk, n) => (
            <Chunk
              key={n}
              chunk={chunk}
              isMixed={file.written > 0}
            />
          ))}
        </div>
      ))}
      {file.cut && <p class="diff-nothing">There is more of this file than a page can show.</p>}
    </div>
  );
}

function Chunk({ chunk, isMixed }: { chunk: DiffChunk; isMixed: boolean }) {
  const secrets = findSecretsInLines(chunk.lines.map(({ code }) => textOf(code)));
  return (
    <div class={`chunk diff-${chunk.kind}`}>
      <div class="chunk-who">
        {(chunk.writer !== null || (isMixed && isNobodys(chunk))) && (
          <div class="chunk-note">
            <p class={`chunk-asked diff-asked-${Math.min(4, chunk.lines.length)}`}>
              {chunk.writer === null
                ? <em class="faint">no session</em>
                : <WriterNote writer={chunk.writer} />}
            </p>
          </div>
        )}
      </div>
      <div class="chunk-lines">
        {chunk.lines.map((line, i) => <Line key={i} line={line} secrets={secrets[i]} />)}
      </div>
    </div>
  );
}

/** Whether these are added lines that no session is known to have written, and that could tell if one had. */
function isNobodys({ kind, lines }: DiffChunk): boolean {
  return kind === "added" && lines.some(({ code }) => isDistinctive(hashLine(textOf(code))));
}

const MARKS = { added: "+", removed: "−", context: "" } as const;
const LINE_KINDS = { added: "added", removed: "removed", context: null } as const;

function Line({ line, secrets }: { line: DiffLine; secrets: SecretSpan[] }) {
  const said = LINE_KINDS[line.kind];
  return (
    <div class="code-line">
      <span class="code-number">{line.oldLine}</span>
      <span class="code-number">{line.newLine}</span>
      <span class="code-mark" aria-hidden="true">{MARKS[line.kind]}</span>
      {said !== null && <span class="visually-hidden">{said}</span>}
      <Code line={line.code} secrets={secrets} />
    </div>
  );
}
