import type { Landed } from "../../lib/domain/links.ts";
import { page } from "fresh";
import { EditTable } from "../../components/EditTable.tsx";
import { EmptyList } from "../../components/Empty.tsx";
import { CountedTabs, EditFilters, LANDED_NAMES } from "../../components/Filters.tsx";
import { PageHead } from "../../components/PageHead.tsx";
import { Pager } from "../../components/Pager.tsx";
import { METRIC_HELP } from "../../components/metric_help.ts";
import { define } from "../../define.ts";
import { readerZone } from "../../lib/http/preferences.ts";
import { contextOf } from "../../lib/http/api.ts";
import { parseInput } from "../../lib/http/input.ts";
import { editCounts, edits } from "../../lib/queries/links.ts";
import { repositoryNames } from "../../lib/queries/repositories.ts";
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
  async GET(ctx) {
    const context = contextOf(ctx.state);
    const input = await parseInput("edits", ctx.url.searchParams);
    const options = { ...input, timeZone: input.timeZone ?? readerZone(ctx.req.headers) };
    ctx.state.title = "Edits";
    return page({
      options,
      counts: await editCounts.run(context, options),
      edits: await edits.run(context, options),
      repositories: await repositoryNames.run(context, {}),
    });
  },
});

export default define.page<typeof handler>(({ data, url }) => {
  const { options, counts, edits, repositories } = data;
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
      <EditFilters options={options} repositories={repositories} />
      {edits.items.length === 0
        ? <EmptyList url={url} noun="edit" />
        : <EditTable edits={edits.items} />}
      <Pager url={url} shown={edits.items.length} total={edits.total} cursor={edits.cursor} />
    </>
  );
});
