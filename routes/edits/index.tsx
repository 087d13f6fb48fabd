import { page } from "fresh";
import { EditFilters } from "../../components/EditFilters.tsx";
import { EditTable } from "../../components/EditTable.tsx";
import { Empty } from "../../components/Empty.tsx";
import { LANDED_NAMES } from "../../components/LandedSelect.tsx";
import { PageHead } from "../../components/PageHead.tsx";
import { Pager } from "../../components/Pager.tsx";
import { define } from "../../define.ts";
import { formatCount, formatCounted } from "../../lib/client/format.ts";
import { editListParams } from "../../lib/http/list_params.ts";
import { withParams } from "../../lib/pages/address.ts";
import { COUNTED } from "../../lib/pages/counted.ts";
import { readerZone } from "../../lib/pages/reader_zone.ts";
import { countEditsByLanded, listEdits } from "../../lib/store/views/edit_list.ts";
import type { Landed } from "../../lib/store/views/landed_counts.ts";
import { listRepositoryNames } from "../../lib/store/views/repository_list.ts";

const TABS: [Landed | null, string][] = [
  [null, "All"],
  ["missing", LANDED_NAMES.missing],
  ["none", LANDED_NAMES.none],
  ["some", LANDED_NAMES.some],
  ["all", LANDED_NAMES.all],
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
      <nav class="tabs" aria-label="Edits by what landed">
        {TABS.map(([name, label]) => (
          <a
            key={label}
            href={withParams(url, { landed: name })}
            aria-current={name === landed ? "page" : "false"}
            title={name === "all" ? COUNTED.linesLanded : COUNTED.linesNotLanded}
          >
            {label} <span class="count">{formatCount(counts[name ?? "every"])}</span>
          </a>
        ))}
      </nav>
      <EditFilters options={options} timeZone={timeZone} repositories={repositories} />
      {edits.items.length === 0
        ? (
          <Empty title="No edit matches">
            Take a filter away, or{" "}
            <a href="/edits">see all edits</a>. Only files in a repository are listed.
          </Empty>
        )
        : <EditTable edits={edits.items} />}
      <Pager url={url} shown={edits.items.length} total={edits.total} cursor={edits.cursor} />
    </>
  );
});
