import type { RepositoryRef } from "../lib/store/views/refs.ts";

/** Props of {@linkcode RepositorySelect}. */
export interface RepositorySelectProps {
  repositories: readonly Pick<RepositoryRef, "id" | "name">[];
  /** The one to show alone; undefined for all of them. */
  chosen: number | undefined;
}

/** A form's choice of one repository, or of all. */
export function RepositorySelect({ repositories, chosen }: RepositorySelectProps) {
  return (
    <label>
      Repository
      <select name="repository">
        <option value="" selected={chosen === undefined}>All repositories</option>
        {repositories.map(({ id, name }) => (
          <option key={id} value={id} selected={id === chosen}>{name}</option>
        ))}
      </select>
    </label>
  );
}
