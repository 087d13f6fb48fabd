import type { BlameGroup } from "../lib/pages/blame_view.ts";
import { writerHref } from "../lib/pages/written.ts";
import { Code } from "./Code.tsx";
import { commitHref, Hash } from "./Hash.tsx";
import { Time } from "./Time.tsx";

/** The address of a file's blame. */
export function blameHref(repositoryId: number, file: { path: string; at: string }): string {
  return `/repositories/${repositoryId}/blame?${new URLSearchParams(file)}`;
}

/** The address of a folder of a repository. */
export function filesHref(repositoryId: number, folder: { path: string; at: string }): string {
  return `/repositories/${repositoryId}/files?${new URLSearchParams(folder)}`;
}

/** Every line of a file beside what was asked for when it was written: one click from a line to its prompt. */
export function BlameTable({ groups, repositoryId, path }: {
  groups: BlameGroup[];
  repositoryId: number;
  path: string;
}) {
  return (
    <div class="code-box" tabIndex={0} role="region" aria-label={`Lines of ${path}`}>
      <table class="code-table blame">
        <thead class="visually-hidden">
          <tr>
            <th scope="col">Came with</th>
            <th scope="col">Line</th>
            <th scope="col">Code</th>
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group.first} class={group.writer === null ? undefined : "code-written"}>
            {group.lines.map((pieces, i) => (
              <tr key={i} id={`L${group.first + i}`}>
                {i === 0 && (
                  <td rowSpan={group.lines.length} class="blame-source">
                    <Source group={group} repositoryId={repositoryId} />
                  </td>
                )}
                <td class="code-number">
                  <a href={lineHref(group, group.first + i)} title={lineTitle(group)}>
                    {group.first + i}
                  </a>
                </td>
                <td class="code-text">
                  <Code pieces={pieces} />
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

const MOST_LINES = 3;

function Source({ group, repositoryId }: { group: BlameGroup; repositoryId: number }) {
  const { commit, writer, linked } = group;
  return (
    <div class={`blame-who blame-who-${Math.min(MOST_LINES, group.lines.length)}`}>
      <Hash hash={commit.hash} href={commitHref({ hash: commit.hash, repositoryId })} />{" "}
      {writer !== null
        ? (
          <a href={writerHref(writer)} dir="auto" class="quoted">
            {writer.prompt === null
              ? writer.session.title ?? writer.session.sessionId
              : `“${writer.prompt.text.trim()}”`}
          </a>
        )
        : linked !== null
        ? (
          <a href={`/sessions/${linked.sessionId}#commit-${commit.hash}`} class="quoted soft">
            {linked.title ?? linked.sessionId}
          </a>
        )
        : <span class="quoted faint">{commit.subject}</span>}{" "}
      <span class="faint blame-when">
        {commit.authorName}, <Time at={new Date(commit.authoredAt).toISOString()} as="day" />
      </span>
    </div>
  );
}

/** A line's number leads to what was asked for, where that is known, else to itself. */
function lineHref({ writer }: BlameGroup, line: number): string {
  return writer === null ? `#L${line}` : writerHref(writer);
}

function lineTitle({ writer, commit }: BlameGroup): string {
  return writer?.prompt?.text.trim().slice(0, 400) ?? commit.subject;
}
