import { define } from "../../../define.ts";
import { answer, pageParams } from "../../../lib/http/params.ts";
import { pageOf } from "../../../lib/store/views/page_of.ts";
import { listProjects } from "../../../lib/store/views/projects.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => pageOf(listProjects(ctx.state.store), pageParams(ctx.url.searchParams))),
});
