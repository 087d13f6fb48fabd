import { define } from "../../../define.ts";
import type { Tier } from "../../../lib/domain/links.ts";
import { answer, integerParam, pageParams, repositoryParam } from "../../../lib/http/params.ts";
import { listLinks } from "../../../lib/store/read/link_list.ts";

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
