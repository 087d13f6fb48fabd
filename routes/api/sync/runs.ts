import { define } from "../../../define.ts";
import { answer, pageParams } from "../../../lib/http/params.ts";
import { listRuns } from "../../../lib/store/write/runs.ts";
import { iso } from "../../../lib/store/read/page.ts";

export const handler = define.handlers({
  GET: ({ state, url }) =>
    answer(() => {
      const { items, ...page } = listRuns(state.store, pageParams(url.searchParams));
      return {
        ...page,
        items: items.map((run) => ({
          ...run,
          startedAt: iso(run.startedAt),
          endedAt: iso(run.endedAt),
        })),
      };
    }),
});
