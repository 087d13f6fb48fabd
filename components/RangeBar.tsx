import { withParams } from "../lib/pages/address.ts";
import { RANGE_NAMES, type RangeName } from "../lib/pages/range.ts";
import type { RepositorySummary } from "../lib/store/views/repository_list.ts";
import { RepositorySelect } from "./RepositorySelect.tsx";

/** Props of {@linkcode RangeBar}. */
export interface RangeBarProps {
  url: URL;
  range: RangeName;
  repositoryId: number | undefined;
  repositories: RepositorySummary[];
}

const NAMES: Record<RangeName, string> = {
  week: "7 days",
  month: "30 days",
  quarter: "90 days",
  year: "Year",
  all: "All",
};

/** Chooses what the overview shows. Every choice is an address, so back and forward work and it can be shared. */
export function RangeBar({ url, range, repositoryId, repositories }: RangeBarProps) {
  return (
    <div class="range-bar">
      <nav class="tabs" aria-label="Range">
        {RANGE_NAMES.map((name) => (
          <a
            key={name}
            href={withParams(url, { range: name })}
            aria-current={name === range ? "page" : "false"}
          >
            {NAMES[name]}
          </a>
        ))}
      </nav>
      <form class="filters" method="get" autocomplete="off" action="/">
        <input type="hidden" name="range" value={range} />
        <RepositorySelect repositories={repositories} chosen={repositoryId} />
        <button class="button" type="submit">Show</button>
      </form>
    </div>
  );
}
