import { formatCounted } from "../lib/client/format.ts";
import type { RefNames } from "../lib/git/questions.ts";
import { explainCopy } from "../lib/links/explain.ts";
import type { CommitDetail } from "../lib/store/views/commit_detail.ts";
import type { CopiedCommit } from "../lib/store/views/copies.ts";
import { commitTitle } from "../lib/pages/commit_title.ts";
import { Explained } from "./Explained.tsx";
import { commitHref, Hash } from "./Hash.tsx";
import { SectionHead } from "./PageHead.tsx";
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

function Copies({ copies, repositoryId }: { copies: CopiedCommit[]; repositoryId: number }) {
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
