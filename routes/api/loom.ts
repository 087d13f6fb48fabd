import { define } from "../../define.ts";
import { repositoryParam } from "../../lib/http/list_params.ts";
import { answer, integerParam, timeParam } from "../../lib/http/params.ts";
import { getLoom } from "../../lib/store/views/loom.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => {
      const params = ctx.url.searchParams;
      return getLoom(ctx.state.store, {
        repositoryId: repositoryParam(params),
        projectId: integerParam(params, "project"),
        from: timeParam(params, "from"),
        to: timeParam(params, "to", { endOfDay: true }),
      });
    }),
});
