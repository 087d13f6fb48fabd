import { join, sep } from "node:path";
import type { FileStamp } from "./transcript.ts";
import { failureReason } from "../../text/errors.ts";

/** A transcript that was found, and how it looks from outside. */
export interface TranscriptFile extends FileStamp {
  path: string;
}

/** A place below a transcript folder that could not be used. */
export interface DiscoveryProblem {
  path: string;
  /** One sentence for the user. */
  message: string;
}

/** Everything found under the configured folders, by path. */
export interface Discovery {
  files: TranscriptFile[];
  problems: DiscoveryProblem[];
  /** Folders under which nothing can be told to be gone, since they could not be read. */
  unreadable: string[];
}

/** Folders nest a few levels; a deeper one is a loop or a mistake. */
const MAX_DEPTH = 12;

/**
 * Finds the transcripts below `projects` in every configured folder, subagents' files included.
 *
 * A file that is reached by several paths counts once, under the path that sorts first.
 */
export function discoverTranscripts(claudeDirs: readonly string[]): Discovery {
  const found: Discovery = { files: [], problems: [], unreadable: [] };
  const folders = new Set<string>();
  for (const dir of claudeDirs) {
    const projects = join(dir, "projects");
    if (exists(projects)) walk(found, { folder: projects, depth: 0, folders });
  }
  found.files.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  return { ...found, files: withoutAliases(found.files) };
}

function walk(
  found: Discovery,
  at: { folder: string; depth: number; folders: Set<string> },
): void {
  const { folder, depth, folders } = at;
  if (depth > MAX_DEPTH) return refuse(found, folder, "it is nested too deeply");
  let entries: Deno.DirEntry[];
  try {
    const { dev, ino } = Deno.statSync(folder);
    const identity = ino ? `${dev}:${ino}` : Deno.realPathSync(folder);
    if (folders.has(identity)) return;
    folders.add(identity);
    entries = [...Deno.readDirSync(folder)];
  } catch (error) {
    found.unreadable.push(folder);
    return refuse(found, folder, failureReason(error));
  }
  for (const entry of entries) {
    const path = `${folder}${sep}${entry.name}`;
    if (entry.isDirectory) walk(found, { folder: path, depth: depth + 1, folders });
    else if (entry.name.endsWith(".jsonl")) take(found, { path, depth, folders });
    else if (entry.isSymlink && isFolder(path)) {
      walk(found, { folder: path, depth: depth + 1, folders });
    }
  }
}

function take(
  found: Discovery,
  at: { path: string; depth: number; folders: Set<string> },
): void {
  const { path, depth, folders } = at;
  try {
    const stat = Deno.statSync(path);
    if (stat.isDirectory) return walk(found, { folder: path, depth: depth + 1, folders });
    if (!stat.isFile) return refuse(found, path, "it is not a file");
    found.files.push({
      path,
      inode: stat.ino ?? 0,
      size: stat.size,
      mtimeMs: stat.mtime?.getTime() ?? 0,
    });
  } catch (error) {
    found.unreadable.push(path);
    refuse(found, path, failureReason(error));
  }
}

function withoutAliases(files: TranscriptFile[]): TranscriptFile[] {
  const seen = new Map<number, TranscriptFile[]>();
  return files.filter((file) => {
    const alike = seen.get(file.inode);
    if (file.inode === 0) return true;
    if (alike === undefined) return seen.set(file.inode, [file]);
    if (alike.some(({ size, mtimeMs }) => size === file.size && mtimeMs === file.mtimeMs)) {
      return false;
    }
    return alike.push(file);
  });
}

function refuse(found: Discovery, path: string, why: string): void {
  found.problems.push({ path, message: `Cannot read ${path}: ${why}` });
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
