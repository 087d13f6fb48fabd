import type { Database } from "./database.ts";

/** The number of the project at a folder, which is made known if it was not. */
export function projectNumber(db: Database, path: string): number {
  const known = db.get<{ id: number }>("SELECT id FROM projects WHERE path = ?", path);
  return known?.id ?? db.run("INSERT INTO projects (path) VALUES (?)", path).lastId;
}

/** Forgets projects that no session was started in. */
export function dropEmptyProjects(db: Database): void {
  db.run(
    "DELETE FROM projects WHERE id NOT IN (SELECT project_id FROM sessions WHERE project_id IS NOT NULL)",
  );
}
