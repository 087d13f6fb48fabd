/** Raised whenever reading the same bytes gives other facts; every file is then read anew. */
export const PARSER_VERSION = 1;

/** How many bytes before the offset the tail hash covers, at most. */
export const TAIL_BYTES = 1024;

/** How far a file was read, and by what it is recognised. */
export interface TranscriptCursor {
  inode: number;
  size: number;
  mtimeMs: number;
  /** The byte after the last complete line that was read. */
  offset: number;
  /** A hash of the bytes before the offset. */
  tailHash: number;
  parserVersion: number;
}

/** What a file looks like from outside. */
export interface FileStamp {
  inode: number;
  size: number;
  mtimeMs: number;
}

/** Whether a file looks just as it did when it was read. */
export function isUnchanged(cursor: TranscriptCursor, stamp: FileStamp): boolean {
  return cursor.parserVersion === PARSER_VERSION && cursor.inode === stamp.inode &&
    cursor.size === stamp.size && cursor.mtimeMs === stamp.mtimeMs;
}

/** Hashes the bytes before an offset: 32-bit FNV-1a. */
export function hashTail(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash >>> 0;
}
