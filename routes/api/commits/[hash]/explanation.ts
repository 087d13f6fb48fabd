import { define } from "../../../../define.ts";
import { errorResponse } from "../../../../lib/http/errors.ts";
import { repositoryParam } from "../../../../lib/http/list_params.ts";
import { answer } from "../../../../lib/http/params.ts";
import { findCommit } from "../../../../lib/store/views/commit_detail.ts";
import { explanationOf } from "../../../../lib/store/views/explanation.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => {
      const found = findCommit(ctx.state.store, ctx.params.hash, {
        repositoryId: repositoryParam(ctx.url.searchParams),
      });
      switch (found.kind) {
        case "found":
          return explanationOf(found.commit);
        case "ambiguous":
          return errorResponse(
            409,
            `Several commits start with this: ${
              found.candidates.map(({ hash }) => hash.slice(0, 12)).join(", ")
            }. Give more of the hash.`,
            { code: "ambiguous" },
          );
        case "notFound":
          return errorResponse(
            404,
            "No commit has this hash. Give its first 4 digits at least; GET /api/commits lists them.",
          );
        default:
          return found satisfies never;
      }
    }),
});
