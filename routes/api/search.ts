import { define } from "../../define.ts";
import { answer, BadRequest, integerParam, textParam } from "../../lib/http/params.ts";
import { search } from "../../lib/store/read/search.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => {
      const params = ctx.url.searchParams;
      const text = textParam(params, "q");
      if (text === undefined) throw new BadRequest("q must hold what to search for.");
      return search(ctx.state.store, text, { limit: integerParam(params, "limit", { max: 50 }) });
    }),
});
