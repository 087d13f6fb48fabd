import { define } from "../../define.ts";
import { streamJson } from "../../lib/http/json_stream.ts";
import { repositoryParam } from "../../lib/http/list_params.ts";
import { answerLater, integerParam, timeParam } from "../../lib/http/params.ts";
import { getLoom } from "../../lib/store/views/loom.ts";

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
