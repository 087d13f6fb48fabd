import { define } from "../../../define.ts";
import { answer, editListParams } from "../../../lib/http/params.ts";
import { listEdits } from "../../../lib/store/read/edit_list.ts";

export const handler = define.handlers({
  GET: (ctx) => answer(() => listEdits(ctx.state.store, editListParams(ctx.url.searchParams))),
});
