import type { Database } from "../database.ts";
import type { Project } from "../shapes.ts";
import { cached } from "./cached.ts";
import { iso } from "./page.ts";
import { projectId, REPOSITORY_COLUMNS } from "./refs.ts";
import type { ProjectId, RepositoryId } from "../../domain/ids.ts";

interface ProjectRow {
  id: number;
  name: string;
  path: string;
  session_count: number;
  sessions_with_commits: number;
  started_at: number | null;
  ended_at: number | null;
  repository_id: RepositoryId | null;
  repository_name: string | null;
  repository_path: string | null;
}

const SELECT = `SELECT p.id, p.name, p.path, count(s.id) AS session_count,
    coalesce(sum(s.link_count > 0), 0) AS sessions_with_commits,
    min(s.started_at) AS started_at, max(s.ended_at) AS ended_at,
    ${REPOSITORY_COLUMNS}
  FROM projects p
  LEFT JOIN sessions s ON s.project_id = p.id
  LEFT JOIN repository_paths rp ON rp.path = p.path
  LEFT JOIN repositories r ON r.id = rp.repository_id`;

/** Every project, the one worked in last first. */
export function listProjects(db: Database): Project[] {
  return cached(
    db,
    "projects",
    () =>
      db.all<ProjectRow>(`${SELECT} GROUP BY p.id ORDER BY max(s.ended_at) DESC, p.path`)
        .map(project),
  );
}

/** The store's number of a project by its id; undefined where there is none. */
export function projectKey(db: Database, id: ProjectId): number | undefined {
  return cached(db, "projectKeys", () =>
    new Map(
      db.all<{ id: number; path: string }>("SELECT id, path FROM projects")
        .map((row) => [projectId(row.path), row.id]),
    )).get(id);
}

function project(row: ProjectRow): Project {
  return {
    id: projectId(row.path),
    name: row.name,
    path: row.path,
    sessionCount: row.session_count,
    sessionsWithCommits: row.sessions_with_commits,
    startedAt: iso(row.started_at),
    endedAt: iso(row.ended_at),
    repository: row.repository_id === null ? null : {
      id: row.repository_id,
      name: row.repository_name!,
      path: row.repository_path!,
    },
  };
}
