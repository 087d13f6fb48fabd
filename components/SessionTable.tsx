import { AgentMark } from "./Agent.tsx";
import type { SessionSummary } from "../lib/store/shapes.ts";
import { formatCount } from "../lib/text/format.ts";
import { useDates } from "../lib/client/use_dates.ts";
import type { SessionSort } from "../lib/store/read/session_list.ts";
import { ColumnHead } from "./Explained.tsx";
import { Time } from "./Time.tsx";
import { maskSecrets } from "../lib/secrets/secrets.ts";

/** Props of {@linkcode SessionTable}. */
export interface SessionTableProps {
  sessions: SessionSummary[];
  /** What the table holds, for those who do not see where it stands. */
  caption: string;
  /** Leaves the project's column out where all are of one. @default {false} */
  oneProject?: boolean;
  /** Makes heads sort: the address by which a column does, and how the list is sorted now. */
  sorting?: {
    by: SessionSort;
    order: "asc" | "desc";
    href: (sort: SessionSort) => string;
  };
}

/** What a session is called: its title, else its first words. */
export function sessionTitle(session: Pick<SessionSummary, "title" | "firstMessage">): string {
  return maskSecrets(session.title ?? session.firstMessage ?? "Untitled session");
}

/** Sessions, a row each. */
export function SessionTable({ sessions, caption, oneProject, sorting }: SessionTableProps) {
  const dates = useDates();
  const sort = (by: SessionSort) => ({
    href: sorting?.href(by),
    sorted: sorting?.by === by ? sorting.order : null,
  });
  return (
    <div class="table-box">
      <table class="stack">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <ColumnHead label="Last message" {...sort("ended")} />
            <ColumnHead label="Session" />
            {!oneProject && <ColumnHead label="Project" />}
            <ColumnHead label="Prompts" counted="prompts" />
            <ColumnHead label="Messages" counted="messages" {...sort("messages")} />
            <ColumnHead label="Edits" counted="edits" />
            <ColumnHead label="Commits" counted="commitsOfSession" {...sort("commits")} />
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.sessionId} id={`session-${session.sessionId}`}>
              <td class="soft nowrap">
                <Time at={session.endedAt} dates={dates} />
              </td>
              <th scope="row" class="main-cell">
                <a class="line" dir="auto" href={`/sessions/${session.sessionId}`}>
                  <AgentMark agent={session.agent} />
                  {sessionTitle(session)}
                </a>
              </th>
              {!oneProject && (
                <td class="name-cell">
                  {session.project && (
                    <a
                      class="line"
                      dir="auto"
                      href={`/projects/${session.project.id}`}
                      title={session.project.path}
                    >
                      {session.project.name}
                    </a>
                  )}
                </td>
              )}
              <td class="number" data-label="Prompts">{formatCount(session.promptCount)}</td>
              <td class="number" data-label="Messages">{formatCount(session.messageCount)}</td>
              <td class="number" data-label="Edits">{formatCount(session.editCount)}</td>
              <td class="number" data-label="Commits">
                {session.commitCount === 0
                  ? <span class="faint">0</span>
                  : <strong>{formatCount(session.commitCount)}</strong>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
