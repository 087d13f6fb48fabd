import type { Project } from "../lib/store/views/projects.ts";
import type { RepositoryRef } from "../lib/store/views/refs.ts";
import type { SessionListOptions } from "../lib/store/views/session_list.ts";
import { DateFields } from "./DateFields.tsx";
import { FilterActions } from "./FilterActions.tsx";
import { LandedSelect } from "./LandedSelect.tsx";
import { RepositorySelect } from "./RepositorySelect.tsx";

/** Props of {@linkcode SessionFilters}. */
export interface SessionFiltersProps {
  options: SessionListOptions;
  /** Where the filter's days are days. */
  timeZone: string;
  projects: Project[];
  repositories: RepositoryRef[];
}

/** Narrows the list of sessions. */
export function SessionFilters({ options, timeZone, projects, repositories }: SessionFiltersProps) {
  const { hasCommits } = options;
  return (
    <form
      class="filters"
      method="get"
      autocomplete="off"
      action="/sessions"
      role="search"
      aria-label="Sessions"
    >
      <label>
        Words
        <input type="search" name="text" value={options.text} maxLength={200} dir="auto" />
      </label>
      <label>
        Project
        <select name="project">
          <option value="" selected={options.projectId === undefined}>All projects</option>
          {projects.map(({ id, name }) => (
            <option key={id} value={id} selected={id === options.projectId}>{name}</option>
          ))}
        </select>
      </label>
      <RepositorySelect repositories={repositories} chosen={options.repositoryId} />
      <label>
        Commits
        <select name="hasCommits">
          <option value="" selected={hasCommits === undefined}>With or without</option>
          <option value="true" selected={hasCommits === true}>With commits</option>
          <option value="false" selected={hasCommits === false}>Without commits</option>
        </select>
      </label>
      <label>
        Lines written
        <LandedSelect landed={options.landed} />
      </label>
      <DateFields from={options.from} to={options.to} timeZone={timeZone} />
      {options.sort && <input type="hidden" name="sort" value={options.sort} />}
      {options.order && <input type="hidden" name="order" value={options.order} />}
      <FilterActions clear="/sessions" />
    </form>
  );
}
