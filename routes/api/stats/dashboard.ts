import { define } from "../../../define.ts";
import { dashboardParams } from "../../../lib/http/list_params.ts";
import { answer } from "../../../lib/http/params.ts";
import { getDashboard } from "../../../lib/store/views/stats.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => getDashboard(ctx.state.store, dashboardParams(ctx.url.searchParams, Date.now()))),
});
