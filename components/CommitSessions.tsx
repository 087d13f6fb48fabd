import type { CommitDetail } from "../lib/store/views/commit_detail.ts";
import { Empty } from "./Empty.tsx";
import { EvidenceList } from "./EvidenceList.tsx";
import { SectionHead } from "./PageHead.tsx";

/** The sessions that a commit came from, each with why; or why it has none. */
export function CommitSessions({ commit }: { commit: CommitDetail }) {
  const { sessions } = commit;
  return (
    <section aria-labelledby="sessions">
      <SectionHead
        id="sessions"
        title={sessions.length > 1 ? "The sessions it came from" : "The session it came from"}
      />
      {sessions.length === 0 ? <NoSession commit={commit} /> : (
        <ol class="rows">
          {sessions.map((session) => (
            <li key={session.sessionId} class="linked-session">
              <h3 dir="auto" class="quoted">
                <a href={`/sessions/${session.sessionId}#commit-${commit.hash}`}>
                  {session.title ?? session.sessionId}
                </a>
              </h3>
              <EvidenceList {...session} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function NoSession({ commit }: { commit: CommitDetail }) {
  if (commit.elsewhere) {
    return (
      <Empty title="By somebody else">
        {commit.authorName}{" "}
        made it, and no session of yours shows a trace of it. Commits by others are left out of
        coverage and are never linked by time alone.
      </Empty>
    );
  }
  return (
    <Empty title="None is known">
      No session printed it, ran it, wrote its lines or was at work in this repository when it was
      made. It was made by hand, or by a tool that left no transcript here.
    </Empty>
  );
}
