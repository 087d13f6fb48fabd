import { basename } from "node:path";
import type { StoredFile } from "../store/transcript_files.ts";
import { isUnchanged } from "../transcripts/cursor.ts";
import type { Discovery, TranscriptFile } from "../transcripts/discover.ts";

/** A file that has to be read. */
export interface Work {
  path: string;
  known: StoredFile | null;
  /** About how many bytes there are to read. */
  bytes: number;
}

/** What the index step has to do. */
export interface IndexPlan {
  /** Newest first. */
  work: Work[];
  /** Files that are known under another path. */
  moved: { id: number; path: string }[];
  /** Files that had been gone. */
  back: number[];
  /** Files that are gone now. */
  gone: number[];
}

/** Compares what was found with what is known. */
export function planIndexing(
  discovery: Discovery,
  stored: readonly StoredFile[],
  options: { rebuild: boolean },
): IndexPlan {
  const plan: IndexPlan = { work: [], moved: [], back: [], gone: [] };
  const found = new Set(discovery.files.map(({ path }) => path));
  const byPath = new Map(stored.map((file) => [file.path, file]));
  const missing = stored.filter(({ path }) => !found.has(path));
  const left = new Map(missing.map((file) => [likeness(file.path, file.cursor), file]));
  const work: (Work & { mtimeMs: number })[] = [];
  for (const file of discovery.files) {
    let known = byPath.get(file.path) ?? null;
    if (known === null) {
      const before = left.get(likeness(file.path, file));
      if (before !== undefined) {
        left.delete(likeness(file.path, file));
        plan.moved.push({ id: before.id, path: file.path });
        known = { ...before, path: file.path };
      }
    }
    if (known !== null && isUnchanged(known.cursor, file) && !options.rebuild) {
      if (known.goneAt !== null && byPath.has(file.path)) plan.back.push(known.id);
    } else {
      work.push({
        path: file.path,
        known,
        bytes: bytesLeft(known, file, options),
        mtimeMs: file.mtimeMs,
      });
    }
  }
  const moved = new Set(plan.moved.map(({ id }) => id));
  for (const file of missing) {
    if (file.goneAt !== null || moved.has(file.id)) continue;
    if (!discovery.unreadable.some((folder) => file.path.startsWith(folder))) {
      plan.gone.push(file.id);
    }
  }
  plan.work = work.sort((a, b) => b.mtimeMs - a.mtimeMs);
  return plan;
}

function likeness(
  path: string,
  { inode, size, mtimeMs }: { inode: number; size: number; mtimeMs: number },
): string {
  return inode === 0 ? `\0${path}` : `${basename(path)}\0${inode}\0${size}\0${mtimeMs}`;
}

function bytesLeft(
  known: StoredFile | null,
  file: TranscriptFile,
  options: { rebuild: boolean },
): number {
  const offset = options.rebuild ? 0 : known?.cursor.offset ?? 0;
  return file.size >= offset ? file.size - offset : file.size;
}
