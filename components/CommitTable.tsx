import { AgentMark } from "./Agent.tsx";
import { useDates } from "../lib/client/use_dates.ts";
import { maskSecrets } from "../lib/secrets/secrets.ts";

import type { CommitSummary, SessionOfCommit } from "../lib/store/shapes.ts";
import type { DateFormat } from "../lib/time/dates.ts";
import { TierMark } from "./EvidenceList.tsx";
import { ColumnHead } from "./Explained.tsx";
import { commitHref, commitTitle, Hash } from "./Hash.tsx";
import { Time } from "./Time.tsx";
import { METRIC_HELP } from "./metric_help.ts";

/** Props of {@linkcode CommitTable}. */
export interface CommitTableProps {
  commits: CommitSummary[];
  /** What the table holds, for those who do not see where it stands. */
  caption: string;
  /** Leaves the repository's column out where all are of one. @default {false} */
  oneRepository?: boolean;
}

/** Commits, a row each, with the sessions that made them. */
export function CommitTable({ commits, caption, oneRepository }: CommitTableProps) {
  const dates = useDates();
  return (
    <div class="table-box">
      <table class="stack">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <ColumnHead label="Committed" />
            <ColumnHead label="Commit" />
            <ColumnHead label="Subject" />
            {!oneRepository && <ColumnHead label="Repository" />}
            <ColumnHead label="Link" says={METRIC_HELP.link} />
            <ColumnHead label="Session" />
          </tr>
        </thead>
        <tbody>
          {commits.map((commit) => (
            <CommitRow
              key={`${commit.repository.id}-${commit.hash}`}
              commit={commit}
              dates={dates}
              oneRepository={oneRepository}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CommitRow(
  { commit, dates, oneRepository }: {
    commit: CommitSummary;
    dates: DateFormat;
    oneRepository?: boolean;
  },
) {
  const href = commitHref({ hash: commit.hash, repositoryId: commit.repository.id });
  const [best] = commit.sessions;
  return (
    <tr id={`commit-${commit.repository.id}-${commit.hash}`}>
      <td class="soft nowrap">
        <Time at={commit.authoredAt} dates={dates} />
      </td>
      <td>
        <Hash hash={commit.hash} href={href} />
      </td>
      <th scope="row" class="main-cell">
        <a class="line" dir="auto" href={href}>{commitTitle(commit.subject)}</a>
      </th>
      {!oneRepository && (
        <td class="name-cell">
          <a
            class="line"
            dir="auto"
            href={`/repositories/${commit.repository.id}`}
            title={commit.repository.path}
          >
            {commit.repository.name}
          </a>
        </td>
      )}
      <td>
        <TierMark tier={best?.tier ?? null} confidence={best?.confidence} />
      </td>
      <td class="session-cell">
        {best === undefined
          ? <span class="faint" dir="auto">{madeBy(commit)}</span>
          : <SessionsOf sessions={commit.sessions} />}
      </td>
    </tr>
  );
}

function SessionsOf({ sessions: [best, ...others] }: { sessions: SessionOfCommit[] }) {
  return (
    <>
      <a class="line" dir="auto" href={`/sessions/${best.sessionId}`}>
        <AgentMark agent={best.agent} />
        {maskSecrets(best.title ?? best.sessionId)}
      </a>
      {others.length > 0 && (
        <span class="faint">
          and {others.length} {others.length === 1 ? "other" : "others"}
        </span>
      )}
    </>
  );
}

function madeBy(commit: CommitSummary): string {
  return commit.elsewhere ? `by ${commit.authorName}` : "no session";
}
