import { define } from "../../../define.ts";
import { repositoryParam } from "../../../lib/http/list_params.ts";
import { answer, integerParam, pageParams } from "../../../lib/http/params.ts";
import type { Tier } from "../../../lib/links/link.ts";
import { listLinks } from "../../../lib/store/views/link_list.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => {
      const params = ctx.url.searchParams;
      return listLinks(ctx.state.store, {
        ...pageParams(params),
        repositoryId: repositoryParam(params),
        tier: integerParam(params, "tier", { max: 2 }) as Tier | undefined,
      });
    }),
});
