import type { Database } from "./database.ts";
import { plainName } from "./place_names.ts";

/** The number of the project at a folder, which is made known if it was not. */
export function projectNumber(db: Database, path: string): number {
  const known = db.get<{ id: number }>("SELECT id FROM projects WHERE path = ?", path);
  return known?.id ??
    db.run("INSERT INTO projects (path, name) VALUES (?, ?)", path, plainName(path)).lastId;
}
