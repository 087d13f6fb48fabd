import { define } from "../../../define.ts";
import { editListParams } from "../../../lib/http/list_params.ts";
import { answer } from "../../../lib/http/params.ts";
import { listEdits } from "../../../lib/store/views/edit_list.ts";

export const handler = define.handlers({
  GET: (ctx) => answer(() => listEdits(ctx.state.store, editListParams(ctx.url.searchParams))),
});
