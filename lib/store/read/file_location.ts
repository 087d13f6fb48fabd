import type { Database } from "../database.ts";
import type { FileLocation } from "../shapes.ts";
import { REPOSITORY_COLUMNS, repositoryRef, type RepositoryRow } from "./refs.ts";

const MOST_FOLDERS = 64;

/** Finds the repository that holds a file, by the folders that sessions are known to have worked in. */
export function locationOf(db: Database, path: string): FileLocation | null {
  const folders = foldersAbove(path);
  const row = db.get<RepositoryRow & { folder: string; inside: string }>(
    `SELECT rp.path AS folder, rp.inside, ${REPOSITORY_COLUMNS}
    FROM json_each(?) AS wanted JOIN repository_paths rp ON rp.path = wanted.value
    JOIN repositories r ON r.id = rp.repository_id
    ORDER BY wanted.key LIMIT 1`,
    JSON.stringify(folders),
  );
  if (row === undefined) return null;
  const rest = path.slice(row.folder.length).replaceAll("\\", "/").replace(/^\/+/, "");
  return {
    repository: repositoryRef(row),
    pathInRepository: row.inside === "" ? rest : `${row.inside}/${rest}`,
  };
}

/** Every folder above a path, the nearest first. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.length; folders.length < MOST_FOLDERS;) {
    end = Math.max(path.lastIndexOf("/", end - 1), path.lastIndexOf("\\", end - 1));
    if (end <= 0) break;
    folders.push(path.slice(0, end));
  }
  return folders;
}
