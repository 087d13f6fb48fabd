import { AgentMark } from "./Agent.tsx";
import type { CommitMessage as Message, RefNames } from "../lib/git/read/queries.ts";
import { explainCommit, explainCopy, explainReason } from "../lib/links/explain.ts";
import { maskSecrets } from "../lib/secrets/secrets.ts";
import type { CommitDetail, CommitRef, CopiedCommit } from "../lib/store/shapes.ts";
import { formatCounted } from "../lib/text/format.ts";
import { Empty } from "./Empty.tsx";
import { EvidenceList, Reasons } from "./EvidenceList.tsx";
import { Explained } from "./Explained.tsx";
import { commitHref, commitTitle, Hash } from "./Hash.tsx";
import { PageHead, SectionHead } from "./PageHead.tsx";
import { Secrets } from "./Secrets.tsx";
import { Time } from "./Time.tsx";

/** Props of {@linkcode CommitAbout}. */
export interface CommitAboutProps {
  commit: CommitDetail;
  /** The branches and tags that hold it; null where git does not tell. */
  refs: RefNames | null;
}

/** Where a commit stands: its parents, its branches, what it was rewritten from, and who made it. */
export function CommitAbout({ commit, refs }: CommitAboutProps) {
  const repositoryId = commit.repository.id;
  const earlier = commit.copies.filter(({ committedAt }) => committedAt <= commit.committedAt);
  const later = commit.copies.filter(({ committedAt }) => committedAt > commit.committedAt);
  return (
    <section aria-labelledby="about">
      <SectionHead id="about" title="About" />
      <dl class="pairs">
        <dt>{commit.parents.length > 1 ? "Parents" : "Parent"}</dt>
        <dd>
          {commit.parents.length === 0 ? "none: the first commit" : (
            <ul>
              {commit.parents.map(({ hash, subject }) => (
                <li key={hash}>
                  {subject === null ? <Hash hash={hash} /> : (
                    <Hash
                      hash={hash}
                      href={commitHref({ hash, repositoryId: repositoryId })}
                    />
                  )}{" "}
                  <span class="quoted soft">
                    {subject === null ? "not scanned" : commitTitle(subject)}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </dd>
        {refs !== null && (
          <>
            <dt>In branches and tags</dt>
            <dd>
              <Refs refs={refs} />
            </dd>
          </>
        )}
        {earlier.length > 0 && (
          <>
            <dt>
              <Explained says="Earlier commits of the same change, found while linking.">
                Rewritten from
              </Explained>
            </dt>
            <dd>
              <Copies copies={earlier} repositoryId={repositoryId} />
            </dd>
          </>
        )}
        {later.length > 0 && (
          <>
            <dt>
              <Explained says="Later commits of the same change, found while linking.">
                Copied to
              </Explained>
            </dt>
            <dd>
              <Copies copies={later} repositoryId={repositoryId} />
            </dd>
          </>
        )}
        <dt>Author</dt>
        <dd class="quoted">{commit.authorName} ({commit.authorEmail})</dd>
        {commit.committerEmail !== commit.authorEmail && (
          <>
            <dt>Committer</dt>
            <dd class="quoted">{commit.committerEmail}</dd>
          </>
        )}
        {commit.trailers.map(({ key, value }, i) => (
          <>
            <dt key={`${i}-key`} class="quoted">{key}</dt>
            <dd key={i} class="quoted">{value}</dd>
          </>
        ))}
        {commit.alsoIn.length > 0 && (
          <>
            <dt>Also in</dt>
            <dd>
              {commit.alsoIn.map(({ id, name, path }) => (
                <a
                  key={id}
                  href={commitHref({ hash: commit.hash, repositoryId: id })}
                  aria-current="false"
                  title={path}
                >
                  {name}
                </a>
              ))}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

const REFS_SHOWN = 12;

function Refs({ refs }: { refs: RefNames }) {
  const all = refs.refs;
  if (all.length === 0) return <span class="warn">none any more</span>;
  const more = all.length - REFS_SHOWN;
  return (
    <ul class="ref-list">
      {all.slice(0, REFS_SHOWN).map(({ kind, name }) => (
        <li key={`${kind} ${name}`} class="ref quoted">
          {REF_KINDS[kind] !== null && <span class="faint">{REF_KINDS[kind]}</span>} {name}
        </li>
      ))}
      {more > 0 && (
        <li class="faint">and {refs.cut ? "many more" : formatCounted(more, "other")}</li>
      )}
    </ul>
  );
}

const REF_KINDS = { branch: null, remote: "remote", tag: "tag" } as const;

function Copies({ copies, repositoryId }: { copies: CopiedCommit[]; repositoryId: string }) {
  return (
    <ul>
      {copies.map(({ hash, subject, committedAt, reachable, reason }) => (
        <li key={hash}>
          <Hash hash={hash} href={commitHref({ hash, repositoryId })} />{" "}
          <span class="quoted soft">{commitTitle(subject)}</span>{" "}
          <span class="faint">
            committed <Time at={committedAt} />
            {!reachable && ", held by no branch any more"}: {explainCopy(reason)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Props of {@linkcode CommitMessage}. */
export interface CommitMessageProps {
  message: Message;
}

/** What a commit's message says below its subject, in the lines in which it was written. */
export function CommitMessage({ message: { body, cut } }: CommitMessageProps) {
  return (
    <div class="commit-message">
      <div class="prompt" tabIndex={0} role="group" aria-label="Message">
        <Secrets text={body} />
      </div>
      {cut && (
        <p class="note">
          The message goes on: <code>git show</code> has all of it.
        </p>
      )}
    </div>
  );
}

/** The sessions that a commit came from, each with why; or why it has none. */
export function CommitSessions({ commit }: { commit: CommitDetail }) {
  const { sessions } = commit;
  return (
    <section aria-labelledby="sessions">
      <SectionHead
        id="sessions"
        title={sessions.length > 1 ? "Sessions" : "Session"}
      />
      {sessions.length === 0 ? <NoSession commit={commit} /> : (
        <ol class="rows">
          {sessions.map((session) => (
            <li key={session.sessionId} class="linked-session">
              <h3 dir="auto" class="quoted">
                <a href={`/sessions/${session.sessionId}#commit-${commit.hash}`}>
                  <AgentMark agent={session.agent} />
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
                <AgentMark agent={session.agent} />
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
      <Empty title="No session is certain enough">
        There is some evidence for{" "}
        {commit.considered.length === 1 ? "one" : "several"}, but not enough. Below is what it is,
        and why it is not enough.
      </Empty>
    );
  }
  return (
    <Empty title="No session found">
      No session's output, commands or edits point to it, and none was at work in this repository
      when it was made. It was made by hand, or by a tool that left nothing on disk here.
    </Empty>
  );
}

/** What stands where the start of a hash names several commits: all of them, to choose from. */
export function CommitChoice({ candidates }: { candidates: readonly CommitRef[] }) {
  return (
    <>
      <PageHead
        title="Several commits start with this"
        kicker={<a href="/commits" aria-current="false">Commits</a>}
      />
      <ul class="rows">
        {candidates.map((commit) => (
          <li key={`${commit.repositoryId}-${commit.hash}`}>
            <Hash hash={commit.hash} href={commitHref(commit)} />{" "}
            <span class="quoted">{commitTitle(commit.subject)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
