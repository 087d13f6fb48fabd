import type { CommitHash, RepositoryId, SessionId } from "../../domain/ids.ts";

/** The few words by which lists name a repository. */
export interface RepositoryRef {
  id: RepositoryId;
  name: string;
  path: string;
}

/** The few words by which lists name a project: the folder where sessions were started. */
export interface ProjectRef {
  id: number;
  name: string;
  path: string;
}

/** The few words by which a commit's page names a session. */
export interface SessionRef {
  sessionId: SessionId;
  title: string | null;
}

/** The few words by which a page names a commit. */
export interface CommitRef {
  hash: CommitHash;
  repositoryId: RepositoryId;
  subject: string;
}

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
