import { join } from "node:path";
import { failureReason } from "../text/errors.ts";
import type { Discovery } from "./reader.ts";

/** Folders nest a few levels; a deeper one is a loop or a mistake. */
const MAX_DEPTH = 12;

/** Which files of a folder are sources. */
export interface FileChoice {
  /** Whether a file is a source, by its name and by the folder that holds it. */
  accepts(name: string, folder: string): boolean;
  /** Whether to look into a folder, by its name and by the folder that holds it. @default {every folder} */
  enters?(name: string, folder: string): boolean;
  /** The source's key and identity. @default {the path; inode and name} */
  keys?(file: FoundFile): { key: string; identity: string | null };
}

/** A file that was found, as it looks from outside. */
export interface FoundFile {
  path: string;
  name: string;
  /** 0 where the system tells none. */
  inode: number;
  size: number;
  modifiedAt: number;
}

/**
 * Finds the sources that are files, below folders of which any may not exist (that costs one `stat`).
 *
 * A file that several paths reach counts once, under its own path rather than a link's.
 */
export function findFiles(folders: readonly string[], choice: FileChoice): Discovery {
  const walk = new Walk(choice);
  for (const folder of folders) if (pathExists(folder)) walk.folder(folder, 0);
  return walk.discovery();
}

class Walk {
  readonly #choice: FileChoice;
  readonly #files: FoundFile[] = [];
  readonly #found: Discovery = { sources: [], problems: [], unreadable: [] };
  /** Folders that were walked, by device and inode: links may lead in circles. */
  readonly #walked = new Set<string>();

  constructor(choice: FileChoice) {
    this.#choice = choice;
  }

  folder(folder: string, depth: number): void {
    if (depth > MAX_DEPTH) return this.#refuse(folder, "it is nested too deeply");
    let entries: Deno.DirEntry[];
    try {
      const { dev, ino } = Deno.statSync(folder);
      const identity = ino ? `${dev}:${ino}` : Deno.realPathSync(folder);
      if (this.#walked.has(identity)) return;
      this.#walked.add(identity);
      entries = [...Deno.readDirSync(folder)].sort(linksLast);
    } catch (error) {
      this.#found.unreadable.push(folder);
      return this.#refuse(folder, failureReason(error));
    }
    for (const entry of entries) this.#entry(folder, entry, depth);
  }

  discovery(): Discovery {
    this.#files.sort((a, b) => a.path < b.path ? -1 : 1);
    const seen = new Set<string>();
    for (const file of this.#files) {
      const { path, inode, size, modifiedAt } = file;
      const stamp = `${inode}:${size}:${modifiedAt}`;
      if (inode !== 0 && seen.has(stamp)) continue;
      seen.add(stamp);
      const keys = this.#choice.keys?.(file) ??
        { key: path, identity: inode === 0 ? null : `${inode}:${file.name}` };
      this.#found.sources.push({ ...keys, path, stamp, bytes: size, modifiedAt });
    }
    this.#found.sources.sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
    return this.#found;
  }

  #entry(folder: string, entry: Deno.DirEntry, depth: number): void {
    const { name, isDirectory, isSymlink } = entry;
    const { accepts, enters } = this.#choice;
    const path = join(folder, name);
    const wanted = !isDirectory && accepts(name, folder);
    if (!wanted && !isDirectory && !isSymlink) return;
    if (!wanted && enters !== undefined && !enters(name, folder)) return;
    if (isDirectory) return this.folder(path, depth + 1);
    try {
      const stat = Deno.statSync(path);
      if (stat.isDirectory) {
        if (enters === undefined || enters(name, folder)) this.folder(path, depth + 1);
      } else if (wanted && !stat.isFile) {
        this.#refuse(path, "it is not a file");
      } else if (wanted) {
        const { ino, size, mtime } = stat;
        this.#files.push({ path, name, inode: ino ?? 0, size, modifiedAt: mtime?.getTime() ?? 0 });
      }
    } catch (error) {
      if (!wanted) return;
      this.#found.unreadable.push(path);
      this.#refuse(path, failureReason(error));
    }
  }

  #refuse(path: string, why: string): void {
    this.#found.problems.push({ path, message: `Cannot read ${path}: ${why}` });
  }
}

/** What a link leads to is found under its own name, if that is below the same folder. */
function linksLast(a: Deno.DirEntry, b: Deno.DirEntry): number {
  return Number(a.isSymlink) - Number(b.isSymlink) || (a.name < b.name ? -1 : 1);
}

/** Whether anything stands at a path, a link that leads nowhere included. */
export function pathExists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
