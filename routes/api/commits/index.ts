import { define } from "../../../define.ts";
import { answer, commitListParams } from "../../../lib/http/params.ts";
import { listCommits } from "../../../lib/store/read/commit_list.ts";

export const handler = define.handlers({
  GET: (ctx) => answer(() => listCommits(ctx.state.store, commitListParams(ctx.url.searchParams))),
});
