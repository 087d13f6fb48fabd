import { define } from "../../../../define.ts";
import { errorResponse } from "../../../../lib/http/errors.ts";
import { repositoryParam } from "../../../../lib/http/list_params.ts";
import { answerLater } from "../../../../lib/http/params.ts";
import { diffAnswer, troubleResponse } from "../../../../lib/http/repository_answers.ts";
import { CANNOT_READ, placeOf } from "../../../../lib/pages/file_at.ts";
import { findCommit } from "../../../../lib/store/views/commit_detail.ts";
import { getRepository } from "../../../../lib/store/views/repository_list.ts";

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
      if (git === undefined || place === undefined) return troubleResponse(CANNOT_READ);
      const diff = await git.ask({
        ask: "diff",
        repository: placeOf(place),
        hash,
        parents: parents.length,
      });
      return diff.kind === "ok"
        ? diffAnswer(hash, diff.value, writtenLines)
        : troubleResponse(diff);
    }),
});
