import { define } from "../../define.ts";
import { streamJson } from "../../lib/http/json_stream.ts";
import { answerLater, integerParam, repositoryParam, timeParam } from "../../lib/http/params.ts";
import { getLoom } from "../../lib/store/read/loom.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answerLater(async () => {
      const params = ctx.url.searchParams;
      const loom = await getLoom(ctx.state.store, {
        repositoryId: repositoryParam(params),
        projectId: integerParam(params, "project"),
        from: timeParam(params, "from"),
        to: timeParam(params, "to", { endOfDay: true }),
      });
      return streamJson(loom);
    }),
});
