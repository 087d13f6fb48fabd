import type { Landed } from "../../lib/domain/links.ts";
import { page } from "fresh";
import { EditTable } from "../../components/EditTable.tsx";
import { EmptyList } from "../../components/Empty.tsx";
import { CountedTabs, EditFilters, LANDED_NAMES } from "../../components/Filters.tsx";
import { PageHead } from "../../components/PageHead.tsx";
import { Pager } from "../../components/Pager.tsx";
import { METRIC_HELP } from "../../components/metric_help.ts";
import { define } from "../../define.ts";
import { editListParams, readerZone } from "../../lib/http/params.ts";
import { countEditsByLanded, listEdits } from "../../lib/store/read/edit_list.ts";

import { listRepositoryNames } from "../../lib/store/read/repositories.ts";
import { formatCounted } from "../../lib/text/format.ts";
import { withParams } from "../../lib/text/urls.ts";

const TABS: [Landed | null, string, string][] = [
  [null, "All", METRIC_HELP.editedFiles],
  ["missing", LANDED_NAMES.missing, METRIC_HELP.linesNotLanded],
  ["none", LANDED_NAMES.none, METRIC_HELP.linesNotLanded],
  ["some", LANDED_NAMES.some, METRIC_HELP.linesLanded],
  ["all", LANDED_NAMES.all, METRIC_HELP.linesLanded],
];

export const handler = define.handlers({
  GET(ctx) {
    const { store } = ctx.state;
    const timeZone = readerZone(ctx.req.headers);
    const options = editListParams(ctx.url.searchParams, { timeZone });
    ctx.state.title = "Edits";
    return page({
      options,
      timeZone,
      counts: countEditsByLanded(store, options),
      edits: listEdits(store, options),
      repositories: listRepositoryNames(store),
    });
  },
});

export default define.page<typeof handler>(({ data, url }) => {
  const { options, timeZone, counts, edits, repositories } = data;
  const landed = options.landed ?? null;
  return (
    <>
      <PageHead title="Edits">
        <span>{formatCounted(edits.total, "file")} written by sessions</span>
        <span>What landed in a commit, and what never did</span>
      </PageHead>
      <CountedTabs
        label="Edits by what landed"
        tabs={TABS.map(([name, label, says]) => ({
          label,
          says,
          href: withParams(url, { landed: name }),
          current: name === landed,
          count: counts[name ?? "every"],
        }))}
      />
      <EditFilters options={options} timeZone={timeZone} repositories={repositories} />
      {edits.items.length === 0
        ? <EmptyList url={url} noun="edit" />
        : <EditTable edits={edits.items} />}
      <Pager url={url} shown={edits.items.length} total={edits.total} cursor={edits.cursor} />
    </>
  );
});
