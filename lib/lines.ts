const BLANK = /\s+/g;

/**
 * Hashes each line of a text, whitespace ignored, so that the same line has one hash wherever it stands and however
 * it is indented.
 *
 * @returns One 32-bit FNV-1a hash a line; 0 for a blank line.
 */
export function hashLines(text: string): Uint32Array {
  const lines = text.split("\n");
  return Uint32Array.from(lines, hashLine);
}

/** The hash that {@linkcode hashLines} gives a single line. */
export function hashLine(line: string): number {
  const dense = line.replace(BLANK, "");
  if (dense === "") return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < dense.length; i++) {
    hash = Math.imul(hash ^ dense.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) || 1;
}
