import { define } from "../../../define.ts";
import { answer, sessionListParams } from "../../../lib/http/params.ts";
import { listSessions } from "../../../lib/store/read/session_list.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => listSessions(ctx.state.store, sessionListParams(ctx.url.searchParams))),
});
