import { define } from "../../../define.ts";
import { answer, pageParams } from "../../../lib/http/params.ts";
import { pageOf } from "../../../lib/store/read/page.ts";
import { listProjects } from "../../../lib/store/read/projects.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => pageOf(listProjects(ctx.state.store), pageParams(ctx.url.searchParams))),
});
