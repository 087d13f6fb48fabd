import { define } from "../../../define.ts";
import { answer, pageParams } from "../../../lib/http/params.ts";
import { pageOf } from "../../../lib/store/read/page.ts";
import { listRepositories } from "../../../lib/store/read/repositories.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => pageOf(listRepositories(ctx.state.store), pageParams(ctx.url.searchParams))),
});
