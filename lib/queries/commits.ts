import type { CommitDetail, CommitRef } from "../store/shapes.ts";
import { rangeOf } from "../time/typed_time.ts";
import { defineQuery, type Input, type QueryContext, QueryError } from "./query.ts";

/** Commits that a branch or tag holds, by author time. */
export const commits = defineQuery("commits", async ({ reads }, input) => {
  const { limit, cursor, state, order } = input;
  return await reads.commits({ ...commitFilter(input), limit, cursor, state, order });
});

/** How many commits there are, by how they came about. */
export const commitCounts = defineQuery("commitCounts", async ({ reads }, input) => {
  return await reads.countCommits(commitFilter(input));
});

/** A commit with its sessions and the evidence for each. */
export const commit = defineQuery("commit", findCommit);

/** The start of a hash that several commits have. */
export class AmbiguousCommit extends QueryError {
  readonly candidates: readonly CommitRef[];

  constructor(candidates: readonly CommitRef[]) {
    const hashes = candidates.map(({ hash }) => hash.slice(0, 12)).join(", ");
    super("ambiguous", `Several commits start with this: ${hashes}. Give more of the hash.`);
    this.candidates = candidates;
  }
}

/**
 * Finds the commit that a hash or its start names.
 *
 * @throws {AmbiguousCommit} If several start with it.
 * @throws {QueryError} If none does.
 */
export async function findCommit(
  { reads }: QueryContext,
  { hash, repository }: Input<"commit">,
): Promise<CommitDetail> {
  const found = await reads.commit(hash, { repository });
  switch (found.kind) {
    case "found":
      return found.commit;
    case "ambiguous":
      throw new AmbiguousCommit(found.candidates);
    case "notFound":
      throw new QueryError("notFound", "No commit has this hash.", { listedBy: "commits" });
    default:
      return found satisfies never;
  }
}

function commitFilter(
  { repository, agent, author, text, ...range }: Input<"commitCounts">,
) {
  return { repository, agent, author, text, ...rangeOf(range) };
}
