import { formatCount, formatCounted } from "../lib/client/format.ts";
import type { DiffFile, DiffLine } from "../lib/pages/diff_view.ts";
import { writerHref } from "../lib/pages/written.ts";
import { blameHref } from "./BlameTable.tsx";
import { Code } from "./Code.tsx";

/** Props of {@linkcode Diff}. */
export interface DiffProps {
  files: DiffFile[];
  repositoryId: number;
  hash: string;
  /** Whether there is more than is shown. */
  cut: boolean;
}

const OPEN_FILES = 20;
const OPEN_LINES = 600;

/** What a commit changed, file by file; above added lines stands what somebody had asked for. */
export function Diff({ files, repositoryId, hash, cut }: DiffProps) {
  return (
    <div class="diff">
      {files.map((file, i) => {
        const lines = file.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
        return (
          <details
            key={file.path}
            class="diff-file"
            id={`file-${i}`}
            open={i < OPEN_FILES && lines <= OPEN_LINES}
          >
            <summary>
              <span class="path">
                {file.oldPath !== null && <>{file.oldPath} →{" "}</>}
                {file.path}
              </span>
              <span class="faint">{file.change !== "changed" && file.change}</span>
              <span class="diff-counts">
                <span class="good">+{formatCount(file.added)}</span>{" "}
                <span class="bad">−{formatCount(file.removed)}</span>
              </span>
              {file.written > 0 && (
                <span class="faint">{formatCounted(file.written, "line")} by sessions</span>
              )}
            </summary>
            {file.change !== "deleted" && !file.binary && (
              <p class="note">
                <a href={blameHref(repositoryId, { path: file.path, at: hash })}>
                  Every line of this file, and who wrote it
                </a>
              </p>
            )}
            <FileLines file={file} />
          </details>
        );
      })}
      {cut && <p class="note">There is more of this commit than a page can show.</p>}
    </div>
  );
}

function FileLines({ file }: { file: DiffFile }) {
  if (file.binary) return <p class="note">It is not text.</p>;
  if (file.hunks.length === 0) return <p class="note">Its lines stay as they were.</p>;
  return (
    <div class="code-box" tabIndex={0} role="region" aria-label={`Changes of ${file.path}`}>
      <table class="code-table">
        <tbody>
          {file.hunks.map((hunk, i) => (
            <>
              {(i > 0 || hunk.heading !== "") && (
                <tr key={`hunk-${i}`} class="code-hunk">
                  <td colSpan={3}>
                    <code>{hunk.heading || "…"}</code>
                  </td>
                </tr>
              )}
              {hunk.lines.map((line) => (
                <>
                  {line.isFirst && <WriterRow line={line} />}
                  <Line line={line} />
                </>
              ))}
            </>
          ))}
          {file.cut && (
            <tr class="code-hunk">
              <td colSpan={3}>There is more of this file than a page can show.</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

function WriterRow({ line: { writer } }: { line: DiffLine }) {
  return (
    <tr class="code-writer">
      <td colSpan={3}>
        {writer === null
          ? <span class="faint">no session known</span>
          : (
            <a href={writerHref(writer)} dir="auto" class="line">
              {writer.prompt === null
                ? writer.session.title ?? writer.session.sessionId
                : `“${writer.prompt.text.trim()}”`}
            </a>
          )}
      </td>
    </tr>
  );
}

const KINDS = { "+": "added", "-": "removed", " ": "same" } as const;

function Line({ line }: { line: DiffLine }) {
  return (
    <tr class={`code-${KINDS[line.mark]}${line.writer === null ? "" : " code-written"}`}>
      <td class="code-number">{line.before}</td>
      <td class="code-number">{line.after}</td>
      <td class="code-text">
        <span class="code-mark">{line.mark}</span>
        <Code pieces={line.pieces} />
      </td>
    </tr>
  );
}
