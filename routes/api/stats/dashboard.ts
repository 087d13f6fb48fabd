import { define } from "../../../define.ts";
import { answer, dashboardParams } from "../../../lib/http/params.ts";
import { getDashboard } from "../../../lib/store/read/stats.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => getDashboard(ctx.state.store, dashboardParams(ctx.url.searchParams, Date.now()))),
});
