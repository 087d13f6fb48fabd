import { define } from "../../../define.ts";
import { sessionListParams } from "../../../lib/http/list_params.ts";
import { answer } from "../../../lib/http/params.ts";
import { listSessions } from "../../../lib/store/views/session_list.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => listSessions(ctx.state.store, sessionListParams(ctx.url.searchParams))),
});
