import type { GitReading } from "../git/read/reading.ts";
import type { GitTrouble, PathAt, RepositoryPlace } from "../git/read/queries.ts";
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
  repository: RepositoryPlace,
  { path, revision }: { path: string; revision: string },
): Promise<FoundPath | GitTrouble> {
  const place = placeOf(repository);
  const found = await git.ask({ ask: "revision", repository: place, revision });
  if (found.kind !== "ok") return found;
  const { hash } = found.value;
  const at = await git.ask({ ask: "path", repository: place, hash, path });
  if (at.kind !== "ok") return at;
  return { kind: "found", hash, at: at.value };
}

/** What pages and the API say where nothing here can read repositories. */
export const CANNOT_READ: GitTrouble = {
  kind: "trouble",
  code: "unexpected",
  message: "This server cannot read repositories.",
};

/** The HTTP status of an answer that is none. */
export function troubleStatus({ code }: GitTrouble): number {
  return code === "notFound" ? 404 : 503;
}

/** Only where a repository is: answers are found again by what was asked. */
export function placeOf({ path, commonDir }: RepositoryPlace): RepositoryPlace {
  return { path, commonDir };
}
