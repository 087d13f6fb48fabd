import type { CommitListOptions } from "../lib/store/views/commit_list.ts";
import type { RepositoryRef } from "../lib/store/views/refs.ts";
import { DateFields } from "./DateFields.tsx";
import { FilterActions } from "./FilterActions.tsx";
import { RepositorySelect } from "./RepositorySelect.tsx";

/** Props of {@linkcode CommitFilters}. */
export interface CommitFiltersProps {
  options: CommitListOptions;
  /** Where the filter's days are days. */
  timeZone: string;
  repositories: RepositoryRef[];
}

/** Narrows the list of commits. */
export function CommitFilters({ options, timeZone, repositories }: CommitFiltersProps) {
  return (
    <form
      class="filters"
      method="get"
      autocomplete="off"
      action="/commits"
      role="search"
      aria-label="Commits"
    >
      {options.state && <input type="hidden" name="state" value={options.state} />}
      <label>
        Words or hash
        <input type="search" name="text" value={options.text} maxLength={200} dir="auto" />
      </label>
      <label>
        Author
        <input type="text" name="author" value={options.author} maxLength={200} dir="auto" />
      </label>
      <RepositorySelect repositories={repositories} chosen={options.repositoryId} />
      <DateFields from={options.from} to={options.to} timeZone={timeZone} />
      <FilterActions clear="/commits" />
    </form>
  );
}
