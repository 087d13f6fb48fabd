/** The hash of nothing, which {@linkcode mixFnv} starts from. */
export const FNV_START = 0x811c9dc5;

const PRIME = 0x01000193;

/** One step of a 32-bit FNV-1a hash: takes a byte up, or any other 32-bit number. The result is signed. */
export function mixFnv(hash: number, value: number): number {
  return Math.imul(hash ^ value, PRIME);
}

/**
 * The 32-bit FNV-1a hash of a text's UTF-16 code units.
 *
 * @param start The hash of what comes before it, if anything does.
 */
export function hashText(text: string, start: number = FNV_START): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash >>> 0;
}

/** The 32-bit FNV-1a hash of bytes. */
export function hashBytes(bytes: Uint8Array): number {
  let hash = FNV_START;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], PRIME);
  return hash >>> 0;
}
