import type { EditLines } from "../domain/session_events.ts";
import { hashLines, hashRange } from "../domain/line_hashes.ts";

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

const PLUS = 43;
const MINUS = 45;

/** The lines of a unified diff of one file, which are whole ones; its header may be missing. */
export function diffLines(diff: string): EditLines {
  const added: number[] = [];
  const removed: number[] = [];
  const header = diff.startsWith("@@") ? 0 : diff.indexOf("\n@@") + 1;
  for (let start = header; start < diff.length;) {
    const newline = diff.indexOf("\n", start);
    const end = newline < 0 ? diff.length : newline;
    const sign = diff.charCodeAt(start);
    if (sign === PLUS) added.push(hashRange(diff, { start: start + 1, end }));
    else if (sign === MINUS) removed.push(hashRange(diff, { start: start + 1, end }));
    start = end + 1;
  }
  return { added: Uint32Array.from(added), removed: Uint32Array.from(removed) };
}

/** The lines of an edit but for those that other edits wrote or replaced. */
export function withoutLines(lines: EditLines, others: readonly EditLines[]): EditLines {
  const rest = (key: "added" | "removed") => {
    const counts = new Map<number, number>();
    for (const other of others) {
      for (const hash of other[key]) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    }
    return lines[key].filter((hash) => {
      const left = counts.get(hash) ?? 0;
      counts.set(hash, left - 1);
      return left <= 0;
    });
  };
  return { added: rest("added"), removed: rest("removed") };
}
