import { define } from "../../../../define.ts";
import { diffAnswer, gitErrorResponse } from "../../../../lib/http/answers.ts";
import { errorResponse } from "../../../../lib/http/errors.ts";
import { answerLater, repositoryParam } from "../../../../lib/http/params.ts";
import { CANNOT_READ, locationOf } from "../../../../lib/queries/location.ts";
import { findCommit } from "../../../../lib/store/read/commit_detail.ts";
import { getRepository } from "../../../../lib/store/read/repositories.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answerLater(async () => {
      const { store, git } = ctx.state;
      const found = findCommit(store, ctx.params.hash, {
        repositoryId: repositoryParam(ctx.url.searchParams),
      });
      if (found.kind === "ambiguous") {
        return errorResponse(409, "Several commits start with this. Give more of the hash.", {
          code: "ambiguous",
        });
      }
      if (found.kind === "notFound") {
        return errorResponse(404, "No commit has this hash. GET /api/commits lists them.");
      }
      const { hash, parents, repository, writtenLines } = found.commit;
      const place = getRepository(store, repository.id);
      if (git === undefined || place === undefined) return gitErrorResponse(CANNOT_READ);
      const diff = await git.ask({
        ask: "diff",
        repository: locationOf(place),
        hash,
        parents: parents.length,
      });
      return diff.kind === "ok"
        ? diffAnswer(hash, diff.value, writtenLines)
        : gitErrorResponse(diff);
    }),
});
