import { page } from "fresh";
import { CountedTabs } from "../../components/CountedTabs.tsx";
import { EditFilters } from "../../components/EditFilters.tsx";
import { EditTable } from "../../components/EditTable.tsx";
import { EmptyList } from "../../components/EmptyList.tsx";
import { LANDED_NAMES } from "../../components/LandedSelect.tsx";
import { PageHead } from "../../components/PageHead.tsx";
import { Pager } from "../../components/Pager.tsx";
import { define } from "../../define.ts";
import { formatCounted } from "../../lib/client/format.ts";
import { editListParams } from "../../lib/http/list_params.ts";
import { withParams } from "../../lib/pages/address.ts";
import { COUNTED } from "../../lib/pages/counted.ts";
import { readerZone } from "../../lib/pages/reader_zone.ts";
import { countEditsByLanded, listEdits } from "../../lib/store/views/edit_list.ts";
import type { Landed } from "../../lib/store/views/landed_counts.ts";
import { listRepositoryNames } from "../../lib/store/views/repository_list.ts";

const TABS: [Landed | null, string, string][] = [
  [null, "All", COUNTED.editedFiles],
  ["missing", LANDED_NAMES.missing, COUNTED.linesNotLanded],
  ["none", LANDED_NAMES.none, COUNTED.linesNotLanded],
  ["some", LANDED_NAMES.some, COUNTED.linesLanded],
  ["all", LANDED_NAMES.all, COUNTED.linesLanded],
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
        <span>{formatCounted(edits.total, "file")} that a session wrote match</span>
        <span>What of it is in a commit, and what never landed</span>
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
