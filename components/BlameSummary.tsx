import { formatCount, formatCounted, formatShare } from "../lib/client/format.ts";
import type { BlameView, Source } from "../lib/pages/blame_view.ts";
import { Explained } from "./Explained.tsx";
import { WriterNote } from "./WriterNote.tsx";

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
          <h3>What was asked for</h3>
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
