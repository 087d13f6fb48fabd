import { AgentMark } from "./Agent.tsx";
import { textOf } from "../lib/highlight/code_line.ts";
import { writerHref } from "../lib/queries/line_writers.ts";
import type { BlameChunk, BlameView, Source, Writer } from "../lib/queries/schemas.ts";
import { findSecretsInLines, maskSecrets } from "../lib/secrets/secrets.ts";
import { formatCount, formatCounted, formatShare } from "../lib/text/format.ts";
import { Code } from "./Code.tsx";
import { Explained } from "./Explained.tsx";
import { blameHref } from "./FilePath.tsx";
import { commitHref, commitTitle, Hash } from "./Hash.tsx";
import { Time } from "./Time.tsx";

/** What was asked for when lines were written, as a link to the prompt; the session's title where no prompt is known. */
export function WriterNote({ writer }: { writer: Writer }) {
  const { prompt, session } = writer;
  const title = maskSecrets(session.title ?? session.sessionId);
  const text = maskSecrets(prompt?.text.trim() ?? "");
  return (
    <a
      class="writer"
      href={writerHref(writer)}
      dir="auto"
      title={text ? `Asked in “${title}”:\n${text}` : `Session “${title}”`}
    >
      <AgentMark agent={session.agent} />
      {text || title}
    </a>
  );
}

const KINDS: { kind: Source["kind"]; name: string; means: string }[] = [
  {
    kind: "session",
    name: "written by sessions",
    means: "An edit of a session wrote the line, before the commit that it came with.",
  },
  {
    kind: "commit",
    name: "in a session's commit",
    means:
      "The line came with a commit that is linked with a session; no edit is known to have written it.",
  },
  {
    kind: "nobody",
    name: "without a session",
    means: "The line came with a commit of yours that no session is linked with.",
  },
  {
    kind: "elsewhere",
    name: "by other people",
    means: "The line came with a commit by somebody else, without a session.",
  },
  {
    kind: "unknown",
    name: "before the first session",
    means: "The line came with a commit that is older than everything stored here.",
  },
];

const PROMPTS = 8;

/** Whose the lines of a file are: the shares of all of them, and the prompts with the most. */
export function BlameSummary({ view }: { view: BlameView }) {
  const total = view.to - view.from + 1;
  const isPart = total < view.lineCount;
  const present = KINDS.filter(({ kind }) => view.counts[kind] > 0);
  let start = 0;
  return (
    <section class="blame-summary" aria-labelledby="whose">
      <h2 id="whose" class="visually-hidden">Whose lines these are</h2>
      <svg class="share-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        {present.map(({ kind }) => {
          const width = (view.counts[kind] / total) * 1000;
          start += width;
          return (
            <rect
              key={kind}
              class={`share-${kind}`}
              x={start - width}
              width={Math.max(1, width - 2)}
              height="10"
            />
          );
        })}
      </svg>
      <ul class="share-key">
        {present.map(({ kind, name, means }) => (
          <li key={kind} class={`share-name share-name-${kind}`}>
            <Explained says={means}>
              <strong>{formatShare(view.counts[kind] / total)}</strong> {name}
            </Explained>
            <span class="faint">{formatCounted(view.counts[kind], "line")}</span>
          </li>
        ))}
      </ul>
      {isPart && (
        <p class="note">
          Of lines {formatCount(view.from)} to {formatCount(view.to)}, which this page shows.
        </p>
      )}
      {view.writers.length > 0 && (
        <>
          <h3>Prompts behind this file</h3>
          <ol class="asked-list">
            {view.writers.slice(0, PROMPTS).map((writer) => (
              <li key={writer.first}>
                <a class="asked-lines" href={`#L${writer.first}`}>
                  {formatCounted(writer.lines, "line")}
                </a>
                <WriterNote writer={writer} />
              </li>
            ))}
          </ol>
          {view.writers.length > PROMPTS && (
            <p class="note">
              and {formatCounted(view.writers.length - PROMPTS, "prompt")} more, beside their lines
            </p>
          )}
        </>
      )}
    </section>
  );
}

/** Props of {@linkcode BlameLines}. */
export interface BlameLinesProps {
  chunks: BlameChunk[];
  repositoryId: string;
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

function Note({ chunk, repositoryId }: { chunk: BlameChunk; repositoryId: string }) {
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
            aria-current="false"
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
            <AgentMark agent={source.session.agent} />
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
