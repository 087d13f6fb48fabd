import { page } from "fresh";
import { CommitTable } from "../../components/CommitTable.tsx";
import { EmptyList } from "../../components/Empty.tsx";
import { CommitFilters, CountedTabs } from "../../components/Filters.tsx";
import { PageHead } from "../../components/PageHead.tsx";
import { Pager } from "../../components/Pager.tsx";
import { METRIC_HELP } from "../../components/metric_help.ts";
import { define } from "../../define.ts";
import { readerZone } from "../../lib/http/preferences.ts";
import { contextOf } from "../../lib/http/api.ts";
import { parseInput } from "../../lib/http/input.ts";
import { commitCounts, commits } from "../../lib/queries/commits.ts";
import { repositoryNames } from "../../lib/queries/repositories.ts";
import type { CommitState } from "../../lib/store/read/commit_list.ts";
import { formatCounted } from "../../lib/text/format.ts";
import { withParams } from "../../lib/text/urls.ts";

const TABS: [CommitState | null, string, string][] = [
  [null, "All", METRIC_HELP.commits],
  ["linked", "With a session", METRIC_HELP.linked],
  ["tier1", "Recorded", METRIC_HELP.tier1],
  ["tier2", "Inferred", METRIC_HELP.tier2],
  ["unlinked", "Without a session", METRIC_HELP.unlinked],
  ["elsewhere", "Other authors", METRIC_HELP.elsewhere],
];

export const handler = define.handlers({
  async GET(ctx) {
    const context = contextOf(ctx.state);
    const input = await parseInput("commits", ctx.url.searchParams);
    const options = { ...input, timeZone: input.timeZone ?? readerZone(ctx.req.headers) };
    ctx.state.title = "Commits";
    return page({
      options,
      counts: await commitCounts.run(context, options),
      commits: await commits.run(context, options),
      repositories: await repositoryNames.run(context, {}),
    });
  },
});

export default define.page<typeof handler>(({ data, url }) => {
  const { options, counts, commits, repositories } = data;
  const state = options.state ?? null;
  return (
    <>
      <PageHead title="Commits">
        <span>{formatCounted(commits.total, "commit")} match</span>
      </PageHead>
      <CountedTabs
        label="Commits by link"
        tabs={TABS.map(([name, label, says]) => ({
          label,
          says,
          href: withParams(url, { state: name }),
          current: name === state,
          count: counts[name ?? "all"],
        }))}
      />
      <CommitFilters options={options} repositories={repositories} />
      {commits.items.length === 0
        ? <EmptyList url={url} noun="commit" />
        : <CommitTable commits={commits.items} caption="Commits" />}
      <Pager
        url={url}
        shown={commits.items.length}
        total={commits.total}
        cursor={commits.cursor}
      />
    </>
  );
});
