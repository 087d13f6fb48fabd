import type { GitReading } from "../git/read/reading.ts";
import type { GitError, PathAt, RepositoryLocation } from "../git/read/queries.ts";
import type { CommitHash } from "../domain/ids.ts";

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
  const place = locationOf(repository);
  const found = await git.ask({ ask: "revision", repository: place, revision });
  if (found.kind !== "ok") return found;
  const { hash } = found.value;
  const at = await git.ask({ ask: "path", repository: place, hash, path });
  if (at.kind !== "ok") return at;
  return { kind: "found", hash, at: at.value };
}

/** What pages and the API say where nothing here can read repositories. */
export const CANNOT_READ: GitError = {
  kind: "error",
  code: "unexpected",
  message: "This server cannot read repositories.",
};

/** The HTTP status of an answer that is none. */
export function gitErrorStatus({ code }: GitError): number {
  return code === "notFound" ? 404 : 503;
}

/** Only where a repository is: answers are found again by what was asked. */
export function locationOf({ path, commonDir }: RepositoryLocation): RepositoryLocation {
  return { path, commonDir };
}
