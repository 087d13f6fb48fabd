import { define } from "../../../../define.ts";
import type { RepositoryId } from "../../../../lib/domain/ids.ts";
import { blameAnswer, gitErrorResponse } from "../../../../lib/http/answers.ts";
import { errorResponse } from "../../../../lib/http/errors.ts";
import {
  answerLater,
  BadRequest,
  integerParam,
  revisionParam,
} from "../../../../lib/http/params.ts";
import { LINES_A_PAGE, viewBlame } from "../../../../lib/queries/blame.ts";
import { CANNOT_READ, findPath, locationOf } from "../../../../lib/queries/location.ts";
import { getRepository } from "../../../../lib/store/read/repositories.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answerLater(async () => {
      const { store, git } = ctx.state;
      const { searchParams } = ctx.url;
      const id = Number(ctx.params.id) as RepositoryId;
      const repository = Number.isSafeInteger(id) ? getRepository(store, id) : undefined;
      if (repository === undefined) {
        return errorResponse(
          404,
          "No repository has this number. GET /api/repositories lists them.",
        );
      }
      const path = searchParams.get("path");
      if (!path) {
        throw new BadRequest("path must be a file of the repository, such as src/main.ts.");
      }
      const revision = revisionParam(searchParams, "rev");
      const from = integerParam(searchParams, "from") ?? 1;
      const count = integerParam(searchParams, "count", { max: LINES_A_PAGE }) ?? LINES_A_PAGE;
      if (git === undefined) return gitErrorResponse(CANNOT_READ);
      const found = await findPath(git, repository, { path, revision });
      if (found.kind === "error") return gitErrorResponse(found);
      if (found.at.kind !== "file") return errorResponse(404, `${path} is no file.`);
      const answer = await git.ask({
        ask: "blame",
        repository: locationOf(repository),
        hash: found.hash,
        path,
        from,
        count,
      });
      if (answer.kind === "error") return gitErrorResponse(answer);
      if (answer.value.kind === "binary") return errorResponse(404, `${path} is not text.`);
      return blameAnswer({ hash: found.hash, path, view: viewBlame(store, answer.value, id) });
    }),
});
