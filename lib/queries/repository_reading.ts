import type { CommitHash } from "../domain/ids.ts";
import type { GitError, PathAt, RepositoryLocation } from "../git/read/queries.ts";
import type { GitReading } from "../git/read/reading.ts";
import { type QueryContext, QueryError } from "./query.ts";

const NO_READING: GitReading = {
  ask: () =>
    Promise.resolve({
      kind: "error",
      code: "unexpected",
      message: "This server cannot read repositories.",
    }),
};

/** What reads repositories: without one, it answers so. */
export function readingOf({ git }: QueryContext): GitReading {
  return git ?? NO_READING;
}

/** Only where a repository is: git's answers are found again by what was asked. */
export function locationOf({ path, commonDir }: RepositoryLocation): RepositoryLocation {
  return { path, commonDir };
}

/** What a repository has at a path in one of its versions. */
export interface FoundPath {
  kind: "found";
  hash: CommitHash;
  at: PathAt;
}

/** Finds what a repository has at a path; `revision` is a branch, a tag, a hash or HEAD. */
export async function findPath(
  git: GitReading,
  repository: RepositoryLocation,
  { path, revision }: { path: string; revision: string },
): Promise<FoundPath | GitError> {
  const found = await git.ask({ ask: "revision", repository, revision });
  if (found.kind !== "ok") return found;
  const { hash } = found.value;
  const at = await git.ask({ ask: "path", repository, hash, path });
  if (at.kind !== "ok") return at;
  return { kind: "found", hash, at: at.value };
}

/** What git could not give, as the error of a query. */
export function gitError({ code, message }: GitError): QueryError {
  return code === "notFound"
    ? new QueryError("notFound", message)
    : new QueryError(`repository${code[0].toUpperCase()}${code.slice(1)}`, message);
}
