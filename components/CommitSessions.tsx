import { explainCommit, explainReason } from "../lib/links/explain.ts";
import type { CommitDetail } from "../lib/store/views/commit_detail.ts";
import { Empty } from "./Empty.tsx";
import { EvidenceList, Reasons } from "./EvidenceList.tsx";
import { SectionHead } from "./PageHead.tsx";
import { maskSecrets } from "../lib/secrets.ts";

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
                  {maskSecrets(session.title ?? session.sessionId)}
                </a>
              </h3>
              <EvidenceList {...session} />
            </li>
          ))}
        </ol>
      )}
      {explainCommit(commit).map((note) => <p key={note} class="note">{note}</p>)}
      {commit.considered.length > 0 && (
        <Considered considered={commit.considered} alone={sessions.length === 0} />
      )}
    </section>
  );
}

function Considered(
  { considered, alone }: Pick<CommitDetail, "considered"> & { alone: boolean },
) {
  const [one, several] = alone
    ? ["this session", "these sessions"]
    : ["another session", "other sessions"];
  return (
    <details class="fold" id="considered">
      <summary>Why not {considered.length === 1 ? one : several}</summary>
      <ol class="rows">
        {considered.map((session) => (
          <li key={session.sessionId} class="linked-session">
            <h3 dir="auto" class="quoted">
              <a href={`/sessions/${session.sessionId}`}>
                {maskSecrets(session.title ?? session.sessionId)}
              </a>
            </h3>
            <p class="quoted soft">
              {explainReason(
                session,
                session.by && `“${maskSecrets(session.by.title ?? session.by.sessionId)}”`,
              )}
            </p>
            <Reasons evidence={session.evidence} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function NoSession({ commit }: { commit: CommitDetail }) {
  if (commit.elsewhere) {
    return (
      <Empty title="By somebody else">
        {commit.authorName} made it, and {commit.considered.length === 0
          ? "no session of yours shows a trace of it"
          : "what speaks for a session of yours is too little"}. Commits by others are left out of
        coverage and are never linked by time alone.
      </Empty>
    );
  }
  if (commit.considered.length > 0) {
    return (
      <Empty title="None is sure enough">
        No session is known to have made it. Something speaks for{" "}
        {commit.considered.length === 1 ? "one" : "some"}, but too little: it says below what, and
        why that is not enough.
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
