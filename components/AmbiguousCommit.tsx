import type { CommitRef } from "../lib/store/views/refs.ts";
import { commitTitle } from "../lib/pages/commit_title.ts";
import { commitHref, Hash } from "./Hash.tsx";
import { PageHead } from "./PageHead.tsx";

/** What stands where the start of a hash names several commits: all of them, to choose from. */
export function AmbiguousCommit({ candidates }: { candidates: CommitRef[] }) {
  return (
    <>
      <PageHead title="Several commits start with this" kicker={<a href="/commits">Commits</a>} />
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
