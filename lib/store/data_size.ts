import { join } from "node:path";
import { listOwn, SAMPLE_FOLDER } from "./erase.ts";
import { LOCK_FILE } from "../fs/lock_file.ts";
import { BACKUP_FOLDER } from "./backup.ts";
import { DATABASE_FILE } from "./open.ts";
import type { DataSize } from "./shapes.ts";

/** Measures what Ascribe wrote in a data folder. What cannot be looked at, or goes meanwhile, counts nothing. */
export async function measureData(dataDir: string): Promise<DataSize> {
  const size = { database: 0, backups: 0, backupCount: 0, sample: 0, other: 0, total: 0 };
  const backups = join(dataDir, BACKUP_FOLDER);
  for (const path of listOwn(dataDir)) {
    // Its files are listed before it, and the lock is no data.
    if (path === backups || path === join(dataDir, LOCK_FILE)) continue;
    const bytes = await bytesOf(path);
    size.total += bytes;
    if (path.startsWith(join(dataDir, DATABASE_FILE))) size.database += bytes;
    else if (path === join(dataDir, SAMPLE_FOLDER)) size.sample += bytes;
    else if (path.startsWith(`${backups}/`)) {
      size.backups += bytes;
      size.backupCount++;
    } else size.other += bytes;
  }
  return size;
}

async function bytesOf(path: string): Promise<number> {
  try {
    const { isDirectory, isFile, size } = await Deno.lstat(path);
    if (isFile) return size;
    if (!isDirectory) return 0;
    let sum = 0;
    for await (const { name } of Deno.readDir(path)) sum += await bytesOf(join(path, name));
    return sum;
  } catch {
    return 0;
  }
}
