import type { DiffLine } from "../lib/git/questions.ts";
import { textOf } from "../lib/highlight/code_line.ts";
import { hashLine, isTelling } from "../lib/domain/line_hashes.ts";
import type { DiffChunk, DiffFile } from "../lib/pages/diff_view.ts";
import { findSecretsInLines, type SecretSpan } from "../lib/secrets.ts";
import { Code } from "./Code.tsx";
import { WriterNote } from "./WriterNote.tsx";

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
  return kind === "added" && lines.some(({ code }) => isTelling(hashLine(textOf(code))));
}

const MARKS = { added: "+", removed: "−", context: "" } as const;
const SAID = { added: "added", removed: "removed", context: null } as const;

function Line({ line, secrets }: { line: DiffLine; secrets: SecretSpan[] }) {
  const said = SAID[line.kind];
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
