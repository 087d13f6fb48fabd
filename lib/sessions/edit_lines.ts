import type { EditLines } from "../domain/session_events.ts";
import { hashLines } from "../domain/line_hashes.ts";

/** The lines of a replacement, without those that both texts have. */
export function replacedLines(before: string, after: string): EditLines {
  const removed = hashLines(before);
  const added = hashLines(after);
  if (before === "") return { added, removed: new Uint32Array() };
  return without(added, removed);
}

/** The lines of a text that a tool wrote as a whole. */
export function writtenLines(content: string): EditLines {
  return { added: hashLines(content), removed: new Uint32Array() };
}

/** The lines that one text has and the other has not, whatever their order. */
export function textChanges(before: string, after: string): EditLines {
  return without(hashLines(after), hashLines(before));
}

function without(added: Uint32Array, removed: Uint32Array): EditLines {
  const left = new Map<number, number>();
  for (const hash of removed) left.set(hash, (left.get(hash) ?? 0) + 1);
  const onlyAdded = added.filter((hash) => {
    const count = left.get(hash) ?? 0;
    if (count > 0) left.set(hash, count - 1);
    return count === 0;
  });
  const onlyRemoved = removed.filter((hash) => {
    const count = left.get(hash) ?? 0;
    if (count > 0) left.set(hash, count - 1);
    return count > 0;
  });
  return { added: onlyAdded, removed: onlyRemoved };
}
