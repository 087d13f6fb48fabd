import type { Database } from "../store/database.ts";
import { type CommitDetail, findCommit } from "../store/views/commit_detail.ts";
import { errorResponse } from "./errors.ts";
import { repositoryParam } from "./list_params.ts";
import { answer } from "./params.ts";

/** Answers with what `shape` makes of the commit whose hash starts with `hash`: 404 for none, 409 for several. */
export function answerForCommit(
  store: Database,
  { hash, params }: { hash: string; params: URLSearchParams },
  shape: (commit: CommitDetail) => unknown,
): Response {
  return answer(() => {
    const found = findCommit(store, hash, { repositoryId: repositoryParam(params) });
    switch (found.kind) {
      case "found":
        return shape(found.commit);
      case "ambiguous": {
        const candidates = found.candidates.map((commit) => commit.hash.slice(0, 12)).join(", ");
        return errorResponse(
          409,
          `Several commits start with this: ${candidates}. Give more of the hash.`,
          { code: "ambiguous" },
        );
      }
      case "notFound":
        return errorResponse(
          404,
          "No commit has this hash. Give its first 4 digits at least; GET /api/commits lists them.",
        );
      default:
        return found satisfies never;
    }
  });
}
