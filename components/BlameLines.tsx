import { textOf } from "../lib/highlight/code_line.ts";
import type { BlameChunk, Source } from "../lib/pages/blame_view.ts";
import { commitTitle } from "../lib/pages/commit_title.ts";
import { findSecretsInLines, maskSecrets } from "../lib/secrets.ts";
import { Code } from "./Code.tsx";
import { blameHref } from "./FilePlace.tsx";
import { commitHref, Hash } from "./Hash.tsx";
import { Time } from "./Time.tsx";
import { WriterNote } from "./WriterNote.tsx";

/** Props of {@linkcode BlameLines}. */
export interface BlameLinesProps {
  chunks: BlameChunk[];
  repositoryId: number;
  path: string;
}

/** Every line of a file beside what was asked for when it was written: one click from a line to its prompt. */
export function BlameLines({ chunks, repositoryId, path }: BlameLinesProps) {
  const secrets = findSecretsInLines(chunks.flatMap(({ lines }) => lines.map(textOf))).values();
  return (
    <ol class="blame" aria-label={`Lines of ${path}, by who wrote them`}>
      {chunks.map((chunk) => (
        <li key={chunk.first} class={`chunk from-${chunk.source.kind}`}>
          <div class="chunk-who">
            <Note chunk={chunk} repositoryId={repositoryId} />
          </div>
          <ol class="chunk-lines" start={chunk.first}>
            {chunk.lines.map((line, i) => (
              <li key={i} id={`L${chunk.first + i}`} class="code-line">
                <a
                  class="code-number"
                  href={`#L${chunk.first + i}`}
                  tabIndex={-1}
                  aria-label={`Line ${chunk.first + i}`}
                >
                  {chunk.first + i}
                </a>
                <Code line={line} secrets={secrets.next().value} />
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}

/** From how many lines on a note has room for how many rows of its own. */
const ROOM = [1, 2, 3, 5] as const;

function Note({ chunk, repositoryId }: { chunk: BlameChunk; repositoryId: number }) {
  const { commit, source, previous, first } = chunk;
  const rows = ROOM.findLastIndex((lines) => chunk.lines.length >= lines) + 1;
  const { hash } = commit;
  const about = `${commitTitle(commit.subject)}, by ${commit.authorName}`;
  return (
    <div class={`chunk-note chunk-note-${rows}`}>
      <p class="chunk-asked">
        <Asked source={source} commit={commit} />
      </p>
      <p class="chunk-commit">
        <Hash
          hash={hash}
          href={commit.stored ? commitHref({ hash, repositoryId }) : undefined}
          about={about}
        />
        <span class="chunk-more">
          <Time at={commit.authoredAt} as="day" />
        </span>
        {previous !== null && (
          <a
            class="chunk-more chunk-before"
            href={blameHref(repositoryId, {
              path: previous.path,
              at: previous.hash,
              line: first,
            })}
            title="The file as it was before this commit"
          >
            before
          </a>
        )}
      </p>
    </div>
  );
}

function Asked({ source, commit }: { source: Source; commit: BlameChunk["commit"] }) {
  const subject = commitTitle(commit.subject);
  switch (source.kind) {
    case "session":
      return <WriterNote writer={source.writer} />;
    case "commit": {
      const { sessionId, title } = source.session;
      return (
        <span class="unwritten">
          <em>its commit's session</em> ·{" "}
          <a
            class="writer"
            href={`/sessions/${sessionId}#commit-${commit.hash}`}
            dir="auto"
            title="The commit is linked with this session; no edit of it is known to have written these lines"
          >
            {maskSecrets(title ?? sessionId)}
          </a>
        </span>
      );
    }
    case "nobody":
      return <Unwritten subject={subject} says="no session" />;
    case "elsewhere":
      return <Unwritten subject={subject} says={`by ${commit.authorName}`} />;
    case "unknown":
      return <Unwritten subject={subject} says="before the first session" />;
    default:
      return source satisfies never;
  }
}

function Unwritten({ subject, says }: { subject: string; says: string }) {
  return (
    <span class="unwritten" dir="auto" title={subject}>
      <em>{says}</em> · {subject}
    </span>
  );
}
