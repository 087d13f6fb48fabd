import { define } from "../../../define.ts";
import { answer, pageParams } from "../../../lib/http/params.ts";
import { pageOf } from "../../../lib/store/views/page_of.ts";
import { listRepositories } from "../../../lib/store/views/repository_list.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => pageOf(listRepositories(ctx.state.store), pageParams(ctx.url.searchParams))),
});
