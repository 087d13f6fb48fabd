const MAGIC = 0xfd2fb528;
/** Frames that hold no data have a number of these sixteen. */
const SKIPPABLE = 0x184d2a50;
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const RLE = 1;

/**
 * Splits what zstd compressed into its frames: decompressing gives the first one and says nothing of others.
 *
 * @returns The frames with data in their order; the last one may be cut short. None if it is not zstd's.
 */
export function zstdFrames(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: Uint8Array[] = [];
  for (let start = 0; start + 8 <= bytes.length;) {
    const magic = view.getUint32(start, true);
    if ((magic & ~15) >>> 0 === SKIPPABLE) {
      start += 8 + view.getUint32(start + 4, true);
      continue;
    }
    if (magic !== MAGIC) break;
    const end = frameEnd(view, start);
    frames.push(bytes.subarray(start, end));
    start = end;
  }
  return frames;
}

/** Where the frame ends that begins at `start`, or the bytes do (RFC 8878, section 3.1.1). */
function frameEnd(view: DataView, start: number): number {
  const descriptor = view.getUint8(start + 4);
  const single = (descriptor >> 5 & 1) === 1;
  let at = start + 5 + (single ? 0 : 1) + DICTIONARY_BYTES[descriptor & 3] +
    (CONTENT_SIZE_BYTES[descriptor >> 6] || (single ? 1 : 0));
  while (at + 3 <= view.byteLength) {
    const header = view.getUint16(at, true) | view.getUint8(at + 2) << 16;
    at += 3 + ((header >> 1 & 3) === RLE ? 1 : header >> 3);
    if ((header & 1) === 1) return Math.min(view.byteLength, at + (descriptor >> 2 & 1) * 4);
  }
  return view.byteLength;
}
