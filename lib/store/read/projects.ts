import type { Database } from "../database.ts";
import type { Project } from "../shapes.ts";
import { cached } from "./cached.ts";
import { iso } from "./page.ts";
import type { RepositoryId } from "../../domain/ids.ts";

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
    r.id AS repository_id, r.name AS repository_name, r.path AS repository_path
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

/** One project by its number; undefined where there is none. */
export function getProject(db: Database, id: number): Project | undefined {
  const row = db.get<ProjectRow>(`${SELECT} WHERE p.id = ? GROUP BY p.id`, id);
  return row && project(row);
}

function project(row: ProjectRow): Project {
  return {
    id: row.id,
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
