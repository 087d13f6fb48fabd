import { AgentMark } from "./Agent.tsx";
import type { EditSummary } from "../lib/store/shapes.ts";
import { formatCount } from "../lib/text/format.ts";
import { maskSecrets } from "../lib/secrets/secrets.ts";
import { ColumnHead } from "./Explained.tsx";
import { blameHref } from "./FilePath.tsx";
import { Time } from "./Time.tsx";

/** What sessions wrote, a row a session and file, with what came of it. */
export function EditTable({ edits }: { edits: EditSummary[] }) {
  return (
    <div class="table-box">
      <table class="stack edit-table">
        <caption class="visually-hidden">Files that sessions wrote, the last edit first</caption>
        <thead>
          <tr>
            <ColumnHead label="Last edit" />
            <ColumnHead label="File" />
            <ColumnHead label="Repository" />
            <ColumnHead label="Session" />
            <ColumnHead label="Lines" counted="linesWritten" />
            <ColumnHead label="Landed" counted="linesLanded" />
            <ColumnHead label="Undone" counted="linesSuperseded" />
            <ColumnHead label="Not landed" counted="linesNotLanded" />
          </tr>
        </thead>
        <tbody>
          {edits.map((edit, i) => <EditRow key={i} {...edit} />)}
        </tbody>
      </table>
    </div>
  );
}

function EditRow({ session, repository, path, lastEditAt, ...counts }: EditSummary) {
  const { linesWritten, linesLanded, linesSuperseded, linesNotLanded } = counts;
  return (
    <tr>
      <td class="soft nowrap">
        <Time at={lastEditAt} />
      </td>
      <th scope="row" class="main-cell path" title={path}>
        {linesLanded === 0
          ? path
          : <a href={blameHref(repository.id, { path, at: "HEAD" })}>{path}</a>}
      </th>
      <td class="name-cell">
        <a
          class="line"
          dir="auto"
          href={`/repositories/${repository.id}`}
          title={repository.path}
        >
          {repository.name}
        </a>
      </td>
      <td class="session-cell">
        <a class="line" dir="auto" href={`/sessions/${session.sessionId}`}>
          <AgentMark agent={session.agent} />
          {maskSecrets(session.title ?? session.sessionId)}
        </a>
      </td>
      <Count label="Lines" value={linesWritten} />
      <Count label="Landed" value={linesLanded} />
      <Count label="Undone" value={linesSuperseded} />
      <Count label="Not landed" value={linesNotLanded} strong />
    </tr>
  );
}

function Count({ label, value, strong }: { label: string; value: number; strong?: boolean }) {
  return (
    <td class="number" data-label={label}>
      {value === 0
        ? <span class="faint">0</span>
        : strong
        ? <strong>{formatCount(value)}</strong>
        : formatCount(value)}
    </td>
  );
}
