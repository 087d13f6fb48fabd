import { Buffer } from "node:buffer";

/** A buffer of node's, with the one of its methods that its published type leaves out. */
export type ByteBuffer = Buffer & { latin1Slice(start: number, end: number): string };

/** A buffer of its own memory, which holds whatever it holds. */
export function allocate(size: number): ByteBuffer {
  return Buffer.allocUnsafeSlow(size) as ByteBuffer;
}

/** A chunk before the first one. */
export const NO_CHUNK: Chunk = { text: "", bytes: allocate(0), base: 0 };

/**
 * A stretch of a file in memory. `text` is its bytes as Latin-1, so that a string's index is the byte's offset; what is
 * kept is decoded from `bytes`, since a slice of `text` would hold the whole of it in memory.
 */
export interface Chunk {
  text: string;
  bytes: ByteBuffer;
  /** Where in the file the chunk begins. */
  base: number;
}

const decoder = new TextDecoder();

/** The characters that stand at [start, end) in a chunk. */
export function decode(chunk: Chunk, start: number, end: number): string {
  return decoder.decode(chunk.bytes.subarray(start, end));
}

/** The bytes at [start, end) of a chunk as a string that does not hold the whole of it in memory. */
export function rawText(chunk: Chunk, start: number, end: number): string {
  return chunk.bytes.latin1Slice(start, end);
}

/** The bytes at [start, end) of a chunk, copied: the chunk's own are overwritten by the next. */
export function copyBytes(chunk: Chunk, start: number, end: number): Uint8Array {
  return new Uint8Array(chunk.bytes.subarray(start, end));
}

const COMMA = 44;
const COLON = 58;
const BRACKET = 91;
const BRACKET_END = 93;
const BRACE_END = 125;
const P = 112;

/**
 * Whether a stretch of a line belongs to one record. Objects begin where JSON lets them: anything else is a record that
 * was written into the middle of another.
 */
export function isOneRecord(text: string, start: number, end: number): boolean {
  for (let at = text.indexOf('{"', start); at >= 0 && at < end; at = text.indexOf('{"', at + 2)) {
    if (beginsRecord(text, at)) return false;
  }
  return true;
}

/** Whether a stretch of a message's content belongs to one record, and to one block of it. */
export function isOneBlock(text: string, start: number, end: number): boolean {
  for (let at = text.indexOf('{"', start); at >= 0 && at < end; at = text.indexOf('{"', at + 2)) {
    if (beginsRecord(text, at)) return false;
    if (text.charCodeAt(at - 1) !== COMMA) continue;
    if (text.startsWith('"type":"', at + 1) || text.startsWith('"tool_use_id":', at + 1)) {
      return false;
    }
  }
  return true;
}

function beginsRecord(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at + 2);
  if (after === P && text.startsWith('parentUuid":', at + 2)) return true;
  return before !== COLON && before !== BRACKET && before !== COMMA && !endsString(after);
}

/** Whether a quote before the character ends a string, rather than begins a key. */
function endsString(next: number): boolean {
  return next === COMMA || next === BRACKET_END || next === BRACE_END || next === COLON;
}
