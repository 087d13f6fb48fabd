import type { CommitSize } from "../git/questions.ts";
import type { GitReading } from "../git/reading.ts";
import type { Database } from "../store/database.ts";
import type { CommitSummary } from "../store/views/commit_list.ts";
import { getRepository } from "../store/views/repository_list.ts";

/** Reads how much each of these commits changes. Of those that git cannot read nothing is told. */
export async function sizesOf(
  git: GitReading,
  store: Database,
  commits: readonly CommitSummary[],
): Promise<Record<string, CommitSize>> {
  const byRepository = Map.groupBy(commits, (commit) => commit.repository.id);
  const sizes = await Promise.all([...byRepository].map(async ([id, ofRepository]) => {
    const repository = getRepository(store, id);
    if (repository === undefined) return {};
    const { path, commonDir } = repository;
    const hashes = ofRepository.map(({ hash }) => hash);
    const answer = await git.ask({ ask: "sizes", repository: { path, commonDir }, hashes });
    return answer.kind === "ok" ? answer.value.sizes : {};
  }));
  return Object.assign({}, ...sizes);
}
