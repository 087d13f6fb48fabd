import { define } from "../../../define.ts";
import { commitListParams } from "../../../lib/http/list_params.ts";
import { answer } from "../../../lib/http/params.ts";
import { listCommits } from "../../../lib/store/views/commit_list.ts";

export const handler = define.handlers({
  GET: (ctx) => answer(() => listCommits(ctx.state.store, commitListParams(ctx.url.searchParams))),
});
