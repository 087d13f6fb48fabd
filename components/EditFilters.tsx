import type { EditFilter } from "../lib/store/views/edit_list.ts";
import type { RepositoryRef } from "../lib/store/views/refs.ts";
import { DateFields } from "./DateFields.tsx";
import { FilterActions } from "./FilterActions.tsx";
import { RepositorySelect } from "./RepositorySelect.tsx";

/** Props of {@linkcode EditFilters}. */
export interface EditFiltersProps {
  options: EditFilter;
  /** Where the filter's days are days. */
  timeZone: string;
  repositories: RepositoryRef[];
}

/** Narrows the list of edits. */
export function EditFilters({ options, timeZone, repositories }: EditFiltersProps) {
  const { landed, repositoryId, sessionId, from, to } = options;
  return (
    <form
      class="filters"
      method="get"
      autocomplete="off"
      action="/edits"
      role="search"
      aria-label="Edits"
    >
      {landed && <input type="hidden" name="landed" value={landed} />}
      <RepositorySelect repositories={repositories} chosen={repositoryId} />
      <label>
        Session's id
        <input type="search" name="session" value={sessionId} maxLength={200} dir="auto" />
      </label>
      <DateFields from={from} to={to} timeZone={timeZone} />
      <FilterActions clear="/edits" />
    </form>
  );
}
