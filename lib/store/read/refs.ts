import type { CommitHash, RepositoryId, SessionId } from "../../domain/ids.ts";
import type { ProjectRef, RepositoryRef } from "../shapes.ts";

/** Names the project of a session's row; null where it has none. */
export function projectRef(
  { project_id: id, project_name: name, project_path: path }: {
    project_id: number | null;
    project_name: string | null;
    project_path: string | null;
  },
): ProjectRef | null {
  return id === null || name === null || path === null ? null : { id, name, path };
}

/** The columns by which a query names a repository. */
export interface RepositoryRow {
  repository_id: RepositoryId;
  repository_name: string;
  repository_path: string;
}

/** Names the repository of a row. */
export function repositoryRef(row: RepositoryRow): RepositoryRef {
  return { id: row.repository_id, name: row.repository_name, path: row.repository_path };
}
