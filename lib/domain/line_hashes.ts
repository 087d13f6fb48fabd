/** Letters and digits that a line needs to say anything of its own: `}`, `else {` and `return;` have fewer. */
const DISTINCTIVE_CHARS = 8;

const PRIME = 0x01000193;
const OFFSET = 0x811c9dc5;

const QUOTE = 34;
const APOSTROPHE = 39;
const COMMA = 44;
const SEMICOLON = 59;

/**
 * Hashes each line of a text, so that the same line has one hash wherever it stands and however it is formatted:
 * white space, the kind of quotes and a comma or semicolon at the end do not count.
 *
 * @returns One 32-bit hash a line; 0 for a line with nothing in it. {@linkcode isDistinctive} tells which prove something.
 */
export function hashLines(text: string): Uint32Array {
  const hashes: number[] = [];
  let start = 0;
  while (true) {
    const end = text.indexOf("\n", start);
    hashes.push(hashRange(text, { start, end: end === -1 ? text.length : end }));
    if (end === -1) return Uint32Array.from(hashes);
    start = end + 1;
  }
}

/** The hash that {@linkcode hashLines} gives a single line. */
export function hashLine(line: string): number {
  return hashRange(line, { start: 0, end: line.length });
}

/** Tells by its hash whether a line has letters and digits enough to be worth comparing. */
export function isDistinctive(hash: number): boolean {
  return (hash & 1) === 1;
}

/** The hash of the line that stands at [start, end) in a text. */
export function hashRange(
  text: string,
  { start, end }: { start: number; end: number },
): number {
  let hash = OFFSET;
  let before = OFFSET;
  let chars = 0;
  let word = 0;
  for (let i = start; i < end; i++) {
    let code = text.charCodeAt(i);
    if (code <= 32 || code === 0xa0 || code === 0xfeff) continue;
    if (code === APOSTROPHE) code = QUOTE;
    if (code !== COMMA && code !== SEMICOLON) before = 0;
    else if (before === 0) before = hash;
    hash = Math.imul(hash ^ code, PRIME);
    chars++;
    if (isWordCode(code)) word++;
  }
  if (chars === 0) return 0;
  if (before !== 0) hash = before;
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  const even = (mixed ^ (mixed >>> 13)) & ~1;
  return ((word >= DISTINCTIVE_CHARS ? even | 1 : even) >>> 0) || 2;
}

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) ||
    code > 127;
}
