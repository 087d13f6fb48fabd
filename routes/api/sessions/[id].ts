import { define } from "../../../define.ts";
import { errorResponse } from "../../../lib/http/errors.ts";
import { answer, integerParam } from "../../../lib/http/params.ts";
import { getSession } from "../../../lib/store/read/session_detail.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => {
      const skipPrompts = integerParam(ctx.url.searchParams, "prompts", { min: 0 });
      return getSession(ctx.state.store, ctx.params.id, { skipPrompts }) ??
        errorResponse(404, "No session has this id. GET /api/sessions lists them.");
    }),
});
