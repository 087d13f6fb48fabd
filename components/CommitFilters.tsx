import type { CommitListOptions } from "../lib/store/views/commit_list.ts";
import type { RepositoryRef } from "../lib/store/views/refs.ts";
import { DateFields } from "./DateFields.tsx";

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
    <form class="filters" method="get" action="/commits" role="search" aria-label="Commits">
      {options.state && <input type="hidden" name="state" value={options.state} />}
      <label>
        Words or hash
        <input type="search" name="text" value={options.text} maxLength={200} dir="auto" />
      </label>
      <label>
        Author
        <input type="text" name="author" value={options.author} maxLength={200} dir="auto" />
      </label>
      <label>
        Repository
        <select name="repository">
          <option value="" selected={options.repositoryId === undefined}>All repositories</option>
          {repositories.map(({ id, name }) => (
            <option key={id} value={id} selected={id === options.repositoryId}>{name}</option>
          ))}
        </select>
      </label>
      <DateFields from={options.from} to={options.to} timeZone={timeZone} />
      <button class="button" type="submit">Filter</button>
      <a href="/commits">Clear</a>
    </form>
  );
}
