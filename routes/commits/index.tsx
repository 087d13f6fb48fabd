import { page } from "fresh";
import { CommitTable } from "../../components/CommitTable.tsx";
import { EmptyList } from "../../components/Empty.tsx";
import { CommitFilters, CountedTabs } from "../../components/Filters.tsx";
import { PageHead } from "../../components/PageHead.tsx";
import { Pager } from "../../components/Pager.tsx";
import { METRIC_HELP } from "../../components/metric_help.ts";
import { define } from "../../define.ts";
import { commitListParams, readerZone } from "../../lib/http/params.ts";
import {
  type CommitState,
  countCommitsByState,
  listCommits,
} from "../../lib/store/read/commit_list.ts";
import { listRepositoryNames } from "../../lib/store/read/repositories.ts";
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
  GET(ctx) {
    const { store } = ctx.state;
    const timeZone = readerZone(ctx.req.headers);
    const options = commitListParams(ctx.url.searchParams, { timeZone });
    ctx.state.title = "Commits";
    return page({
      options,
      timeZone,
      counts: countCommitsByState(store, options),
      commits: listCommits(store, options),
      repositories: listRepositoryNames(store),
    });
  },
});

export default define.page<typeof handler>(({ data, url }) => {
  const { options, timeZone, counts, commits, repositories } = data;
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
      <CommitFilters options={options} timeZone={timeZone} repositories={repositories} />
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
