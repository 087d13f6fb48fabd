/**
 * A stretch of a file in memory. `text` is its bytes as Latin-1, so that a string's index is the byte's offset; what is
 * kept is decoded from `bytes`, since a slice of `text` would hold the whole of it in memory.
 */
export interface Chunk {
  text: string;
  bytes: Uint8Array;
  /** Where in the file the chunk begins. */
  base: number;
}

const decoder = new TextDecoder();

/** The characters that stand at [start, end) in a chunk. */
export function decode(chunk: Chunk, start: number, end: number): string {
  return decoder.decode(chunk.bytes.subarray(start, end));
}

const COMMA = 44;
const COLON = 58;
const BRACKET = 91;
const BRACKET_END = 93;
const BRACE_END = 125;

/**
 * Whether a stretch of a line belongs to one record and, of a message's content, to one block. Objects begin where JSON
 * lets them: anything else is a record that was written into the middle of another.
 */
export function isWhole(text: string, start: number, end: number): boolean {
  for (let at = text.indexOf('{"', start); at >= 0 && at < end; at = text.indexOf('{"', at + 2)) {
    const before = text.charCodeAt(at - 1);
    if (before === COLON || before === BRACKET) continue;
    if (endsString(text.charCodeAt(at + 2))) continue;
    if (before !== COMMA) return false;
    if (text.startsWith('"type":"', at + 1) || text.startsWith('"tool_use_id":', at + 1)) {
      return false;
    }
  }
  return true;
}

/** Whether a quote before the character ends a string, rather than begins a key. */
function endsString(next: number): boolean {
  return next === COMMA || next === BRACKET_END || next === BRACE_END || next === COLON;
}
