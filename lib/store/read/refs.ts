import type { ProjectId, PromptId, RepositoryId, RepositoryKey } from "../../domain/ids.ts";
import { shortHash, slugOf } from "../../text/slug.ts";
import type { Database } from "../database.ts";
import type { ProjectRef, RepositoryRef } from "../shapes.ts";

/** Names the project of a session's row; null where it has none. */
export function projectRef(
  { project_name: name, project_path: path }: {
    project_name: string | null;
    project_path: string | null;
  },
): ProjectRef | null {
  return name === null || path === null ? null : { id: projectId(path), name, path };
}

/** The columns of {@linkcode RepositoryRow}, from `repositories r`. */
export const REPOSITORY_COLUMNS =
  "r.public_id AS repository_id, r.name AS repository_name, r.path AS repository_path";

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

/** The id of `sessions s` as addresses have it: the agent's own, behind the agent's name where two agents share it. */
export const SESSION_ID = `iif(EXISTS (
    SELECT 1 FROM sessions o WHERE o.session_id = s.session_id AND o.agent <> s.agent
  ), s.agent || ':' || s.session_id, s.session_id)`;

/** The store's number of a session by its id as addresses have it; undefined where there is none. */
export function sessionKey(db: Database, id: string): number | undefined {
  const [, agent, own] = /^([^:]+):(.+)$/s.exec(id) ?? [];
  return db.get<{ id: number }>(
    `SELECT id FROM sessions WHERE session_id = ?1
    UNION ALL SELECT id FROM sessions WHERE session_id = ?2 AND agent = ?3 LIMIT 1`,
    id,
    own ?? "",
    agent ?? "",
  )?.id;
}

/** The store's number of a repository by its id or its slug; undefined where there is none. */
export function repositoryKey(db: Database, id: string): RepositoryKey | undefined {
  return db.get<{ id: RepositoryKey }>(
    `SELECT id FROM repositories WHERE public_id = ?1
    UNION ALL SELECT id FROM repositories WHERE slug = ?1 LIMIT 1`,
    id,
  )?.id;
}

/** A project's id: its folder's name and its path's hash, so that it is the same in every store. */
export function projectId(path: string): ProjectId {
  const [name = ""] = /[^/\\]+(?=[/\\]*$)/.exec(path) ?? [];
  return `${slugOf(name)}-${shortHash(path)}` as ProjectId;
}

/** A prompt's id by its message's hash and its time. */
export function promptId({ message, at }: { message: number; at: number }): PromptId {
  return (message === 0 ? `t${at}` : message.toString(16)) as PromptId;
}
